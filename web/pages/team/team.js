// The team: what everybody is doing, since when, with whom; and their state, which a supervisor may change.

import { html } from "../../app/dom.js";
import { api, sentence } from "../../app/api.js";
import { dialled, nameOf, number, span } from "../../app/format.js";
import { w } from "../../app/words.js";
import { figures, live, ids } from "../../live/floor.js";
import { askForTeam, changeMember, failed, team } from "../../live/team.js";
import { AgentState } from "../../parts/badge.js";
import { Elapsed } from "../../parts/elapsed.js";
import { Loaded } from "../../parts/lists.js";
import { Table } from "../../parts/table.js";
import { tell } from "../../parts/toasts.js";
import { secondsUntil } from "../../live/clock.js";

/** @type {Record<string, number>} */
const ORDER = { "on-call": 0, available: 1, busy: 2, offline: 3 };
const CHOICES = /** @type {const} */ (["available", "busy", "offline"]);

export function Team() {
  const members = team.value;
  // The calls' names come and go with the calls.
  ids.value;
  const shown = [...(members ?? [])].sort(
    (one, other) => (ORDER[one.status?.status ?? "offline"] ?? 9) - (ORDER[other.status?.status ?? "offline"] ?? 9) || nameOf(one.user).localeCompare(nameOf(other.user), "ja"),
  );
  const count = (/** @type {string} */ status) => shown.filter((member) => member.settings?.phoneNumber && (member.status?.status ?? "offline") === status).length;
  return html`<div class="page wide">
    <h1>${w().nav.team}</h1>
    <dl class="counters">
      ${Object.keys(ORDER).map((status) => html`<div key=${status}><dt>${w().availability[/** @type {"busy"} */ (status)]}</dt><dd>${number(count(status))}</dd></div>`)}
      <div><dt>${w().wall.free}</dt><dd>${figures.value ? number(figures.value.availableAgents) : "–"}</dd></div>
    </dl>
    <${Loaded} loading=${!members} failed=${members ? "" : failed.value} empty=${!shown.length} again=${askForTeam.now}>
      <${Table} label=${w().nav.team}>
        <thead><tr><th scope="col">${w().fields.name}</th><th scope="col">${w().fields.status}</th><th scope="col">${w().team.since}</th><th scope="col">${w().team.call}</th>
          <th scope="col">${w().fields.phone}</th><th scope="col">${w().team.skills}</th><th scope="col" class="number">${w().team.handled}</th><th scope="col" class="number">${w().team.response}</th><th scope="col">${w().team.change}</th></tr></thead>
        <tbody>${shown.map((member) => html`<${Row} key=${member.user._id} member=${member} />`)}</tbody>
      <//>
    <//>
  </div>`;
}

/** @param {{ member: import("../../live/team.js").Member }} props */
function Row({ member: { user, settings, status } }) {
  const doing = status?.status ?? "offline";
  const call = status?.currentCallId ? live(status.currentCallId)?.value : null;
  const change = async (/** @type {any} */ event) => {
    const wish = event.currentTarget.value;
    try {
      const changed = await api("PUT", `/api/agents/${user._id}/status`, { body: { status: wish } });
      changeMember(user._id, () => ({ status: changed.status }));
      tell(w().team.changed(nameOf(user), w().availability[/** @type {"busy"} */ (wish)]));
    } catch (error) {
      tell(sentence(error), "bad");
    }
  };
  const wraps = status?.wrapUpUntil && secondsUntil(status.wrapUpUntil) > 0;
  return html`<tr data-user=${user._id}>
    <th scope="row">${nameOf(user)}<small>${w().role[/** @type {"agent"} */ (user.role)] ?? user.role}</small></th>
    <td><${AgentState} status=${doing} />${wraps && html` <span class="chip wait">${w().desk.wrapUp}</span>`}${settings && !settings.isAvailable && html` <span class="chip">${w().team.takesNone}</span>`}</td>
    <td>${status?.lastActivity ? html`<${Elapsed} since=${status.lastActivity} />` : "–"}</td>
    <td>${status?.currentCallId ? html`<a href=${`/calls/${status.currentCallId}`}>${call?.customer.name || w().nav.call}</a><small>${call?.customer.company ?? ""}</small>` : "–"}</td>
    <td class="tabular">${dialled(settings?.phoneNumber) || html`<span class="none">${w().team.noPhone}</span>`}</td>
    <td>${[...(settings?.skills ?? []), ...(settings?.languages ?? [])].map((/** @type {string} */ skill) => html`<span class="chip" key=${skill}>${skill}</span>`)}</td>
    <td class="number">${number(status?.totalCallsHandled ?? 0)}</td>
    <td class="number">${status?.averageResponseTime ? span(status.averageResponseTime) : "–"}</td>
    <td>${settings?.phoneNumber && html`<select aria-label=${w().team.changeOf(nameOf(user))} value=${doing} onChange=${change}>
      ${doing === "on-call" && html`<option value="on-call" selected disabled>${w().availability["on-call"]}</option>`}
      ${CHOICES.map((word) => html`<option key=${word} value=${word} selected=${word === doing}>${w().availability[word]}</option>`)}</select>`}</td>
  </tr>`;
}
