// One call, live or over: what was and is being said, who is there, what happened, and what can be done.

import { html } from "../../app/dom.js";
import { dialled, moment, nameOf, span } from "../../app/format.js";
import { w } from "../../app/words.js";
import { isOver, useWatched } from "../../live/watched.js";
import { CallState, Result } from "../../parts/badge.js";
import { Elapsed } from "../../parts/elapsed.js";
import { Loaded } from "../../parts/lists.js";
import { Actions } from "./actions.js";
import { Notes } from "./notes.js";
import { Participants } from "./participants.js";
import { Script } from "./script.js";
import { Timeline } from "./timeline.js";
import { Transcript } from "./transcript.js";
import { Recording, usePlayer } from "./recording.js";

/** @param {{ id: string }} props */
export function Call({ id }) {
  const watched = useWatched(id);
  const { call, journal, failed, missing, again } = watched;
  const player = usePlayer(call);
  if (!call) return html`<div class="page"><${Loaded} loading=${!failed} failed=${missing ? w().call.missing : failed} empty again=${missing ? undefined : again} /></div>`;
  const over = isOver(call.status);
  const customer = call.customerId ?? {};
  return html`<div class="page wide call">
    <header class="call-head">
      <div>
        <h1>${customer.name || w().call.unnamed}</h1>
        <p>${[customer.company, dialled(call.phoneNumber)].filter(Boolean).join("　")}</p>
      </div>
      <dl class="facts">
        <div><dt>${w().fields.status}</dt><dd><${CallState} status=${call.status} /></dd></div>
        <div><dt>${over ? w().call.lasted : w().call.runs}</dt><dd>${over ? span(call.duration) : html`<${Elapsed} since=${call.answeredTime ?? call.startTime} />`}</dd></div>
        <div><dt>${w().call.began}</dt><dd>${moment(call.startTime)}</dd></div>
        <div><dt>${w().fields.agent}</dt><dd>${nameOf(call.assignedAgent) || "–"}</dd></div>
        ${over && html`<div><dt>${w().fields.result}</dt><dd><${Result} outcome=${call.outcome} result=${call.callResult} /></dd></div>`}
      </dl>
    </header>
    <div class="call-body">
      <section class="panel talk" aria-label=${w().call.transcript}>
        <h2>${w().call.transcript}</h2>
        <${Recording} call=${call} player=${player} />
        <${Transcript} call=${call} journal=${journal} partial=${watched.partial} player=${player} />
      </section>
      <div class="call-side">
        ${!over && html`<${Actions} call=${call} journal=${journal} again=${again} />`}
        <${Script} journal=${journal} call=${call} />
        <${Participants} call=${call} journal=${journal} again=${again} />
        <${Notes} call=${call} again=${again} />
        <${Timeline} journal=${journal} />
      </div>
    </div>
  </div>`;
}
