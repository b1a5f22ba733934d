// A box to try the engine: what a customer says, what is understood of it and why, and what the AI would answer.

import { html, useState } from "../../app/dom.js";
import { api } from "../../app/api.js";
import { named, w } from "../../app/words.js";
import { Intent } from "../../parts/badge.js";
import { Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { Failed, useForm } from "../../parts/form.js";
import { Why } from "../call/transcript.js";

const PHASES = /** @type {const} */ (["opening", "purpose", "pitch", "holding", "callback"]);

/** @param {{ language: string }} props */
export function Try({ language }) {
  const [answer, setAnswer] = useState(/** @type {any} */ (null));
  const form = useForm({ text: "", phase: "opening" }, async (values) => setAnswer(await api("POST", "/api/agents/conversation/try", { body: { ...values, language } })));
  return html`<form class="panel stack try" onSubmit=${form.submit} novalidate>
    <h2>${w().conversation.try}</h2>
    <${Field} as="select" label=${w().conversation.phase} ...${form.field("phase")}>
      ${PHASES.map((phase) => html`<option key=${phase} value=${phase} selected=${phase === form.values.phase}>${w().phase[phase]}</option>`)}<//>
    <${Field} label=${w().conversation.says} required maxlength="400" placeholder=${w().conversation.saysHint} ...${form.field("text")} />
    <${Failed} failed=${form.failed} />
    <div class="row end"><${Button} type="submit" icon="why" busy=${form.busy}>${w().conversation.tryNow}<//></div>
    ${answer && html`<div class="answer" aria-live="polite">
      <p><${Intent} intent=${answer.understanding.intent} score=${answer.understanding.score} /> ${answer.understanding.also.map((/** @type {string} */ intent) => html`<${Intent} key=${intent} intent=${intent} />`)}</p>
      <${Why} known=${{ ...answer.understanding, why: answer.understanding.evidence }} />
      <p class="line-who"><b>AI</b></p>
      ${answer.say.map((/** @type {any} */ line, /** @type {number} */ place) => html`<p class="bubble" key=${place} lang=${language}>${line.text}</p>`)}
      <p class="hint">${named(w().conversation.then, answer.then)}　${named(w().phase, answer.phase)}</p>
    </div>`}
  </form>`;
}
