// The campaigns: lists of customers that are rung one after the other.

import { html, useState } from "../../app/dom.js";
import { asked } from "../../app/api.js";
import { number } from "../../app/format.js";
import { useLoaded } from "../../app/load.js";
import { go } from "../../app/router.js";
import { isAtLeast } from "../../app/session.js";
import { named, w } from "../../app/words.js";
import { Badge } from "../../parts/badge.js";
import { Button } from "../../parts/button.js";
import { Loaded } from "../../parts/lists.js";
import { CampaignDialog } from "./edit.js";
import { Table } from "../../parts/table.js";

/** @type {Record<string, string>} */
const TONES = { draft: "still", running: "human", paused: "wait", stopped: "bad", completed: "ai" };

export function Campaigns() {
  const list = useLoaded((signal) => asked("GET", "/api/campaigns", { signal, query: { limit: 100 } }), []);
  const [making, setMaking] = useState(false);
  const campaigns = list.data?.data ?? [];
  const t = w().campaigns;
  return html`<div class="page wide">
    <div class="head"><h1>${w().nav.campaigns}</h1>${isAtLeast("supervisor") && html`<${Button} look="primary" icon="plus" onClick=${() => setMaking(true)}>${t.new}<//>`}</div>
    <${Loaded} loading=${list.loading} failed=${list.failed} empty=${!campaigns.length} text=${t.none} again=${list.again}>
      <${Table} label=${w().nav.campaigns}>
        <thead><tr><th scope="col">${t.name}</th><th scope="col">${w().fields.status}</th><th scope="col">${t.progress}</th><th scope="col" class="number">${t.customers}</th><th scope="col" class="number">${t.won}</th></tr></thead>
        <tbody>${campaigns.map((/** @type {any} */ one) => html`<tr key=${one._id}>
          <th scope="row"><a href=${`/campaigns/${one._id}`}>${one.name}</a></th><td><${State} campaign=${one} /></td>
          <td><${Way} progress=${one.progress} /></td><td class="number">${number(one.progress.customers)}</td><td class="number">${number(one.progress.results.success ?? 0)}</td></tr>`)}</tbody>
      <//>
    <//>
    ${making && html`<${CampaignDialog} close=${() => setMaking(false)} done=${(/** @type {string} */ id) => go(`/campaigns/${id}`)} />`}
  </div>`;
}

/** @param {{ campaign: any }} props */
export const State = ({ campaign: { state, waitsFor, pauseReason } }) => html`<${Badge} tone=${TONES[state] ?? "still"}>${named(w().campaigns.states, state)}<//>
  ${(waitsFor || (state === "paused" && pauseReason)) && html` <small>${named(w().campaigns.waits, waitsFor ?? pauseReason)}</small>`}`;

/** How many have been seen to. @param {{ progress: any }} props */
export function Way({ progress: { customers, done, skipped, failed } }) {
  const seen = done + skipped + failed;
  return html`<span class="way-bar"><meter min="0" max=${Math.max(1, customers)} value=${seen}></meter> <span class="tabular">${customers ? Math.round((seen / customers) * 100) : 0}%</span></span>`;
}
