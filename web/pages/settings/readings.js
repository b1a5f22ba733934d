// How the names that the AI speaks are read aloud. All are kept together.

import { freshId, html, useState } from "../../app/dom.js";
import { api, Problem, sentence } from "../../app/api.js";
import { useLoaded } from "../../app/load.js";
import { told, w } from "../../app/words.js";
import { Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { Failed } from "../../parts/form.js";
import { Loaded } from "../../parts/lists.js";
import { tell } from "../../parts/toasts.js";

const PATH = "/api/company/readings";

/** @typedef {{ id: string, word: string, reading: string }} Row */

export function Readings() {
  const { data, loading, failed, again } = useLoaded((signal) => api("GET", PATH, { signal }), []);
  return html`<section class="panel stack"><h2>${w().readings.title}</h2><p class="hint">${w().readings.hint}</p>
    <${Loaded} loading=${loading} failed=${failed} empty=${!data} again=${again}>${data && html`<${Editor} readings=${data} />`}<//>
  </section>`;
}

/** @param {{ readings: Omit<Row, "id">[] }} props */
function Editor({ readings }) {
  const [rows, setRows] = useState(() => readings.map((reading) => ({ ...reading, id: freshId("reading") })));
  const [faults, setFaults] = useState(/** @type {Record<string, string>} */ ({}));
  const [failed, setFailed] = useState("");
  const [busy, setBusy] = useState(false);
  const t = w().readings;
  const change = (/** @type {string} */ id, /** @type {Partial<Row>} */ some) => setRows((all) => all.map((row) => (row.id === id ? { ...row, ...some } : row)));
  // Where a row is taken away, those behind it have other places than the faults tell.
  const remove = (/** @type {string} */ id) => {
    setFaults({});
    setRows((all) => all.filter((row) => row.id !== id));
  };
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailed("");
    setFaults({});
    try {
      await api("PUT", PATH, { body: { readings: rows.map(({ word, reading }) => ({ word, reading })) } });
      tell(t.saved);
    } catch (error) {
      const details = error instanceof Problem ? error.details : [];
      setFaults(Object.fromEntries(details.map(({ field, message }) => [field, message])));
      setFailed(details.some(({ field }) => field.startsWith("readings[")) ? w().problem.fields : sentence(error));
    } finally {
      setBusy(false);
    }
  };
  const field = (/** @type {Row} */ row, /** @type {number} */ place, /** @type {"word" | "reading"} */ name) => html`<${Field} label=${t[name]} required maxlength="40" value=${row[name]} wrong=${told(faults[`readings[${place}].${name}`] ?? "")} onInput=${(/** @type {string} */ value) => change(row.id, { [name]: value })} />`;
  return html`<form class="stack" onSubmit=${save} novalidate>
    ${rows.length === 0 && html`<p class="empty">${t.none}</p>`}
    <div class="stack">${rows.map((row, place) => html`<div key=${row.id} class="phrase reading" role="group" aria-label=${t.number(place + 1)}>${field(row, place, "word")}${field(row, place, "reading")}<${Button} icon="trash" look="quiet" label=${t.remove(place + 1)} onClick=${() => remove(row.id)} /></div>`)}</div>
    <${Failed} failed=${failed} />
    <div class="row end"><${Button} icon="plus" onClick=${() => setRows((all) => [...all, { id: freshId("reading"), word: "", reading: "" }])}>${t.add}<//><${Button} look="primary" type="submit" busy=${busy}>${t.save}<//></div>
  </form>`;
}
