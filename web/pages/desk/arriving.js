// A hand-over that arrives: who, why, and their last words, before the telephone is picked up. On every page.

import { html, useEffect, useRef, useState } from "../../app/dom.js";
import { api } from "../../app/api.js";
import { named, w } from "../../app/words.js";
import { arriving, settings } from "../../live/me.js";
import { on } from "../../live/connection.js";
import { Icon } from "../../parts/icon.js";

/** How many of the customer's last lines are shown. */
const LAST = 2;
/** After this long a call that could not be read is asked for again while it rings, in milliseconds. */
const AGAIN = 1000;

export function Arriving() {
  const now = arriving.value;
  return html`<div role="alert">${now && html`<${Ringing} key=${now.callId} id=${now.callId} />`}</div>`;
}

/** @param {{ id: string }} props */
function Ringing({ id }) {
  const [call, setCall] = useState(/** @type {any} */ (null));
  useEffect(() => {
    let gone = false;
    let due = 0;
    async function ask() {
      try {
        const data = await api("GET", `/api/calls/${id}`);
        if (!gone) setCall(data);
      } catch {
        clearTimeout(due);
        if (!gone) due = setTimeout(ask, AGAIN);
      }
    }
    ask();
    const off = on("call-progress", (data) => data.callId === id && ask());
    return () => {
      gone = true;
      clearTimeout(due);
      off();
    };
  }, [id]);
  const customer = call?.customerId;
  const known = Boolean(call);
  const told = useRef(/** @type {Notification | null} */ (null));
  // What says who it is takes the place of what says that it rings, without another sound: they have the same tag.
  useEffect(() => {
    told.current = notify(call, id) ?? told.current;
  }, [known]);
  useEffect(() => () => told.current?.close(), []);
  return html`<section class="arriving" aria-label=${w().arriving.title}>
    <${Icon} name="phoneIn" />
    <div>
      <p class="arriving-head"><strong>${w().arriving.title}</strong> ${w().arriving.press}</p>
      ${known && html`<p><b>${customer?.name}</b> ${customer?.company ?? ""}　<span class="chip wait">${w().arriving.why}: ${named(w().handoffReason, call.handoffReason)}</span></p>
      <ul>${call.transcript.filter((/** @type {any} */ line) => line.speaker === "customer").slice(-LAST).map((/** @type {any} */ line, /** @type {number} */ place) => html`<li key=${place}><b>${named(w().speaker, line.speaker)}</b> ${line.message}</li>`)}</ul>`}
    </div>
    <a class="button primary" href="/desk">${w().arriving.look}</a>
  </section>`;
}

/** Tells it on the desktop too, where that is wanted; of a call that is not known yet that it rings. @param {any} call @param {string} id */
function notify(call, id) {
  const wanted = settings.value?.notificationPreferences?.enableCallNotifications !== false;
  if (!wanted || !("Notification" in window) || Notification.permission !== "granted") return null;
  const { name = "", company } = call?.customerId ?? {};
  const body = call ? `${name} ${company ?? ""}\n${named(w().handoffReason, call.handoffReason)}` : w().arriving.press;
  const told = new Notification(w().arriving.title, { body, tag: id });
  told.onclick = () => window.focus();
  return told;
}
