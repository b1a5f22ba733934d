// Whom we have promised to ring back, due first first.

import { html } from "../../app/dom.js";
import { api, asked, sentence } from "../../app/api.js";
import { dialled, moment, nameOf } from "../../app/format.js";
import { useLoaded } from "../../app/load.js";
import { query, refine } from "../../app/router.js";
import { isAtLeast, session } from "../../app/session.js";
import { w } from "../../app/words.js";
import { serverNow } from "../../live/clock.js";
import { team } from "../../live/team.js";
import { Action } from "../../parts/button.js";
import { Choice } from "../../parts/field.js";
import { Loaded, Pages } from "../../parts/lists.js";
import { Table } from "../../parts/table.js";
import { tell } from "../../parts/toasts.js";
import { Ring } from "../customers/customers.js";

const KINDS = /** @type {const} */ (["due", "open", "done", "cancelled"]);

export function Callbacks() {
  const at = query.value;
  const kind = /** @type {(typeof KINDS)[number]} */ (at.get("kind") ?? "open");
  const whose = at.get("whose") ?? "";
  const page = Number(at.get("page") ?? 1) || 1;
  const asking = { ...(kind === "due" ? { due: true } : { status: kind }), assignedTo: whose === "mine" ? session.value?.user.id : whose || null, page, limit: 25 };
  const list = useLoaded((signal) => asked("GET", "/api/callbacks", { signal, query: asking }), [JSON.stringify(asking)]);
  const callbacks = list.data?.data ?? [];
  return html`<div class="page wide">
    <h1>${w().nav.callbacks}</h1>
    <div class="tools">
      <${Choice} label=${w().fields.status} value=${kind} options=${KINDS.map((word) => [word, w().callbacks.kinds[word]])} onChange=${(/** @type {string} */ kind) => refine({ kind, page: null })} />
      <${Choice} label=${w().callbacks.whose} value=${whose} options=${[["", w().common.all], ["mine", w().callbacks.mine], ["none", w().callbacks.nobodys]]} onChange=${(/** @type {string} */ whose) => refine({ whose, page: null })} />
    </div>
    <${Loaded} loading=${list.loading} failed=${list.failed} empty=${!callbacks.length} text=${w().callbacks.none} again=${list.again}>
      <${Table} label=${w().nav.callbacks}>
        <thead><tr><th scope="col">${w().callbacks.when}</th><th scope="col">${w().fields.customer}</th><th scope="col">${w().callbacks.words}</th><th scope="col">${w().callbacks.who}</th><th scope="col"><span class="unseen">${w().call.actions}</span></th></tr></thead>
        <tbody>${callbacks.map((/** @type {any} */ one) => html`<${Row} key=${one._id} callback=${one} again=${list.again} />`)}</tbody>
      <//>
      <${Pages} page=${page} pages=${list.data?.pagination.total ?? 1} total=${list.data?.total ?? 0} go=${(/** @type {number} */ page) => refine({ page: page > 1 ? page : null })} />
    <//>
  </div>`;
}

/** @param {{ callback: any, again: () => void }} props */
function Row({ callback, again }) {
  const me = session.value?.user.id;
  const supervises = isAtLeast("supervisor");
  const open = callback.status === "open";
  const mine = callback.assignedTo?._id === me;
  const late = open && Date.parse(callback.wantedAt) < serverNow();
  const change = (/** @type {any} */ body) => async () => {
    await api("PATCH", `/api/callbacks/${callback._id}`, { body });
    again();
  };
  const assign = (/** @type {any} */ event) => change({ assignedTo: event.currentTarget.value || null })().catch((error) => tell(sentence(error), "bad"));
  return html`<tr data-callback=${callback._id}>
    <td class=${late ? "late" : ""}>${moment(callback.wantedAt)}${!callback.dueAt && html`<small>${w().callbacks.anyTime}</small>`}</td>
    <th scope="row">${callback.customerId?.name}<small>${[callback.customerId?.company, dialled(callback.customerId?.phone)].filter(Boolean).join("　")}</small></th>
    <td>${callback.words ? html`<q>${callback.words}</q>` : "–"} ${callback.callId && html`<a href=${`/calls/${callback.callId._id}`}>${w().callbacks.theCall}</a>`}</td>
    <td>${supervises && open
      ? html`<select aria-label=${w().callbacks.who} onChange=${assign}><option value="">${w().callbacks.nobody}</option>
          ${(team.value ?? []).map(({ user }) => html`<option key=${user._id} value=${user._id} selected=${user._id === callback.assignedTo?._id}>${nameOf(user)}</option>`)}</select>`
      : nameOf(callback.assignedTo) || w().callbacks.nobody}</td>
    <td><div class="acts">
      ${open && !callback.assignedTo && html`<${Action} small act=${change({ assignedTo: me })}>${w().callbacks.take}<//>`}
      ${open && mine && !supervises && html`<${Action} small look="quiet" act=${change({ assignedTo: null })}>${w().callbacks.giveBack}<//>`}
      ${open && (mine || supervises) && html`<${Ring} customer=${callback.customerId ?? {}} /><${Action} small icon="check" done=${w().callbacks.doneTold} act=${change({ status: "done" })}>${w().callbacks.done}<//>
        <${Action} small look="quiet" icon="close" label=${w().callbacks.cancel} act=${change({ status: "cancelled" })} />`}
      ${!open && (mine || supervises) && html`<${Action} small look="quiet" act=${change({ status: "open" })}>${w().callbacks.reopen}<//>`}
    </div></td>
  </tr>`;
}
