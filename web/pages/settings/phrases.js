// The company's own phrases: what means something of its own where it rings. All are kept together.

import { freshId, html, useState } from "../../app/dom.js";
import { api, Problem, sentence } from "../../app/api.js";
import { useLoaded } from "../../app/load.js";
import { language as reading } from "../../app/looks.js";
import { told, w } from "../../app/words.js";
import { Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { Failed } from "../../parts/form.js";
import { Loaded } from "../../parts/lists.js";
import { tell } from "../../parts/toasts.js";

const PATH = "/api/company/phrases";
const LANGUAGES = /** @type {const} */ (["ja", "en"]);

/** @typedef {{ id: string, language: string, intent: string, text: string }} Row */

export function Phrases() {
  const { data, loading, failed, again } = useLoaded((signal) => api("GET", PATH, { signal }), []);
  return html`<section class="panel stack"><h2>${w().phrases.title}</h2><p class="hint">${w().phrases.hint}</p>
    <${Loaded} loading=${loading} failed=${failed} empty=${!data} again=${again}>${data && html`<${Editor} phrases=${data} />`}<//>
  </section>`;
}

/** @param {{ phrases: Omit<Row, "id">[] }} props */
function Editor({ phrases }) {
  const [rows, setRows] = useState(() => phrases.map((phrase) => ({ ...phrase, id: freshId("phrase") })));
  const [faults, setFaults] = useState(/** @type {Record<string, string>} */ ({}));
  const [failed, setFailed] = useState("");
  const [busy, setBusy] = useState(false);
  const change = (/** @type {string} */ id, /** @type {Partial<Row>} */ some) => setRows((all) => all.map((row) => (row.id === id ? { ...row, ...some } : row)));
  // Where a row is taken away, those behind it have other places than the faults tell.
  const remove = (/** @type {string} */ id) => {
    setFaults({});
    setRows((all) => all.filter((row) => row.id !== id));
  };
  const add = () => setRows((all) => [...all, { id: freshId("phrase"), language: all.at(-1)?.language ?? reading.value, intent: all.at(-1)?.intent ?? "absent", text: "" }]);
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailed("");
    setFaults({});
    try {
      await api("PUT", PATH, { body: { phrases: rows.map(({ language, intent, text }) => ({ language, intent, text })) } });
      tell(w().phrases.saved);
    } catch (error) {
      const details = error instanceof Problem ? error.details : [];
      setFaults(Object.fromEntries(details.map(({ field, message }) => [field, message])));
      setFailed(details.some(({ field }) => field.startsWith("phrases[")) ? w().problem.fields : sentence(error));
    } finally {
      setBusy(false);
    }
  };
  return html`<form class="stack" onSubmit=${save} novalidate>
    ${rows.length === 0 && html`<p class="empty">${w().phrases.none}</p>`}
    <div class="stack">${rows.map((row, place) => html`<${Phrase} key=${row.id} row=${row} place=${place} faults=${faults} change=${change} remove=${remove} />`)}</div>
    <${Failed} failed=${failed} />
    <div class="row end"><${Button} icon="plus" onClick=${add}>${w().phrases.add}<//><${Button} look="primary" type="submit" busy=${busy}>${w().phrases.save}<//></div>
  </form>`;
}

/** @param {{ row: Row, place: number, faults: Record<string, string>, change: (id: string, some: Partial<Row>) => void, remove: (id: string) => void }} props */
function Phrase({ row, place, faults, change, remove }) {
  const t = w().phrases;
  const wrong = (/** @type {string} */ field) => told(faults[`phrases[${place}].${field}`] ?? "");
  const intents = Object.entries(w().intent).filter(([intent]) => intent !== "unknown");
  const set = (/** @type {keyof Row} */ field) => (/** @type {string} */ value) => change(row.id, { [field]: value });
  return html`<div class="phrase" role="group" aria-label=${t.number(place + 1)}>
    <${Field} label=${t.text} required maxlength="200" lang=${row.language} value=${row.text} wrong=${wrong("text")} onInput=${set("text")} />
    <${Field} as="select" label=${t.intent} value=${row.intent} wrong=${wrong("intent")} onInput=${set("intent")}>
      ${intents.map(([intent, word]) => html`<option key=${intent} value=${intent} selected=${intent === row.intent}>${word}</option>`)}<//>
    <${Field} as="select" label=${t.language} value=${row.language} wrong=${wrong("language")} onInput=${set("language")}>
      ${LANGUAGES.map((code) => html`<option key=${code} value=${code} selected=${code === row.language}>${w().people.languageNames[code]}</option>`)}<//>
    <${Button} icon="trash" look="quiet" label=${t.remove(place + 1)} onClick=${() => remove(row.id)} />
  </div>`;
}
