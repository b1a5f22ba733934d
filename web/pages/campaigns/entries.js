// Whom a campaign rings, and what came of it.

import { html, useState } from "../../app/dom.js";
import { asked } from "../../app/api.js";
import { dialled, moment } from "../../app/format.js";
import { useLoaded } from "../../app/load.js";
import { named, w } from "../../app/words.js";
import { Choice } from "../../parts/field.js";
import { Loaded, Pages } from "../../parts/lists.js";
import { Table } from "../../parts/table.js";

const STATES = /** @type {const} */ (["", "waiting", "calling", "done", "skipped", "failed"]);

/** @param {{ id: string, round: number, total: number }} props */
export function Entries({ id, round, total }) {
  const [state, setState] = useState("");
  const [page, setPage] = useState(1);
  const list = useLoaded((signal) => asked("GET", `/api/campaigns/${id}/customers`, { signal, query: { state, page, limit: 25 } }), [id, state, page, round, total]);
  const entries = list.data?.data ?? [];
  const t = w().campaigns;
  return html`<section class="stack">
    <div class="tools"><${Choice} label=${w().fields.status} value=${state} options=${STATES.map((word) => [word, word ? t.counts[word] : w().common.all])} onChange=${(/** @type {string} */ word) => {
      setState(word);
      setPage(1);
    }} /></div>
    <${Loaded} loading=${list.loading} failed=${list.failed} empty=${!entries.length} again=${list.again}>
      <${Table} label=${t.customers}>
        <thead><tr><th scope="col">${w().fields.customer}</th><th scope="col">${w().fields.status}</th><th scope="col">${w().fields.result}</th><th scope="col" class="number">${t.attempts}</th><th scope="col">${t.next}</th></tr></thead>
        <tbody>${entries.map((/** @type {any} */ entry) => html`<tr key=${entry.customerId}>
          <th scope="row">${entry.customer?.name ?? "–"}<small>${[entry.customer?.company, dialled(entry.customer?.phone)].filter(Boolean).join("　")}</small></th>
          <td>${t.counts[/** @type {"done"} */ (entry.state)]}</td><td>${named(t.outcomes, entry.result) || named(t.skips, entry.skipped) || "–"}</td>
          <td class="number">${entry.attempts.length}</td><td>${moment(entry.nextAttemptAt) || "–"}</td></tr>`)}</tbody>
      <//>
      <${Pages} page=${page} pages=${list.data?.pagination.total ?? 1} total=${list.data?.total ?? 0} go=${setPage} />
    <//>
  </section>`;
}
