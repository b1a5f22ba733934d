// What came of the calls: a period, and the one before it.

import { html } from "../../app/dom.js";
import { api } from "../../app/api.js";
import { isoDay, number, span } from "../../app/format.js";
import { useLoaded } from "../../app/load.js";
import { query, refine } from "../../app/router.js";
import { named, w } from "../../app/words.js";
import { Button } from "../../parts/button.js";
import { Choice } from "../../parts/field.js";
import { Loaded } from "../../parts/lists.js";
import { Agents } from "./agents.js";
import { Bars } from "./bars.js";
import { byDay, byHour, change, waitsByDay } from "./figures.js";

const PERIODS = /** @type {const} */ (["7", "30", "90"]);

export function Reports() {
  const days = Number(PERIODS.find((days) => days === query.value.get("days")) ?? 7);
  const [from, to] = [isoDay(days - 1), isoDay()];
  const before = [isoDay(2 * days - 1), isoDay(days)];
  const ask = (/** @type {string} */ startDate, /** @type {string} */ endDate, /** @type {string} */ groupBy) => (/** @type {AbortSignal} */ signal) =>
    api("GET", "/api/calls/statistics", { signal, query: { startDate, endDate, groupBy } });
  const now = useLoaded(ask(from, to, "day"), [days, to]);
  const past = useLoaded(ask(before[0], before[1], "day"), [days, to]);
  const hours = useLoaded(ask(from, to, "hour"), [days, to]);
  const agents = useLoaded(ask(from, to, "agent"), [days, to]);
  const [data, was, t] = [now.data, past.data, w().reports];
  return html`<div class="page wide">
    <div class="head"><h1>${w().nav.reports}</h1><${Button} icon="note" class="no-print" onClick=${() => print()}>${t.print}<//></div>
    <div class="tools no-print"><${Choice} label=${w().history.period} value=${String(days)} options=${PERIODS.map((days) => [days, t.days(Number(days))])} onChange=${(/** @type {string} */ days) => refine({ days })} /></div>
    <p class="hint">${t.period(from, to, before[0], before[1])}</p>
    <${Loaded} loading=${now.loading} failed=${now.failed} empty=${!data} again=${now.again}>
      ${data && html`<div class="stack">
        <dl class="counters">
          <${Figure} label=${t.calls} value=${number(data.totalCalls)} change=${change(data.totalCalls, was?.totalCalls)} />
          <${Figure} label=${t.successes} value=${number(data.successfulCalls)} change=${change(data.successfulCalls, was?.successfulCalls)} />
          <${Figure} label=${t.rate} value=${`${Number(data.successRate).toFixed(1)}%`} change=${was?.totalCalls ? points(Number(data.successRate) - Number(was.successRate)) : ""} />
          <${Figure} label=${t.duration} value=${span(data.averageDuration)} change=${change(data.averageDuration, was?.averageDuration)} />
          <${Figure} label=${t.connected} value=${`${number(data.handoffs.connected)} / ${number(data.handoffs.requested)}`} change=${change(data.handoffs.connected, was?.handoffs.connected)} />
          <${Figure} label=${t.wait} value=${w().common.seconds(data.handoffs.averageWait)} change=${change(data.handoffs.averageWait, was?.handoffs.averageWait)} />
        </dl>
        <section class="panel"><h2>${t.byDay}</h2><${Bars} bars=${byDay(data.series, from, days)} all=${t.calls} good=${t.successes} /></section>
        <section class="panel"><h2>${t.waits}</h2><${Bars} bars=${waitsByDay(data.series, from, days)} all=${t.waitSecs} /></section>
        <div class="halves">
          <section class="panel"><h2>${t.byHour}</h2><${Loaded} loading=${hours.loading} failed=${hours.failed} empty=${!hours.data} again=${hours.again}><${Bars} bars=${byHour(hours.data?.series ?? [])} all=${t.calls} good=${t.successes} /><//></section>
          <section class="panel"><h2>${t.outcomes}</h2><${Outcomes} parts=${data.resultBreakdown} /></section>
        </div>
        <section><h2 class="above">${t.agents}</h2><${Loaded} loading=${agents.loading} failed=${agents.failed} empty=${!agents.data} again=${agents.again}><${Agents} series=${agents.data?.series ?? []} /><//></section>
      </div>`}
    <//>
  </div>`;
}

/** @param {{ label: string, value: string, change: string }} props */
const Figure = ({ label, value, change }) => html`<div><dt>${label}</dt><dd>${value}${change && html`<small class="change">${change}</small>`}</dd></div>`;

/** @param {number} difference */
const points = (difference) => `${difference >= 0 ? "+" : ""}${difference.toFixed(1)}pt`;

/** @type {Record<string, string>} */
const WORDS = { 成功: "success", 不在: "absent", 拒否: "rejected", 要フォロー: "follow_up", 失敗: "failed" };

/** @param {{ parts: { _id: string, count: number }[] }} props */
function Outcomes({ parts }) {
  const all = parts.reduce((sum, { count }) => sum + count, 0);
  if (!all) return html`<p class="none">${w().common.nothing}</p>`;
  return html`<ul class="shares">${[...parts].sort((one, other) => other.count - one.count).map(
    ({ _id, count }) => html`<li key=${_id}><span>${named(w().outcome, WORDS[_id] ?? _id) || "–"}</span><meter min="0" max=${all} value=${count}></meter><span class="tabular">${number(count)} (${Math.round((count / all) * 100)}%)</span></li>`,
  )}</ul>`;
}
