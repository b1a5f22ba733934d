// What I am doing, to be seen and changed on every page.

import { html } from "../../app/dom.js";
import { sentence } from "../../app/api.js";
import { w } from "../../app/words.js";
import { doing, settings, wish } from "../../live/me.js";
import { AgentState } from "../../parts/badge.js";
import { Elapsed } from "../../parts/elapsed.js";
import { tell } from "../../parts/toasts.js";
import { secondsUntil } from "../../live/clock.js";

const CHOICES = /** @type {const} */ (["available", "busy", "offline"]);

export function Availability() {
  const now = doing.value;
  // Who has no telephone is rung by nobody.
  if (!now || !settings.value?.phoneNumber) return html`<div class="mine"></div>`;
  const change = (/** @type {any} */ event) => {
    const status = event.currentTarget.value;
    wish({ status }).then(() => tell(w().desk.changed(w().availability[/** @type {"busy"} */ (status)])), (error) => tell(sentence(error), "bad"));
  };
  const wraps = now.wrapUpUntil && secondsUntil(now.wrapUpUntil) > 0;
  return html`<div class="mine">
    <${AgentState} status=${now.status} />
    ${wraps && html`<span class="chip wait">${w().desk.wrapUp} <${Elapsed} since=${now.wrapUpUntil} until /></span>`}
    <label><span class="unseen">${w().desk.myState}</span>
      <select value=${now.status} onChange=${change}>
        ${now.status === "on-call" && html`<option value="on-call" selected disabled>${w().availability["on-call"]}</option>`}
        ${CHOICES.map((status) => html`<option key=${status} value=${status} selected=${status === now.status}>${w().availability[status]}</option>`)}
      </select></label>
  </div>`;
}
