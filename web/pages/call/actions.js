// What can be done with a live call, by whom; each tells what happens, and what has failed.

import { html, useMemo, useState } from "../../app/dom.js";
import { api } from "../../app/api.js";
import { named, w } from "../../app/words.js";
import { isAtLeast, session } from "../../app/session.js";
import { Action, Button } from "../../parts/button.js";
import { Elapsed } from "../../parts/elapsed.js";
import { Icon } from "../../parts/icon.js";
import { tell } from "../../parts/toasts.js";
import { EndDialog } from "./end.js";
import { HandoverDialog } from "./handover.js";
import { handover, isFetching, owners } from "./story.js";
import { Supervise } from "./supervise.js";

/** @param {{ call: any, journal: any[], again: () => void }} props */
export function Actions({ call, journal, again }) {
  const [open, setOpen] = useState(/** @type {"" | "handover" | "end"} */ (""));
  const fetching = useMemo(() => handover(journal), [journal]);
  const me = session.value?.user.id ?? "";
  const supervises = isAtLeast("supervisor");
  const steers = supervises || call.assignedAgent?._id === me || owners(journal).includes(me);
  const busy = call.status === "transferring";
  const withAi = call.status === "ai-responding";
  const close = () => setOpen("");
  const path = `/api/calls/${call._id}`;

  return html`<section class="panel actions" aria-label=${w().call.actions}>
    <h2>${w().call.actions}</h2>
    <${Progress} fetching=${fetching} />
    ${!steers && html`<p class="hint">${w().call.notYours}</p>`}
    <div class="row">
      ${steers && (withAi || busy) && html`<${Button} look=${withAi ? "primary" : "plain"} icon="transfer" onClick=${() => setOpen("handover")}>${busy ? w().call.another : w().call.handOver}<//>`}
      ${steers && busy && html`<${Action} icon="close" done=${w().call.takenBack} act=${async () => {
        await api("DELETE", `${path}/handoff`);
        again();
      }}>${w().call.takeBack}<//>`}
      ${supervises && call.status !== "initiated" && call.assignedAgent?._id !== me && html`<${Action} icon="takeOver" done=${w().call.takingOver} act=${async () => {
        await api("POST", `${path}/takeover`, { body: {} });
        again();
      }}>${w().call.takeOver}<//>`}
    </div>
    ${supervises && call.status === "human-connected" && call.assignedAgent?._id !== me && html`<${Supervise} call=${call} again=${again} />`}
    ${supervises && withAi && html`<p class="hint">${w().call.listenHint}</p>`}
    ${steers && html`<div class="row">
      ${["in-progress", "paused"].includes(call.recordingStatus) && html`<${RecordingSwitch} call=${call} again=${again} />`}
      <${Button} look="danger" icon="hangUp" onClick=${() => setOpen("end")}>${w().call.end}<//>
    </div>`}
    ${open === "handover" && html`<${HandoverDialog} call=${call} close=${close} done=${(/** @type {string} */ text) => {
      close();
      tell(text);
      again();
    }} />`}
    ${open === "end" && html`<${EndDialog} call=${call} close=${close} done=${() => {
      close();
      tell(w().call.ended);
      again();
    }} />`}
  </section>`;
}

/** How far the hand-over is, or why it failed. @param {{ fetching: ReturnType<typeof handover> }} props */
export function Progress({ fetching }) {
  if (!fetching) return null;
  const { stage, agent, attempt, since, reason } = fetching;
  const under = isFetching(fetching);
  const t = w().handover;
  const text = stage === "failed" || stage === "cancelled" ? t[stage](named(w().failure, reason)) : t[/** @type {"ringing"} */ (stage)]?.(agent, attempt);
  if (!text) return null;
  return html`<p class=${`progress ${under ? "wait" : stage === "bridged" ? "human" : "still"}`} role="status" data-stage=${stage}>
    <${Icon} name=${under ? "phoneIn" : stage === "bridged" ? "check" : "info"} /><span>${text}</span>${under && html`<${Elapsed} since=${since} />`}
  </p>`;
}

/** @param {{ call: any, again: () => void }} props */
function RecordingSwitch({ call, again }) {
  const paused = call.recordingStatus === "paused";
  return html`<${Action} icon=${paused ? "record" : "hold"} done=${paused ? w().call.recordingOn : w().call.recordingOff} act=${async () => {
    await api("POST", `/api/calls/${call._id}/recording/${paused ? "resume" : "pause"}`, { body: {} });
    again();
  }}>${paused ? w().call.resumeRecording : w().call.pauseRecording}<//>`;
}
