// The company's own phrases: what means something of its own where it rings.

import { html } from "../../app/dom.js";
import { language as reading } from "../../app/looks.js";
import { w } from "../../app/words.js";
import { Field } from "../../parts/field.js";
import { Rows } from "../../parts/rows.js";

const LANGUAGES = /** @type {const} */ (["ja", "en"]);

export function Phrases() {
  const t = w().phrases;
  const intents = Object.entries(w().intent).filter(([intent]) => intent !== "unknown");
  const fields = (/** @type {import("../../parts/rows.js").Row} */ row, /** @type {(field: string) => import("../../parts/rows.js").Cell} */ cell) => html`
    <${Field} label=${t.text} required maxlength="200" lang=${row.language} ...${cell("text")} />
    <${Field} as="select" label=${t.intent} ...${cell("intent")}>
      ${intents.map(([intent, word]) => html`<option key=${intent} value=${intent} selected=${intent === row.intent}>${word}</option>`)}<//>
    <${Field} as="select" label=${t.language} ...${cell("language")}>
      ${LANGUAGES.map((code) => html`<option key=${code} value=${code} selected=${code === row.language}>${w().people.languageNames[code]}</option>`)}<//>`;
  const fresh = (/** @type {import("../../parts/rows.js").Row | undefined} */ last) => ({ language: last?.language ?? reading.value, intent: last?.intent ?? "absent", text: "" });
  return html`<${Rows} name="phrases" path="/api/company/phrases" words=${t} fresh=${fresh} fields=${fields} />`;
}
