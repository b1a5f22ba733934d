// A supervisor on the line: listening, whispering, speaking with both, and leaving.

import { html } from "../../app/dom.js";
import { api } from "../../app/api.js";
import { session } from "../../app/session.js";
import { w } from "../../app/words.js";
import { Action } from "../../parts/button.js";
import { Icon } from "../../parts/icon.js";
import { supervision } from "./story.js";

const MODES = /** @type {const} */ (["listen", "whisper", "barge"]);

/** @param {{ call: any, again: () => void }} props */
export function Supervise({ call, again }) {
  const mine = supervision(call, session.value?.user.id);
  const path = `/api/calls/${call._id}/supervise`;
  return html`<div class="supervise" role="group" aria-label=${w().supervise.title}>
    ${mine && html`<p class="progress human" role="status"><${Icon} name="listen" /><span>${mine.joinedAt ? w().supervise.on(w().supervise[/** @type {"listen"} */ (mine.mode)]) : w().supervise.ringing}</span></p>`}
    <div class="row">
      ${MODES.map(
        (mode) => html`<${Action} key=${mode} icon=${mode} title=${w().supervise.about[mode]} pressed=${mine?.mode === mode} act=${async () => {
          await api("POST", path, { body: { mode } });
          again();
        }}>${w().supervise[mode]}<//>`,
      )}
      ${mine && html`<${Action} icon="out" act=${async () => {
        await api("DELETE", path);
        again();
      }}>${w().supervise.leave}<//>`}
    </div>
  </div>`;
}
