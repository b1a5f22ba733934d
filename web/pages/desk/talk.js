// The call that an agent has, is about to get, or has just had.

import { html, useState } from "../../app/dom.js";
import { dialled } from "../../app/format.js";
import { w } from "../../app/words.js";
import { doing, lastCall, wish } from "../../live/me.js";
import { isOver, useWatched } from "../../live/watched.js";
import { CallState, Result } from "../../parts/badge.js";
import { Action, Button } from "../../parts/button.js";
import { Elapsed } from "../../parts/elapsed.js";
import { Loaded } from "../../parts/lists.js";
import { tell } from "../../parts/toasts.js";
import { secondsUntil } from "../../live/clock.js";
import { Progress } from "../call/actions.js";
import { EndDialog } from "../call/end.js";
import { Notes } from "../call/notes.js";
import { Participants } from "../call/participants.js";
import { handover } from "../call/story.js";
import { Transcript } from "../call/transcript.js";
import { NextCall } from "./next_call.js";

/** @param {{ id: string }} props */
export function Talk({ id }) {
  const { call, journal, partial, failed, again } = useWatched(id);
  const [ending, setEnding] = useState(false);
  if (!call) return html`<${Loaded} loading=${!failed} failed=${failed} empty again=${again} />`;
  const over = isOver(call.status);
  const mine = doing.value?.currentCallId === id;
  const customer = call.customerId ?? {};
  return html`<div class="call-body">
    <section class="panel talk" aria-label=${w().call.transcript}>
      <header class="talk-head">
        <div><h2><a href=${`/calls/${id}`}>${customer.name}</a></h2><p>${[customer.company, dialled(call.phoneNumber)].filter(Boolean).join("　")}</p></div>
        <div class="row">${over ? html`<${Result} outcome=${call.outcome} result=${call.callResult} />` : html`<${CallState} status=${call.status} /><${Elapsed} since=${call.answeredTime ?? call.startTime} />`}</div>
      </header>
      ${!over && html`<${Progress} fetching=${handover(journal)} />`}
      <${Transcript} call=${call} journal=${journal} partial=${partial} />
    </section>
    <div class="call-side">
      ${mine && !over && html`<section class="panel actions"><h2>${w().call.actions}</h2><div class="row"><${Button} look="danger" icon="hangUp" onClick=${() => setEnding(true)}>${w().call.end}<//></div></section>`}
      ${over && html`<${WrapUp} />`}
      ${call.participants.length > 0 && html`<${Participants} call=${call} journal=${journal} again=${again} />`}
      <${Notes} call=${call} again=${again} />
      ${customer.createdAt && html`<${NextCall} customer=${customer} />`}
    </div>
    ${ending && html`<${EndDialog} call=${call} close=${() => setEnding(false)} done=${() => {
      setEnding(false);
      tell(w().call.ended);
      again();
    }} />`}
  </div>`;
}

/** The time after a call, and that it is over sooner when one is ready. */
function WrapUp() {
  const now = doing.value;
  const waits = now?.wrapUpUntil && secondsUntil(now.wrapUpUntil) > 0;
  const ready = async () => {
    await wish({ status: "available" });
    lastCall.value = null;
  };
  return html`<section class="panel wrap-up">
    <h2>${w().desk.wrapUp}</h2>
    <p>${waits ? html`<${Elapsed} since=${now.wrapUpUntil} until class="big" /> ${w().desk.wrapUpText}` : w().desk.wrapUpOver}</p>
    <div class="row"><${Action} look="primary" icon="check" act=${ready}>${w().desk.ready}<//><${Button} look="quiet" onClick=${() => (lastCall.value = null)}>${w().desk.putAside}<//></div>
  </section>`;
}
