// How the names that the AI speaks are read aloud.

import { html } from "../../app/dom.js";
import { w } from "../../app/words.js";
import { Field } from "../../parts/field.js";
import { Rows } from "../../parts/rows.js";

export function Readings() {
  const t = w().readings;
  const fields = (/** @type {import("../../parts/rows.js").Row} */ _, /** @type {(field: string) => import("../../parts/rows.js").Cell} */ cell) => html`
    <${Field} label=${t.word} required maxlength="40" ...${cell("word")} /><${Field} label=${t.reading} required maxlength="40" ...${cell("reading")} />`;
  return html`<${Rows} name="readings" path="/api/company/readings" words=${t} class="reading" fresh=${() => ({ word: "", reading: "" })} fields=${fields} />`;
}
