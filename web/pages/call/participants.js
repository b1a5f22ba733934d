// Who is and was on the call, and what may be done to them.

import { cls, html } from "../../app/dom.js";
import { api } from "../../app/api.js";
import { clock, nameOf } from "../../app/format.js";
import { isAtLeast, session } from "../../app/session.js";
import { w } from "../../app/words.js";
import { member } from "../../live/team.js";
import { Action } from "../../parts/button.js";

/** @param {{ call: any, journal: any[], again: () => void }} props */
export function Participants({ call, again }) {
  const supervises = isAtLeast("supervisor");
  const mine = call.assignedAgent?._id === session.value?.user.id;
  const inRoom = call.status === "human-connected";
  return html`<section class="panel">
    <h2>${w().call.participants}</h2>
    ${call.participants.length === 0 && html`<p class="none">${w().call.nobodyYet}</p>`}
    <ul class="parties">
      ${call.participants.map((/** @type {any} */ party, /** @type {number} */ place) => {
        const there = !party.leftAt;
        const steers = there && inRoom && party.callSid && party.role !== "ai" && (supervises || (mine && party.role === "customer"));
        const change = (/** @type {any} */ body) => async () => {
          await api("PATCH", `/api/calls/${call._id}/participants/${party.callSid}`, { body });
          again();
        };
        const name = w().party[/** @type {"ai"} */ (party.role)];
        return html`<li key=${place} class=${cls("party", !there && "gone")} data-role=${party.role}>
          <div><strong>${name}</strong> <span>${who(call, party)}</span>
            <small>${clock(party.joinedAt)} – ${there ? w().call.there : clock(party.leftAt)}</small></div>
          <div class="party-state">
            ${there && party.muted && html`<span class="chip">${w().call.muted}</span>`}
            ${there && party.onHold && html`<span class="chip wait">${w().call.onHold}</span>`}
          </div>
          ${steers && html`<div class="row">
            ${party.role !== "supervisor" && html`<${Action} small icon=${party.muted ? "mic" : "mute"} act=${change({ muted: !party.muted })}>${party.muted ? w().call.unmute : w().call.mute}<//>`}
            <${Action} small icon="hold" act=${change({ onHold: !party.onHold })}>${party.onHold ? w().call.unhold : w().call.hold}<//>
            ${supervises && party.role !== "customer" && html`<${Action} small look="danger" icon="hangUp" label=${w().call.removeWho(name)} done=${w().call.removed}
              act=${async () => {
                await api("DELETE", `/api/calls/${call._id}/participants/${party.callSid}`);
                again();
              }} />`}
          </div>`}
        </li>`;
      })}
    </ul>
  </section>`;
}

/** @param {any} call @param {any} party */
function who(call, party) {
  if (party.role === "customer") return call.customerId?.name ?? "";
  if (party.role === "agent") return nameOf(call.assignedAgent);
  const one = call.supervision?.find((/** @type {any} */ one) => one.callSid === party.callSid);
  const mode = one ? w().supervise[/** @type {"listen"} */ (one.mode)] : "";
  return one ? `${nameOf(member(one.userId)?.user)} ${mode}` : "";
}
