// The team: who there is, what they are doing and since when. Supervisors see everybody, agents those who take hand-overs.

import { signal } from "../app/dom.js";
import { api, sentence } from "../app/api.js";
import { persistent } from "../app/retry.js";
import { isAtLeast } from "../app/session.js";
import { on } from "./connection.js";

/**
 * @typedef {{ _id: string, firstName: string, lastName: string, email: string, role: string, disabled: boolean }} Person
 * @typedef {{ status: string, currentCallId: string | null, lastActivity: string, totalCallsHandled: number,
 *   totalCallDuration: number, averageResponseTime: number, wrapUpUntil?: string | null }} Doing
 * @typedef {{ user: Person, settings: any, status: Doing | null, liveCalls?: number }} Member
 */

/** The team; null before it is known. */
export const team = signal(/** @type {Member[] | null} */ (null));

/** Why it is not; what was known before stays. */
export const failed = signal("");

/** Asks who there is. */
export const askForTeam = persistent(
  () => api("GET", isAtLeast("supervisor") ? "/api/agents" : "/api/agents/available"),
  (members) => {
    team.value = members.filter((/** @type {Member} */ member) => !member.user.disabled);
    failed.value = "";
  },
  (error) => (failed.value = sentence(error)),
);

on("user-changed", () => {
  team.value = null;
  failed.value = "";
});

/** Somebody of the team. @param {string | null | undefined} id */
export const member = (id) => team.value?.find(({ user }) => user._id === id) ?? null;

/** What somebody is doing has changed. @param {string} id @param {(member: Member) => Partial<Member>} change */
export function changeMember(id, change) {
  team.value = team.value?.map((member) => (member.user._id === id ? { ...member, ...change(member) } : member)) ?? null;
}

on("active-calls", askForTeam);

on("agent-status-changed", (data) => {
  if (team.value && !member(data.userId)) askForTeam();
  else changeMember(data.userId, (member) => ({
    settings: { ...member.settings, isAvailable: data.isAvailable },
    status: {
      ...{ totalCallsHandled: 0, totalCallDuration: 0, averageResponseTime: 0 },
      ...member.status,
      status: data.status,
      currentCallId: data.currentCallId,
      lastActivity: member.status?.status === data.status ? member.status?.lastActivity : data.timestamp,
      wrapUpUntil: data.wrapUpUntil,
    },
  }));
});
