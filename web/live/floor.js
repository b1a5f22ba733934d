// The live calls of the company, each in a signal of its own: news of one call draws that call anew and nothing else.

import { batch, signal } from "../app/dom.js";
import { command, on } from "./connection.js";

/**
 * @typedef {{ _id: string, name: string, company?: string | null, phone?: string }} Customer
 * @typedef {{ _id: string, firstName: string, lastName: string }} Agent
 * @typedef {{ speaker: string, message: string }} Words
 * @typedef {{
 *   id: string, customer: Customer, status: string, phase: string | null, startTime: string, agent: Agent | null,
 *   words: Words | null, intent: string | null, score: number | null, waitingSince: string | null,
 *   ended: { result: string, outcome: string } | null,
 * }} Live
 */

/** How long a call that has ended stays to be seen, in milliseconds. */
const LINGERS = 4000;
/** How long news is gathered while nobody looks, in milliseconds. */
const HIDDEN = 500;

/** @type {Map<string, import("../vendor/signals.js").Signal<Live>>} */
const calls = new Map();

/** The ids, as they came; another list whenever one comes or goes. */
export const ids = signal(/** @type {string[]} */ ([]));
/** Rises when something changes by which calls are put in order or counted. */
export const changes = signal(0);
/** Whether it is known what lives. */
export const known = signal(false);
/** The figures of the day, as the server tells them. */
export const figures = signal(/** @type {{ totalCallsToday: number, activeCallsNow: number, availableAgents: number } | null} */ (null));

/** A call. @param {string} id */
export const live = (id) => calls.get(id);

/** All of them as they are now, without following what becomes of them. */
export const present = () => [...calls.values()].map((call) => call.peek());

/** A call of the interface as the floor shows it. @param {any} call @returns {Live} */
export function fromRecord(call) {
  const lines = call.transcript ?? [];
  const heard = lines.findLast((/** @type {any} */ line) => line.intent);
  const last = lines.at(-1);
  return {
    id: call._id,
    customer: call.customerId ?? { _id: "", name: "" },
    status: call.status,
    phase: call.phase ?? null,
    startTime: call.startTime,
    agent: call.assignedAgent ?? null,
    words: last ? { speaker: last.speaker, message: last.message } : null,
    intent: heard?.intent ?? null,
    score: heard?.score ?? null,
    waitingSince: call.status === "transferring" ? (call.handoffTime ?? null) : null,
    ended: null,
  };
}

function told() {
  ids.value = [...calls.keys()];
  changes.value++;
}

/** News that is drawn with the next frame, all of it at once. @type {(() => void)[]} */
let news = [];

/** @param {string} id @param {(call: Live) => Partial<Live>} change @param {boolean} counts */
function change(id, change, counts) {
  if (!news.length) soon();
  news.push(() => {
    const call = calls.get(id);
    if (!call) return;
    call.value = { ...call.peek(), ...change(call.peek()) };
    if (counts) changes.value++;
  });
}

/** Nobody looks at a hidden page, which has no frames. */
function soon() {
  if (document.hidden) setTimeout(draw, HIDDEN);
  else requestAnimationFrame(draw);
}

function draw() {
  const known = news;
  news = [];
  batch(() => known.forEach((one) => one()));
}
document.addEventListener("visibilitychange", draw);

on("active-calls", (data) => {
  // It holds what was news.
  news = [];
  batch(() => {
    const living = new Set(data.map((/** @type {any} */ call) => call._id));
    for (const id of calls.keys()) if (!living.has(id)) calls.delete(id);
    for (const call of data) {
      const shown = calls.get(call._id);
      if (shown) shown.value = fromRecord(call);
      else calls.set(call._id, signal(fromRecord(call)));
    }
    known.value = true;
    told();
    command("request-statistics").catch(() => {});
  });
});

on("user-changed", () => {
  news = [];
  batch(() => {
    calls.clear();
    known.value = false;
    figures.value = null;
    told();
  });
});

on("call-started", (data) => {
  if (calls.has(data.callId)) return;
  const customer = { _id: data.customerId, name: data.customerName, company: data.customerCompany };
  calls.set(data.callId, signal(fromRecord({ ...data, _id: data.callId, customerId: customer, transcript: [] })));
  told();
});

on("call-updated", (data) =>
  change(
    data.callId,
    (call) => ({
      status: data.status,
      agent: data.assignedAgent ?? null,
      waitingSince: data.status === "transferring" ? (call.waitingSince ?? data.handoffTime ?? null) : null,
    }),
    true,
  ),
);

on("call-status-changed", (data) => change(data.callId, () => ({ status: data.status }), true));

on("call-progress", (data) =>
  change(
    data.callId,
    (call) => ({
      phase: data.phase ?? call.phase,
      words: data.message ? { speaker: data.speaker, message: data.message } : call.words,
      intent: data.intent ?? call.intent,
      score: data.intent ? (data.score ?? null) : call.score,
    }),
    false,
  ),
);

on("call-ended", (data) => {
  change(data.callId, () => ({ ended: { result: data.result, outcome: data.outcome } }), true);
  setTimeout(() => forget(data.callId), LINGERS);
});

/** @param {string} id */
function forget(id) {
  if (calls.get(id)?.peek().ended && calls.delete(id)) told();
}

on("statistics-update", (data) => {
  figures.value = data;
});
