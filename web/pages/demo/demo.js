// The demo: somebody is rung who answers by themselves, or whoever looks on is the customer.

import { html } from "../../app/dom.js";
import { api } from "../../app/api.js";
import { language } from "../../app/looks.js";
import { useLoaded } from "../../app/load.js";
import { go } from "../../app/router.js";
import { w } from "../../app/words.js";
import { Action } from "../../parts/button.js";
import { Loaded } from "../../parts/lists.js";

/** @typedef {{ name: string, lang: "ja" | "en", about: { ja: string, en: string }, visitor: boolean }} Persona */

export function Demo() {
  const list = useLoaded((signal) => api("GET", "/api/demo", { signal }), []);
  /** @type {Persona[]} */
  const personas = list.data?.personas ?? [];
  // Those who speak the reader's language come first.
  const sorted = [...personas].sort((one, other) => Number(other.lang === language.value) - Number(one.lang === language.value));
  const [visitors, others] = [sorted.filter(({ visitor }) => visitor), sorted.filter(({ visitor }) => !visitor)];
  return html`<div class="page">
    <h1>${w().nav.demo}</h1>
    <${Loaded} loading=${list.loading} failed=${list.failed} empty=${!personas.length} again=${list.again}>
      <div class="stack"><section class="panel be"><h2>${w().demo.be}</h2><p>${w().demo.beText}</p>
        <div class="row">${visitors.map((persona, place) => html`<${Action} key=${persona.name} look=${place ? "plain" : "primary"} icon="phoneIn" act=${() => ring(persona)}>${w().demo.inLanguage[persona.lang]}<//>`)}</div>
      </section>
      <section><h2 class="above">${w().demo.persona}</h2><p class="hint">${w().demo.personaText}</p>
        <ul class="personas">${others.map((persona) => html`<li key=${persona.name} class="panel">
          <p>${persona.about[language.value]}</p>
          <p class="hint" translate="no">${persona.name}${persona.lang !== language.value && html` <span class="chip">${w().demo.speaks[persona.lang]}</span>`}</p>
          <${Action} icon="phone" small label=${w().demo.ringWho(persona.about[language.value])} act=${() => ring(persona)}>${w().demo.ring}<//>
        </li>`)}</ul>
      </section></div>
    <//>
  </div>`;
}

/** @param {Persona} persona */
async function ring(persona) {
  const { callId } = await api("POST", "/api/demo/calls", { body: { persona: persona.name } });
  go(persona.visitor ? `/demo/${callId}?lang=${persona.lang}` : `/calls/${callId}`);
}
