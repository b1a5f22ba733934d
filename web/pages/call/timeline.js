// What happened on a call, moment by moment.

import { html, useMemo, useState } from "../../app/dom.js";
import { clock, dialled, nameOf } from "../../app/format.js";
import { named, w } from "../../app/words.js";
import { member } from "../../live/team.js";
import { milestones } from "./story.js";

/** How many are shown before the rest is asked for. */
const FEW = 12;

/** @param {{ journal: any[] }} props */
export function Timeline({ journal }) {
  const [all, setAll] = useState(false);
  const told = useMemo(() => milestones(journal).reverse(), [journal]);
  const shown = all ? told : told.slice(0, FEW);
  return html`<section class="panel">
    <h2>${w().call.timeline}</h2>
    <ol class="timeline">
      ${shown.map(({ seq, at, event }) => html`<li key=${seq}><time datetime=${at}>${clock(at)}</time><span>${sentenceOf(event)}</span></li>`)}
    </ol>
    ${told.length > FEW && html`<button type="button" class="link" onClick=${() => setAll(!all)}>${all ? w().common.fewer : w().common.more(told.length - FEW)}</button>`}
  </section>`;
}

/** @param {string | null | undefined} id */
const person = (id) => nameOf(member(id)?.user) || w().timeline.somebody;

/** An event in a sentence. @param {any} event @returns {string} */
export function sentenceOf(event) {
  const t = w().timeline;
  switch (event.type) {
    case "created":
      return t.created(dialled(event.customer.phone));
    case "progressed":
      return named(w().leg, event.status);
    case "detected":
      return t.detected(named(w().detected, event.answeredBy));
    case "handoverRequested":
      return t.handoverRequested(event.by === "script" ? w().speaker.ai : person(event.by?.user), named(w().handoffReason, event.reason));
    case "agentNamed":
      return t.agentNamed(person(event.by), person(event.agent));
    case "agentReserved":
      return t.agentReserved(event.agent.name);
    case "handoverMoved":
      return t.stage[/** @type {"failed"} */ (event.stage.at)]?.(named(w().failure, event.stage.reason)) ?? event.stage.at;
    case "room":
      return named(t.room, event.change.change);
    case "supervisionRequested":
      return t.supervisionRequested(person(event.by), w().supervise[/** @type {"listen"} */ (event.mode)]);
    case "supervisionSwitched":
    case "supervisionChanged":
      return t.supervisionChanged(w().supervise[/** @type {"listen"} */ (event.mode)]);
    case "supervisionMoved":
      return t.supervisionMoved[/** @type {"ringing"} */ (event.stage.at ?? event.stage)] ?? "";
    case "supervisionEnded":
      return t.supervisionEnded(named(w().supervisionEnd, event.reason));
    case "takeoverRequested":
      return t.takeoverRequested(person(event.by));
    case "takeoverReserved":
    case "takenOver":
      return t.takenOver(event.agent.name);
    case "takeoverEnded":
      return t.takeoverEnded(named(w().takeoverEnd, event.reason));
    case "recorded":
      return t.recorded(named(w().recording, event.status));
    case "recordingPaused":
      return event.paused ? t.recordingPaused : t.recordingResumed;
    case "recordingDeleted":
      return t.recordingDeleted;
    case "noted":
      return event.outcome ? `${t.noted}: ${named(w().outcome, event.outcome)}` : t.noted;
    case "decided":
      return t.decided(named(w().outcome, event.outcome), named(w().endReason, reasonWord(event.reason)));
    case "ended":
      return t.ended(named(w().outcome, event.outcome), named(w().endReason, reasonWord(event.reason)));
    default:
      return event.type;
  }
}

/** @param {any} reason */
const reasonWord = (reason) => (typeof reason === "string" ? reason : reason?.script);
