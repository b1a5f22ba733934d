// A hand-over that arrives: who, why, and their last words, before the telephone is picked up. On every page.

import { html, useEffect, useState } from "../../app/dom.js";
import { api } from "../../app/api.js";
import { named, w } from "../../app/words.js";
import { arriving, settings } from "../../live/me.js";
import { on } from "../../live/connection.js";
import { Icon } from "../../parts/icon.js";

/** How many of the customer's last lines are shown. */
const LAST = 2;

export function Arriving() {
  const now = arriving.value;
  return html`<div role="alert">${now && html`<${Ringing} key=${now.callId} id=${now.callId} />`}</div>`;
}

/** @param {{ id: string }} props */
function Ringing({ id }) {
  const [call, setCall] = useState(/** @type {any} */ (null));
  useEffect(() => {
    let gone = false;
    const ask = () => api("GET", `/api/calls/${id}`).then((data) => gone || setCall(data), () => {});
    ask();
    const off = on("call-progress", (data) => data.callId === id && ask());
    return () => {
      gone = true;
      off();
    };
  }, [id]);
  const customer = call?.customerId;
  const known = Boolean(call);
  useEffect(() => (known ? notify(customer, call.handoffReason, id) : undefined), [known]);
  if (!call) return null;
  return html`<section class="arriving" aria-label=${w().arriving.title}>
    <${Icon} name="phoneIn" />
    <div>
      <p class="arriving-head"><strong>${w().arriving.title}</strong> ${w().arriving.press}</p>
      <p><b>${customer?.name}</b> ${customer?.company ?? ""}　<span class="chip wait">${w().arriving.why}: ${named(w().handoffReason, call.handoffReason)}</span></p>
      <ul>${call.transcript.filter((/** @type {any} */ line) => line.speaker === "customer").slice(-LAST).map((/** @type {any} */ line, /** @type {number} */ place) => html`<li key=${place}><b>${named(w().speaker, line.speaker)}</b> ${line.message}</li>`)}</ul>
    </div>
    <a class="button primary" href="/desk">${w().arriving.look}</a>
  </section>`;
}

/** Tells it on the desktop too, where that is wanted and the page is not looked at. @param {any} customer @param {string} reason @param {string} id */
function notify(customer, reason, id) {
  const wanted = settings.value?.notificationPreferences?.enableCallNotifications !== false;
  if (!wanted || !("Notification" in window) || Notification.permission !== "granted") return;
  const told = new Notification(w().arriving.title, { body: `${customer?.name ?? ""} ${customer?.company ?? ""}\n${named(w().handoffReason, reason)}`, tag: id });
  told.onclick = () => window.focus();
  return () => told.close();
}
