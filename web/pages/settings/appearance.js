// In which language one reads, and whether it is light or dark. Kept by this browser alone.

import { html } from "../../app/dom.js";
import { language, readIn, showIn, theme } from "../../app/looks.js";
import { w } from "../../app/words.js";
import { Choice } from "../../parts/field.js";

export const Appearance = () => html`<section class="panel stack">
  <h2>${w().settings.appearance}</h2>
  <div><p class="label">${w().settings.language}</p><${Choice} label=${w().settings.language} value=${language.value} onChange=${readIn} options=${[["ja", "日本語"], ["en", "English"]]} /></div>
  <div><p class="label">${w().settings.theme}</p><${Choice} label=${w().settings.theme} value=${theme.value} onChange=${showIn} options=${[["auto", w().looks.auto], ["light", w().looks.light], ["dark", w().looks.dark]]} /></div>
</section>`;
