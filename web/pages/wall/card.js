// One call on the wall.

import { html } from "../../app/dom.js";
import { nameOf } from "../../app/format.js";
import { named, w } from "../../app/words.js";
import { live } from "../../live/floor.js";
import { CallState, Intent, Result } from "../../parts/badge.js";
import { Elapsed } from "../../parts/elapsed.js";
import { Icon } from "../../parts/icon.js";

/** @param {{ id: string }} props */
export function Card({ id }) {
  const call = live(id)?.value;
  if (!call) return null;
  const { customer, status, phase, words, intent, score, agent, ended, waitingSince } = call;
  return html`<article class=${`card ${ended ? "over" : status}`} role="listitem" data-id=${id}>
    <div class="card-state">${ended ? html`<${Result} ...${ended} />` : html`<${CallState} status=${status} />`}
      ${!ended && html`<${Elapsed} since=${waitingSince ?? call.startTime} class=${waitingSince ? "waits" : ""} />`}
    </div>
    <h2><a href=${`/calls/${id}`}>${customer.name || w().call.unnamed}</a><small>${customer.company ?? ""}</small></h2>
    <p class="card-words">${words ? html`<b>${named(w().speaker, words.speaker)}</b> ${words.message}` : html`<span class="none">${w().wall.silent}</span>`}</p>
    <div class="card-foot">
      <span class="phase">${status === "human-connected" ? w().phase.human : named(w().phase, phase)}</span>
      <${Intent} intent=${intent} score=${score} />
      <span class="card-agent">${agent && html`<${Icon} name="desk" />${nameOf(agent)}`}</span>
    </div>
  </article>`;
}
