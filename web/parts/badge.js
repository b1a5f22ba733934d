// States as small signs: a colour and always a word.

import { html } from "../app/dom.js";
import { named, w } from "../app/words.js";
import { percent } from "../app/format.js";

/** @type {Record<string, string>} */
const CALLS = { initiated: "still", "ai-responding": "ai", transferring: "wait", "human-connected": "human", completed: "still", failed: "bad" };
/** @type {Record<string, string>} */
const AGENTS = { available: "human", "on-call": "ai", busy: "wait", offline: "still" };
/** @type {Record<string, string>} */
const RESULTS = { success: "human", absent: "still", rejected: "bad", follow_up: "wait", failed: "bad" };
/** @type {Record<string, string>} */
const OUTCOMES = { 成功: "success", 不在: "absent", 拒否: "rejected", 要フォロー: "follow_up", 失敗: "failed" };

/** @param {{ tone: string, children?: any }} props */
export const Badge = ({ tone, children }) => html`<span class=${`badge ${tone}`}><i aria-hidden="true"></i>${children}</span>`;

/** @param {{ status: string }} props */
export const CallState = ({ status }) => html`<${Badge} tone=${CALLS[status] ?? "still"}>${named(w().status, status)}<//>`;

/** @param {{ status: string }} props */
export const AgentState = ({ status }) => html`<${Badge} tone=${AGENTS[status] ?? "still"}>${named(w().availability, status)}<//>`;

/** @param {{ outcome?: string | null, result?: string | null }} props */
export function Result({ outcome, result }) {
  const word = outcome ?? OUTCOMES[result ?? ""] ?? result;
  return word ? html`<${Badge} tone=${RESULTS[word] ?? "still"}>${named(w().outcome, word)}<//>` : html`<span class="none">–</span>`;
}

/** What was understood, and how surely. @param {{ intent: string | null | undefined, score?: number | null }} props */
export const Intent = ({ intent, score }) =>
  intent
    ? html`<span class="intent"><span>${named(w().intent, intent)}</span>${
        score != null && html`<span class="score" title=${w().call.sure}>${percent(score)}</span>`
      }</span>`
    : null;
