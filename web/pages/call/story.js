// What a call's journal tells: pure functions from its entries to what is shown.

/**
 * @typedef {{ seq: number, at: string, event: any }} Entry
 * @typedef {{ model: string, millis: number, tokens?: { prompt: number, completion: number }, intent?: string, answer?: string,
 *   objection?: string, failure?: string, used?: boolean }} Advice what a language model said of a line
 * @typedef {{ intent: string, score: number, why: any[], advice?: Advice }} Understood
 * @typedef {{ stage: string, attempt: number, agent: string, since: string, reason: string }} Handover
 */

/** Where the hand-over is: the last that was asked for. @param {Entry[]} journal @returns {Handover | null} */
export function handover(journal) {
  let now = /** @type {any} */ (null);
  for (const { at, event } of journal) {
    if (event.type === "handoverRequested") now = { stage: "reserving", attempt: 0, agent: "", since: at, reason: event.reason };
    else if (!now) continue;
    else if (event.type === "agentReserved" || event.type === "takenOver") now = { ...now, agent: event.agent.name };
    else if (event.type === "handoverMoved") {
      const { at: stage, attempt = now.attempt, reason = now.reason } = event.stage;
      now = { ...now, stage, attempt, reason, since: at, agent: stage === "reserving" ? "" : now.agent };
    }
  }
  return now;
}

/** The hand-over is under way. @param {Handover | null} now */
export const isFetching = (now) => Boolean(now && ["reserving", "ringing", "briefing", "bridging"].includes(now.stage));

/** The phases that the talk has been through, each once, the present one last. @param {Entry[]} journal */
export function phases(journal) {
  /** @type {string[]} */
  const been = [];
  for (const { event } of journal) {
    if (event.type !== "said") continue;
    const phase = event.talk.phase;
    const place = been.indexOf(phase);
    if (place >= 0) been.splice(place, 1);
    been.push(phase);
  }
  return been;
}

/**
 * What was understood of each of the customer's lines, by the moment and the words.
 * @param {Entry[]} journal @returns {Map<string, Understood>}
 */
export function understood(journal) {
  const found = new Map();
  for (const { at, event } of journal) {
    if (event.type === "heard") found.set(lineKey(at, event.text), { intent: event.intent, score: event.score, why: event.why ?? [], advice: event.advice });
  }
  return found;
}

/** @param {string} at @param {string} text */
export const lineKey = (at, text) => `${at} ${text}`;

/** Whose call it is: who started it, or in whose name it is made. @param {Entry[]} journal */
export function owners(journal) {
  const [first] = journal;
  return first?.event.type === "created" ? [first.event.startedBy, first.event.agent].filter(Boolean) : [];
}

/** The supervision of somebody that is not over. @param {any} call @param {string | undefined} user */
export const supervision = (call, user) => call.supervision?.findLast((/** @type {any} */ one) => one.userId === user && !one.leftAt) ?? null;

/** What people want to know of what happened, in order. @param {Entry[]} journal */
export const milestones = (journal) => journal.filter(({ event }) => !HIDDEN.has(event.type) && !(event.type === "progressed" && event.leg !== "customer"));

/** What stands in the transcript, or concerns the machine alone. */
const HIDDEN = new Set(["heard", "said", "delivered", "transcribed", "spoke", "pressed", "intended", "settled", "agentLeaving", "briefingRepeated", "silent"]);
