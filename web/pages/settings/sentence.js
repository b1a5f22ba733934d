// One sentence of the script: in the company's or one's own words, and how it will sound.

import { html, useRef, useState } from "../../app/dom.js";
import { named, w } from "../../app/words.js";
import { Action, Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { parts } from "./template.js";
import { canSpeak, speak } from "./speech.js";

/**
 * @param {{ template: { key: string, text: string }, script: any, own: string, values: Record<string, string>,
 *   keep: (key: string, text: string | null) => Promise<void> }} props
 */
export function Sentence({ template: { key, text: original }, script, own, values, keep }) {
  const [text, setText] = useState(own || original);
  const area = useRef(/** @type {HTMLElement | null} */ (null));
  const cut = parts(text, script.variables, { ...values, ...w().conversation.sample }, script.instead);
  const wrong = cut.some((part) => part.kind === "unknown") || text.length > script.longest;
  const spoken = cut.map((part) => part.shown).join("");
  const insert = (/** @type {string} */ name) => {
    const field = area.current?.querySelector("textarea");
    const [from, to] = [field?.selectionStart ?? text.length, field?.selectionEnd ?? text.length];
    setText(`${text.slice(0, from)}{{${name}}}${text.slice(to)}`);
    field?.focus();
  };
  const changed = text !== (own || original);
  return html`<article class="sentence" data-template=${key} ref=${area}>
    <${Field} as="textarea" rows="3" label=${named(w().conversation.keys, key)} value=${text} onInput=${setText} maxlength=${script.longest}
      wrong=${wrong ? w().conversation.unknown(cut.filter((part) => part.kind === "unknown").map((part) => part.shown).join(" ")) : ""} />
    <div class="row chips">${script.variables.map((/** @type {string} */ name) => html`<button type="button" key=${name} class="chip variable" onClick=${() => insert(name)}>${named(w().conversation.variables, name)}</button>`)}</div>
    <p class="preview" lang=${script.language}>${cut.map((part, place) => html`<span key=${place} class=${part.kind}>${part.shown}</span>`)}</p>
    <div class="row end">
      ${canSpeak() && html`<${Button} small look="quiet" icon="play" onClick=${() => speak(spoken, script.language)}>${w().conversation.hear}<//>`}
      ${own && html`<${Action} small look="quiet" done=${w().common.saved} act=${async () => {
        await keep(key, null);
        setText(original);
      }}>${w().conversation.original}<//>`}
      <${Action} small icon="check" disabled=${!changed || wrong || !text.trim()} done=${w().conversation.kept} act=${() => keep(key, text.trim() === original ? null : text)}>${w().common.save}<//>
    </div>
  </article>`;
}
