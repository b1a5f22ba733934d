// The customers: found, entered, changed, imported, rung.

import { html, useRef, useState } from "../../app/dom.js";
import { api, asked, save } from "../../app/api.js";
import { dialled, moment } from "../../app/format.js";
import { useLoaded } from "../../app/load.js";
import { go, query, refine } from "../../app/router.js";
import { isAtLeast } from "../../app/session.js";
import { w } from "../../app/words.js";
import { Result } from "../../parts/badge.js";
import { Action, Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { Loaded, Pages } from "../../parts/lists.js";
import { Table } from "../../parts/table.js";
import { tell } from "../../parts/toasts.js";
import { CustomerDialog } from "./customer.js";
import { ImportDialog } from "./import.js";

const ORDERS = /** @type {const} */ (["-createdAt", "name", "-lastCallAt", "nextCallAt"]);
const LIMIT = 25;

export function Customers() {
  const at = query.value;
  const page = Number(at.get("page") ?? 1) || 1;
  const filters = { search: at.get("q"), doNotCall: at.get("doNotCall"), wrongNumber: at.get("wrongNumber"), sort: at.get("sort") ?? "-createdAt" };
  const list = useLoaded((signal) => asked("GET", "/api/customers", { signal, query: { ...filters, page, limit: LIMIT } }), [JSON.stringify(filters), page]);
  const [open, setOpen] = useState(/** @type {any} */ (null));
  const [importing, setImporting] = useState(false);
  const later = useRef(0);
  const search = (/** @type {string} */ q) => {
    clearTimeout(later.current);
    later.current = setTimeout(() => refine({ q, page: null }), 250);
  };
  const customers = list.data?.data ?? [];
  const { search: text, doNotCall, wrongNumber } = filters;
  return html`<div class="page wide">
    <div class="head"><h1>${w().nav.customers}</h1>
      <div class="row">
        <${Action} icon="download" act=${() => save("/api/customers/export.csv", { search: text, doNotCall, wrongNumber }, "customers.csv")}>${w().common.csv}<//>
        <${Button} icon="upload" onClick=${() => setImporting(true)}>${w().customers.import}<//>
        <${Button} look="primary" icon="plus" onClick=${() => setOpen({})}>${w().customers.new}<//>
      </div></div>
    <div class="tools" role="search">
      <${Field} type="search" class="search" label=${w().customers.search} hideLabel placeholder=${w().customers.search} value=${text ?? ""} onInput=${search} />
      <${Field} as="select" label=${w().customers.marks} hideLabel value=${doNotCall ? "doNotCall" : wrongNumber ? "wrongNumber" : ""}
        onInput=${(/** @type {string} */ mark) => refine({ doNotCall: mark === "doNotCall" ? "true" : null, wrongNumber: mark === "wrongNumber" ? "true" : null, page: null })}>
        <option value="">${w().customers.everybody}</option>
        <option value="doNotCall" selected=${Boolean(doNotCall)}>${w().fields.doNotCall}</option><option value="wrongNumber" selected=${Boolean(wrongNumber)}>${w().fields.wrongNumber}</option>
      <//>
      <${Field} as="select" label=${w().common.order} hideLabel value=${filters.sort} onInput=${(/** @type {string} */ sort) => refine({ sort, page: null })}>
        ${ORDERS.map((order) => html`<option key=${order} value=${order} selected=${order === filters.sort}>${w().customers.orders[order]}</option>`)}
      <//>
    </div>
    <${Loaded} loading=${list.loading} failed=${list.failed} empty=${!customers.length} text=${text ? w().customers.noneFound : w().customers.none} again=${list.again}>
      <${Table} label=${w().nav.customers}>
        <thead><tr><th scope="col">${w().fields.name}</th><th scope="col">${w().fields.phone}</th><th scope="col">${w().fields.customerStatus}</th><th scope="col">${w().fields.lastCall}</th><th scope="col">${w().fields.nextCallAt}</th><th scope="col"><span class="unseen">${w().call.actions}</span></th></tr></thead>
        <tbody>${customers.map((/** @type {any} */ customer) => html`<tr key=${customer._id} data-customer=${customer._id}>
          <th scope="row"><button type="button" class="link strong" onClick=${() => setOpen(customer)}>${customer.name}</button><small>${customer.company ?? ""}</small></th>
          <td class="tabular">${dialled(customer.phone)}</td>
          <td>${customer.status && html`<span class="chip">${customer.status}</span>`}${customer.doNotCall && html`<span class="chip bad">${w().fields.doNotCall}</span>`}${customer.wrongNumber && html`<span class="chip bad">${w().fields.wrongNumber}</span>`}</td>
          <td>${customer.lastCallAt ? html`<${Result} result=${customer.lastCallResult} /> <small>${moment(customer.lastCallAt)}</small>` : "–"}</td>
          <td>${moment(customer.nextCallAt) || "–"}</td>
          <td><div class="acts"><${Ring} customer=${customer} /><${Button} small look="quiet" icon="history" label=${w().customers.callsOf(customer.name)} onClick=${() => go(`/history?customer=${customer._id}`)} /></div></td>
        </tr>`)}</tbody>
      <//>
      <${Pages} page=${page} pages=${list.data?.pagination.total ?? 1} total=${list.data?.total ?? 0} go=${(/** @type {number} */ page) => refine({ page: page > 1 ? page : null })} />
    <//>
    ${open && html`<${CustomerDialog} customer=${open} close=${() => setOpen(null)} mayDelete=${isAtLeast("admin")} done=${(/** @type {string} */ text) => {
      setOpen(null);
      tell(text);
      list.again();
    }} />`}
    ${importing && html`<${ImportDialog} close=${() => {
      setImporting(false);
      list.again();
    }} />`}
  </div>`;
}

/** Starts a call. @param {{ customer: any }} props */
export function Ring({ customer }) {
  const barred = customer.doNotCall || customer.wrongNumber;
  const ring = async () => {
    const { callId } = await api("POST", "/api/calls/start", { body: { customerId: customer._id } });
    go(`/calls/${callId}`);
  };
  return html`<${Action} small icon="phone" disabled=${barred} title=${barred ? w().problems.do_not_call : undefined} label=${w().customers.ringWho(customer.name)} act=${ring}>${w().customers.ring}<//>`;
}
