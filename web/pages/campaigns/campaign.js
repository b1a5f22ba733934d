// One campaign: how far it is, what may be ordered, and whom it rings.

import { html, useEffect, useState } from "../../app/dom.js";
import { api } from "../../app/api.js";
import { moment, number, span } from "../../app/format.js";
import { useLoaded } from "../../app/load.js";
import { isAtLeast } from "../../app/session.js";
import { named, w } from "../../app/words.js";
import { Action, Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { Loaded } from "../../parts/lists.js";
import { tell } from "../../parts/toasts.js";
import { State, Way } from "./campaigns.js";
import { CampaignDialog } from "./edit.js";
import { Entries } from "./entries.js";

/** How often one that runs is looked at, in milliseconds. */
const LOOK = 2000;
/** Which orders a state allows. @type {Record<string, ("start" | "pause" | "resume" | "stop")[]>} */
const ORDERS = { draft: ["start"], running: ["pause", "stop"], paused: ["resume", "stop"] };
/** In which states it may still be changed. */
const OPEN = ["draft", "running", "paused"];
const ICONS = { start: "play", pause: "hold", resume: "play", stop: "close" };

/** @param {{ id: string }} props */
export function Campaign({ id }) {
  const [round, setRound] = useState(0);
  const [editing, setEditing] = useState(false);
  const found = useLoaded((signal) => api("GET", `/api/campaigns/${id}`, { signal }), [id, round]);
  const campaign = found.data;
  const runs = campaign?.state === "running" || campaign?.progress.calling > 0;
  useEffect(() => {
    if (!runs) return;
    const timer = setInterval(() => document.hidden || setRound((number) => number + 1), LOOK);
    return () => clearInterval(timer);
  }, [runs]);
  if (!campaign) return html`<div class="page"><${Loaded} loading=${found.loading} failed=${found.failed} empty again=${found.again} /></div>`;
  const { progress } = campaign;
  const t = w().campaigns;
  return html`<div class="page wide">
    <div class="head"><div><h1>${campaign.name}</h1><p><${State} campaign=${campaign} /> <${Way} progress=${progress} /></p></div>
      ${isAtLeast("supervisor") && html`<div class="row">${OPEN.includes(campaign.state) && html`<${Button} icon="edit" onClick=${() => setEditing(true)}>${t.edit}<//>`}${(ORDERS[campaign.state] ?? []).map(
        (order) => html`<${Action} key=${order} icon=${ICONS[order]} look=${order === "start" || order === "resume" ? "primary" : order === "stop" ? "danger" : "plain"} done=${t.ordered[order]}
          disabled=${order === "start" && !progress.customers} act=${async () => {
            await api("POST", `/api/campaigns/${id}/${order}`, { body: {} });
            found.again();
          }}>${t.orders[order]}<//>`,
      )}</div>`}</div>
    <dl class="counters">
      ${/** @type {const} */ (["customers", "waiting", "calling", "done", "skipped", "failed"]).map((name) => html`<div key=${name}><dt>${t.counts[name]}</dt><dd>${number(progress[name])}</dd></div>`)}
    </dl>
    <div class="halves">
      ${isAtLeast("supervisor") && OPEN.includes(campaign.state) && html`<${Add} id=${id} again=${found.again} />`}
      ${isAtLeast("supervisor") && html`<${Examine} id=${id} />`}
      <section class="panel"><h2>${t.results}</h2><${Shares} parts=${progress.results} words=${t.outcomes} /><${Shares} parts=${progress.skippedBecause} words=${t.skips} /></section>
    </div>
    <${Entries} id=${id} round=${round} total=${progress.customers} />
    ${editing && html`<${CampaignDialog} campaign=${campaign} close=${() => setEditing(false)} done=${() => {
      setEditing(false);
      tell(w().common.saved);
      found.again();
    }} />`}
  </div>`;
}

/** @param {{ parts: Record<string, number>, words: Record<string, string> }} props */
const Shares = ({ parts, words }) => html`<ul class="simple">${Object.entries(parts).map(([word, count]) => html`<li key=${word} class="row"><span>${named(words, word)}</span><b class="tabular">${number(count)}</b></li>`)}</ul>`;

/** Puts customers on the list: all, or those with a status or words. @param {{ id: string, again: () => void }} props */
function Add({ id, again }) {
  const [status, setStatus] = useState("");
  const [search, setSearch] = useState("");
  const t = w().campaigns;
  const add = async () => {
    const filter = { ...(status ? { status } : {}), ...(search ? { search } : {}) };
    const told = await api("POST", `/api/campaigns/${id}/customers`, { body: { filter } });
    tell(t.added(told.added, told.duplicates));
    again();
  };
  return html`<section class="panel stack"><h2>${t.add}</h2><p class="hint">${t.addHint} <a href="/customers">${w().customers.import}</a></p>
    <div class="pair"><${Field} label=${w().fields.customerStatus} value=${status} onInput=${setStatus} /><${Field} label=${w().customers.search} value=${search} onInput=${setSearch} /></div>
    <div class="row end"><${Action} icon="plus" act=${add}>${status || search ? t.addThese : t.addAll}<//></div></section>`;
}

/** Who will be skipped, and how long it takes, before anybody is rung. @param {{ id: string }} props */
function Examine({ id }) {
  const [checked, setChecked] = useState(/** @type {any} */ (null));
  const t = w().campaigns;
  return html`<section class="panel stack"><h2>${t.check}</h2>
    ${checked && html`<dl class="pairs" aria-live="polite"><dt>${t.toRing}</dt><dd>${number(checked.toRing)}</dd><dt>${t.counts.skipped}</dt><dd>${number(checked.skipped)}</dd>
      <dt>${t.opensAt}</dt><dd>${moment(checked.opensAt) || t.never}</dd><dt>${t.least}</dt><dd>${span(checked.leastSecs)}</dd></dl><${Shares} parts=${checked.skippedBecause} words=${t.skips} />`}
    <div class="row end"><${Action} icon="check" act=${async () => setChecked(await api("POST", `/api/campaigns/${id}/check`, { body: {} }))}>${t.checkNow}<//></div></section>`;
}
