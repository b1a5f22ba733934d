// What whoever has signed in is doing, as an agent: their state, their call, and the hand-over that arrives for them.

import { signal } from "../app/dom.js";
import { api } from "../app/api.js";
import { persistent } from "../app/retry.js";
import { session } from "../app/session.js";
import { on } from "./connection.js";

/**
 * @typedef {{ status: string, isAvailable: boolean, currentCallId: string | null, wrapUpUntil: string | null }} Doing
 */

/** What I am doing; null before it is known. */
export const doing = signal(/** @type {Doing | null} */ (null));
/** My settings; null before they are known, or when there are none. */
export const settings = signal(/** @type {any} */ (null));
/** The call with which my telephone rings. */
export const arriving = signal(/** @type {{ callId: string, since: number } | null} */ (null));
/** The call that I had last, until it is put aside. */
export const lastCall = signal(/** @type {string | null} */ (null));

const me = () => session.value?.user.id ?? "";

/** Asks what I am doing. */
export const askWhatIDo = persistent(
  () => api("GET", "/api/agents/profile"),
  (profile) => {
    settings.value = profile.settings;
    put({
      status: profile.status?.status ?? "offline",
      isAvailable: profile.settings?.isAvailable ?? false,
      currentCallId: profile.status?.currentCallId ?? null,
      wrapUpUntil: profile.status?.wrapUpUntil ?? null,
    });
  },
);

/** @param {Partial<Doing>} change */
export function put(change) {
  const before = doing.value ?? { status: "offline", isAvailable: false, currentCallId: null, wrapUpUntil: null };
  const next = { ...before, ...change };
  if (next.currentCallId) {
    lastCall.value = next.currentCallId;
    if (arriving.value?.callId === next.currentCallId) arriving.value = null;
  }
  doing.value = next;
}

/** Sets what I do. @param {{ status?: string, isAvailable?: boolean }} wish */
export async function wish(wish) {
  const { status, isAvailable } = await api("PUT", "/api/agents/status", { body: wish });
  put({ status: status.status, isAvailable, currentCallId: status.currentCallId, wrapUpUntil: status.wrapUpUntil ?? null });
}

on("user-changed", () => {
  doing.value = null;
  settings.value = null;
  arriving.value = null;
  lastCall.value = null;
});

on("active-calls", (calls) => {
  askWhatIDo();
  const mine = calls.find((/** @type {any} */ call) => call.status === "transferring" && call.assignedAgent?._id === me());
  arriving.value = mine ? (arriving.peek()?.callId === mine._id ? arriving.peek() : { callId: mine._id, since: Date.now() }) : null;
});
on("agent-status-changed", (data) => data.userId === me() && put({ status: data.status, isAvailable: data.isAvailable, currentCallId: data.currentCallId, wrapUpUntil: data.wrapUpUntil }));
on("call-handoff-initiated", (data) => {
  if (data.agentId === me()) arriving.value = { callId: data.callId, since: Date.now() };
  else passed(data.callId);
});
on("call-being-handled", (data) => passed(data.callId));
on("handoff-failed", (data) => passed(data.callId));
on("call-ended", (data) => passed(data.callId));

/** @param {string} call */
function passed(call) {
  if (arriving.value?.callId === call) arriving.value = null;
}
