// Agents compared.

import { html } from "../../app/dom.js";
import { nameOf, number, span } from "../../app/format.js";
import { w } from "../../app/words.js";
import { Table } from "../../parts/table.js";

/** @param {{ series: any[] }} props */
export function Agents({ series }) {
  const theirs = series.filter(({ agent }) => agent).sort((one, other) => other.totalCalls - one.totalCalls);
  if (!theirs.length) return html`<p class="none">${w().common.nothing}</p>`;
  const most = Math.max(...theirs.map(({ totalCalls }) => totalCalls));
  const t = w().reports;
  return html`<${Table} label=${t.agents}>
    <thead><tr><th scope="col">${w().fields.agent}</th><th scope="col">${t.calls}</th><th scope="col" class="number">${t.successes}</th><th scope="col" class="number">${t.rate}</th><th scope="col" class="number">${t.duration}</th><th scope="col" class="number">${t.wait}</th></tr></thead>
    <tbody>${theirs.map(
      (one) => html`<tr key=${one._id}><th scope="row">${nameOf(one.agent)}</th><td><span class="tabular">${number(one.totalCalls)}</span> <meter min="0" max=${most} value=${one.totalCalls}></meter></td>
        <td class="number">${number(one.successfulCalls)}</td><td class="number">${Number(one.successRate).toFixed(1)}%</td><td class="number">${span(one.averageDuration)}</td><td class="number">${w().common.seconds(one.handoffs.averageWait)}</td></tr>`,
    )}</tbody>
  <//>`;
}
