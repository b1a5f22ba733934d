// All calls, live and over, newest first: found by period, state, result, agent and words.

import { html, useRef } from "../../app/dom.js";
import { asked, save } from "../../app/api.js";
import { dialled, isoDay, moment, nameOf, span } from "../../app/format.js";
import { language } from "../../app/looks.js";
import { useLoaded } from "../../app/load.js";
import { query, refine } from "../../app/router.js";
import { named, w } from "../../app/words.js";
import { team } from "../../live/team.js";
import { CallState, Result } from "../../parts/badge.js";
import { Action, Button } from "../../parts/button.js";
import { Choice, Field } from "../../parts/field.js";
import { Loaded, Pages } from "../../parts/lists.js";
import { Table } from "../../parts/table.js";

const RESULTS = /** @type {const} */ (["success", "follow_up", "absent", "rejected", "failed"]);
const STATES = /** @type {const} */ (["initiated", "ai-responding", "transferring", "human-connected", "completed", "failed"]);
const PERIODS = /** @type {const} */ (["today", "week", "month", "all"]);
/** @type {Record<string, number>} */
const DAYS = { today: 0, week: 6, month: 29 };

export function History() {
  const at = query.value;
  const page = Number(at.get("page") ?? 1) || 1;
  const filters = {
    search: at.get("q"), said: at.get("said"), status: at.get("status"), result: at.get("result"), agentId: at.get("agent"), customerId: at.get("customer"),
    startDate: at.get("from"), endDate: at.get("to"),
  };
  const list = useLoaded((signal) => asked("GET", "/api/calls/history", { signal, query: { ...filters, page, limit: 25 } }), [JSON.stringify(filters), page]);
  const later = useRef(/** @type {Record<string, number>} */ ({}));
  const search = (/** @type {string} */ name) => (/** @type {string} */ words) => {
    clearTimeout(later.current[name]);
    later.current[name] = setTimeout(() => refine({ [name]: words, page: null }), 300);
  };
  const calls = list.data?.data ?? [];
  const period = PERIODS.find((name) => name in DAYS && at.get("from") === isoDay(DAYS[name]) && at.get("to") === isoDay()) ?? (at.get("from") || at.get("to") ? "" : "all");
  const choose = (/** @type {string} */ name) => refine(name === "all" ? { from: null, to: null, page: null } : { from: isoDay(DAYS[name]), to: isoDay(), page: null });
  const set = (/** @type {string} */ name) => (/** @type {string} */ value) => refine({ [name]: value, page: null });
  return html`<div class="page wide">
    <div class="head"><h1>${w().nav.history}</h1>
      <${Action} icon="download" act=${() => save("/api/calls/export.csv", { ...filters, lang: language.value }, "calls.csv")}>${w().common.csv}<//></div>
    <div class="tools" role="search">
      <${Field} type="search" class="search" label=${w().history.search} hideLabel placeholder=${w().history.search} value=${filters.search ?? ""} onInput=${search("q")} />
      <${Field} type="search" class="search" label=${w().history.said} hideLabel placeholder=${w().history.said} value=${filters.said ?? ""} onInput=${search("said")} />
      <${Choice} label=${w().history.period} value=${period} options=${PERIODS.map((name) => [name, w().history.periods[name]])} onChange=${choose} />
      <${Field} type="date" label=${w().history.from} value=${filters.startDate ?? ""} onInput=${set("from")} />
      <${Field} type="date" label=${w().history.to} value=${filters.endDate ?? ""} onInput=${set("to")} />
      <${Field} as="select" label=${w().fields.result} value=${filters.result ?? ""} onInput=${set("result")}>
        <option value="">${w().common.all}</option>${RESULTS.map((word) => html`<option key=${word} value=${word} selected=${word === filters.result}>${w().outcome[word]}</option>`)}<//>
      <${Field} as="select" label=${w().fields.status} value=${filters.status ?? ""} onInput=${set("status")}>
        <option value="">${w().common.all}</option>${STATES.map((word) => html`<option key=${word} value=${word} selected=${word === filters.status}>${w().status[word]}</option>`)}<//>
      <${Field} as="select" label=${w().fields.agent} value=${filters.agentId ?? ""} onInput=${set("agent")}>
        <option value="">${w().common.all}</option>${(team.value ?? []).map(({ user }) => html`<option key=${user._id} value=${user._id} selected=${user._id === filters.agentId}>${nameOf(user)}</option>`)}<//>
      ${filters.customerId && html`<span class="chip">${w().history.oneCustomer} <${Button} small look="quiet" icon="close" label=${w().history.everyCustomer} onClick=${() => refine({ customer: null })} /></span>`}
    </div>
    <${Loaded} loading=${list.loading} failed=${list.failed} empty=${!calls.length} text=${w().history.none} again=${list.again}>
      <${Table} label=${w().nav.history}>
        <thead><tr><th scope="col">${w().call.began}</th><th scope="col">${w().fields.customer}</th><th scope="col">${w().fields.result}</th><th scope="col">${w().history.reason}</th><th scope="col" class="number">${w().call.lasted}</th><th scope="col">${w().fields.agent}</th><th scope="col">${w().history.lastWords}</th></tr></thead>
        <tbody>${calls.map((/** @type {any} */ call) => html`<tr key=${call._id} data-call=${call._id}>
          <td class="tabular"><a href=${`/calls/${call._id}`}>${moment(call.startTime)}</a></td>
          <th scope="row">${call.customerId?.name || w().call.unnamed}<small>${[call.customerId?.company, dialled(call.phoneNumber)].filter(Boolean).join("　")}</small></th>
          <td>${call.outcome || call.callResult ? html`<${Result} outcome=${call.outcome} result=${call.callResult} />` : html`<${CallState} status=${call.status} />`}</td>
          <td>${named(w().endReason, call.endReason) || "–"}</td>
          <td class="number">${call.answeredTime ? span(call.duration) : "–"}</td>
          <td>${nameOf(call.assignedAgent) || "–"}</td>
          <td class="words"><span class="clamp">${(filters.said && lineSaid(call, filters.said)) || call.notes || lastWords(call)}</span></td>
        </tr>`)}</tbody>
      <//>
      <${Pages} page=${page} pages=${list.data?.pagination.total ?? 1} total=${list.data?.total ?? 0} go=${(/** @type {number} */ page) => refine({ page: page > 1 ? page : null })} />
    <//>
  </div>`;
}

/** Letters and digits as the server compares them. @param {string} text */
const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/[ァ-ヶヽヾ]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0x60)).replace(/[^\p{L}\p{N}\p{M}]/gu, "");

/** The line that was searched for. @param {any} call @param {string} said */
const lineSaid = (call, said) => call.transcript.find((/** @type {any} */ line) => line.speaker !== "ai" && plain(line.message).includes(plain(said)))?.message;

/** What the customer said last. @param {any} call */
const lastWords = (call) => call.transcript.findLast((/** @type {any} */ line) => line.speaker === "customer")?.message ?? "";
