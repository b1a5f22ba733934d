// An agent's own page: the call they have or are about to get, and between two calls what there is to do.

import { html } from "../../app/dom.js";
import { w } from "../../app/words.js";
import { arriving, doing, lastCall, settings } from "../../live/me.js";
import { Icon } from "../../parts/icon.js";
import { Button } from "../../parts/button.js";
import { Idle } from "./idle.js";
import { Talk } from "./talk.js";

export function Desk() {
  const now = doing.value;
  const id = now?.currentCallId ?? arriving.value?.callId ?? lastCall.value;
  return html`<div class="page wide">
    <h1>${w().nav.desk}</h1>
    ${now && !settings.value?.phoneNumber && html`<p class="notice"><${Icon} name="info" /><span>${w().desk.noPhone} <a href="/settings">${w().nav.settings}</a></span></p>`}
    <${Notifications} />
    ${id ? html`<${Talk} key=${id} id=${id} />` : html`<${Idle} />`}
  </div>`;
}

/** Offers desktop notifications once, where they are neither allowed nor refused. */
function Notifications() {
  if (!settings.value?.phoneNumber || !("Notification" in window) || Notification.permission !== "default") return null;
  return html`<p class="notice"><${Icon} name="info" /><span>${w().desk.notify}</span><${Button} small onClick=${() => Notification.requestPermission()}>${w().desk.allow}<//></p>`;
}
