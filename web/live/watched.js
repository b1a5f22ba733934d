// One call, followed while it is looked at: the record, what is being said at this moment, and its journal.

import { useEffect, useState } from "../app/dom.js";
import { api, asked, sentence } from "../app/api.js";
import { backoff, onBack } from "../app/retry.js";
import { on, watch } from "./connection.js";

/** How long news is gathered before the call is asked for again, in milliseconds. */
const GATHER = 150;
/** Pages of a journal. */
const PAGE = 500;
/** Which news change more than what was said. */
const CHANGES = new Set([
  "call-updated", "call-status-changed", "call-ended", "handoff-initiated", "call-handoff-initiated", "handoff-failed",
  "call-being-handled", "recording-available", "conference-event", "transcript-update",
]);

/**
 * @typedef {{ call: any, journal: any[], partial: string, failed: string, missing: boolean, again: () => void }} Watched
 */

/** @param {string} id @returns {Watched} */
export function useWatched(id) {
  const [call, setCall] = useState(/** @type {any} */ (null));
  const [journal, setJournal] = useState(/** @type {any[]} */ ([]));
  const [partial, setPartial] = useState("");
  const [failed, setFailed] = useState("");
  const [missing, setMissing] = useState(false);
  const [round, setRound] = useState(0);

  useEffect(() => {
    let gone = false;
    let due = 0;
    let tries = 0;
    let asking = false;
    let known = /** @type {any[]} */ ([]);

    async function ask() {
      clearTimeout(due);
      due = 0;
      if (asking) return soon();
      asking = true;
      try {
        const [record, entries] = await Promise.all([api("GET", `/api/calls/${id}`), journalAfter(id, known)]);
        if (gone) return;
        tries = 0;
        known = entries;
        setCall(record);
        setJournal(entries);
        setFailed("");
        setMissing(false);
      } catch (error) {
        if (gone) return;
        const absent = /** @type {any} */ (error)?.status === 404;
        setMissing(absent);
        setFailed(sentence(error));
        if (absent) return;
        // The news that it was asked for may have been the last.
        clearTimeout(due);
        due = setTimeout(ask, backoff(tries++));
      } finally {
        asking = false;
      }
    }
    function soon() {
      clearTimeout(due);
      due = setTimeout(ask, GATHER);
    }

    ask();
    const offs = [
      on("call-details", (data) => {
        if (data._id !== id) return;
        setCall(data);
        soon();
      }),
      on("partial-transcript", (data) => data.callId === id && setPartial(data.text)),
      on("transcript-update", (data) => {
        if (data.callId !== id) return;
        if (data.speaker === "customer") setPartial("");
        setCall((/** @type {any} */ before) => (before ? { ...before, transcript: withLine(before.transcript, data) } : before));
      }),
      on("*", ({ event, data }) => CHANGES.has(event) && data?.callId === id && soon()),
      on("active-calls", soon),
      onBack(() => {
        tries = 0;
        if (due) ask();
      }),
    ];
    return () => {
      gone = true;
      clearTimeout(due);
      offs.forEach((off) => off());
    };
  }, [id, round]);

  const over = Boolean(call) && isOver(call.status);
  const absent = missing && !call;
  useEffect(() => (over || absent ? undefined : watch(id)), [id, over, absent]);
  return { call, journal, partial: over ? "" : partial, failed, missing, again: () => setRound((number) => number + 1) };
}

/** @param {string} status */
export const isOver = (status) => status === "completed" || status === "failed";

/** @param {string} id @param {any[]} known */
async function journalAfter(id, known) {
  let entries = known;
  for (;;) {
    const from = (entries.at(-1)?.seq ?? 0) + 1;
    const { data } = await asked("GET", `/api/calls/${id}/events`, { query: { from, limit: PAGE } });
    if (data.length) entries = [...entries, ...data];
    if (data.length < PAGE) return entries;
  }
}

/** A line comes once, whether it was told or read first. @param {any[]} lines @param {any} line */
function withLine(lines, line) {
  const same = (/** @type {any} */ other) => other.timestamp === line.timestamp && other.speaker === line.speaker && other.message === line.message;
  return lines.slice(-8).some(same) ? lines : [...lines, line];
}
