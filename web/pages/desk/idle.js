// Between two calls: one's figures of today, and who is to be rung back.

import { html } from "../../app/dom.js";
import { api, asked } from "../../app/api.js";
import { isoDay, moment, number, span } from "../../app/format.js";
import { useLoaded } from "../../app/load.js";
import { session } from "../../app/session.js";
import { w } from "../../app/words.js";
import { doing } from "../../live/me.js";
import { Icon } from "../../parts/icon.js";
import { Loaded } from "../../parts/lists.js";

export function Idle() {
  const me = session.value?.user.id ?? "";
  const today = isoDay();
  const figures = useLoaded((signal) => api("GET", "/api/agents/statistics", { signal, query: { startDate: today, endDate: today } }), [me, today]);
  const due = useLoaded((signal) => asked("GET", "/api/callbacks", { signal, query: { status: "open", limit: 20 } }), [me]);
  const mine = (due.data?.data ?? []).filter((/** @type {any} */ one) => !one.assignedTo || one.assignedTo._id === me);
  const ready = doing.value?.status === "available" && doing.value.isAvailable;
  return html`<div class="desk-idle">
    <section class=${`panel waiting ${ready ? "human" : ""}`}>
      <${Icon} name="phone" />
      <div><h2>${ready ? w().desk.waits : w().desk.waitsNot}</h2><p>${ready ? w().desk.waitsText : w().desk.waitsNotText}</p></div>
    </section>
    <dl class="counters">
      <div><dt>${w().desk.calls}</dt><dd>${figures.data ? number(figures.data.totalCalls) : "–"}</dd></div>
      <div><dt>${w().desk.talked}</dt><dd>${figures.data ? span(figures.data.totalDuration) : "–"}</dd></div>
      <div><dt>${w().desk.response}</dt><dd>${figures.data ? w().common.seconds(Math.round(figures.data.averageResponseTime ?? 0)) : "–"}</dd></div>
    </dl>
    <section class="panel">
      <h2>${w().desk.toRing}</h2>
      <${Loaded} loading=${due.loading} failed=${due.failed} empty=${!mine.length} text=${w().desk.nobodyToRing} again=${due.again}>
        <ul class="simple">${mine.map(
          (/** @type {any} */ one) => html`<li key=${one._id}><b>${one.customerId?.name}</b> ${one.customerId?.company ?? ""} <span>${moment(one.wantedAt)}</span> ${one.words && html`<q>${one.words}</q>`}</li>`,
        )}</ul>
        <p><a href="/callbacks">${w().nav.callbacks}</a></p>
      <//>
    </section>
  </div>`;
}
