// A form that asks the server: what is wrong stands beside its field, everything else above the buttons.

import { html, useState } from "../app/dom.js";
import { Problem, sentence } from "../app/api.js";
import { told, w } from "../app/words.js";
import { Icon } from "./icon.js";

/**
 * @template {Record<string, any>} T
 * @param {T} first what stands in the fields in the beginning
 * @param {(values: T) => Promise<unknown>} send
 */
export function useForm(first, send) {
  const [values, setValues] = useState(first);
  const [failed, setFailed] = useState("");
  const [faults, setFaults] = useState(/** @type {Record<string, string>} */ ({}));
  const [busy, setBusy] = useState(false);
  const submit = async (/** @type {Event | undefined} */ event) => {
    event?.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailed("");
    setFaults({});
    try {
      await send(values);
    } catch (error) {
      // Of a field within another its own name counts.
      const details = error instanceof Problem ? error.details.map(({ field, message }) => ({ field: field.split(".").at(-1) ?? "", message })) : [];
      const beside = details.filter(({ field }) => field in values);
      setFaults(Object.fromEntries(beside.map(({ field, message }) => [field, message])));
      const rest = error instanceof Problem && beside.length && beside.length === error.details.length;
      setFailed(rest ? w().problem.fields : sentence(error));
    } finally {
      setBusy(false);
    }
  };
  /** @param {keyof T & string} name */
  const field = (name) => ({
    name,
    value: values[name],
    wrong: faults[name] && told(faults[name]),
    onInput: (/** @type {string} */ value) => setValues((before) => ({ ...before, [name]: value })),
  });
  /** @param {Partial<T>} some */
  const set = (some) => setValues((before) => ({ ...before, ...some }));
  return { values, set, field, submit, busy, failed };
}

/** @param {{ failed: string }} props */
export const Failed = ({ failed }) => (failed ? html`<p class="failed" role="alert"><${Icon} name="warn" /><span>${failed}</span></p>` : null);
