// Something that is asked of the server for a component: loading, there, or failed; asked again when what it depends on changes.

import { useEffect, useState } from "./dom.js";
import { sentence } from "./api.js";

/**
 * @template T
 * @param {(signal: AbortSignal) => Promise<T>} ask
 * @param {unknown[]} depends
 */
export function useLoaded(ask, depends) {
  const [state, setState] = useState(/** @type {{ data: T | null, failed: string, loading: boolean }} */ ({ data: null, failed: "", loading: true }));
  const [round, setRound] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    setState((before) => ({ ...before, loading: true }));
    ask(abort.signal).then(
      (data) => abort.signal.aborted || setState({ data, failed: "", loading: false }),
      (error) => abort.signal.aborted || setState((before) => ({ data: before.data, failed: sentence(error), loading: false })),
    );
    return () => abort.abort();
  }, [...depends, round]);
  return { ...state, again: () => setRound((number) => number + 1), put: (/** @type {T} */ data) => setState({ data, failed: "", loading: false }) };
}
