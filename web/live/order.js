// In which order the calls stand: pure, and slow to change, so that nothing jumps away under the mouse.

/** @typedef {import("./floor.js").Live} Live */

/** What needs somebody first comes first. @type {Record<string, number>} */
const URGENCY = { transferring: 0, "human-connected": 2, "ai-responding": 1, initiated: 3 };

/** @type {Record<string, (one: Live, other: Live) => number>} */
export const ORDERS = {
  urgency: (one, other) => (URGENCY[one.status] ?? 4) - (URGENCY[other.status] ?? 4) || older(one, other),
  longest: (one, other) => older(one, other),
  newest: (one, other) => older(other, one),
  customer: (one, other) => one.customer.name.localeCompare(other.customer.name, "ja") || older(one, other),
};

/** @param {Live} one @param {Live} other */
function older(one, other) {
  return one.startTime < other.startTime ? -1 : one.startTime > other.startTime ? 1 : one.id < other.id ? -1 : 1;
}

/** @typedef {{ status: string, text: string, agent: string }} Filter */

/** Whether a call is looked for. @param {Live} call @param {Filter} filter */
export function fits(call, { status, text, agent }) {
  if (status && call.status !== status && !(call.ended && status === "")) return false;
  if (agent && call.agent?._id !== agent) return false;
  if (!text) return true;
  const looked = [call.customer.name, call.customer.company, call.customer.phone, call.agent?.lastName, call.agent?.firstName, call.words?.message];
  return looked.some((part) => part && plain(part).includes(plain(text)));
}

/** @param {string} text */
const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/\s/g, "");

/**
 * The ids in their order. While it is held, what is there keeps its place and what comes stands at the end.
 * @param {Live[]} calls @param {string} order @param {Filter} filter @param {string[]} before @param {boolean} held
 */
export function ordered(calls, order, filter, before, held) {
  const wanted = calls.filter((call) => fits(call, filter)).sort(ORDERS[order] ?? ORDERS.urgency);
  const ids = wanted.map((call) => call.id);
  if (!held) return ids;
  const there = new Set(ids);
  const stay = before.filter((id) => there.has(id));
  const kept = new Set(stay);
  return [...stay, ...ids.filter((id) => !kept.has(id))];
}
