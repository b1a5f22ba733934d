// In which language it is read, and whether it is light or dark.

import { html } from "../app/dom.js";
import { language, readIn, showIn, theme } from "../app/looks.js";
import { w } from "../app/words.js";
import { Button } from "./button.js";

export function Looks() {
  const next = /** @type {const} */ ({ auto: "light", light: "dark", dark: "auto" })[theme.value];
  const icon = { auto: "auto", light: "sun", dark: "moon" }[theme.value];
  const other = language.value === "ja" ? "en" : "ja";
  return html`<div class="looks">
    <${Button} look="quiet" small icon="language" lang=${other} label=${other === "ja" ? "日本語" : "English"} onClick=${() => readIn(other)}>${other === "ja" ? "日本語" : "English"}<//>
    <${Button} look="quiet" small icon=${icon} label=${w().looks.now(w().looks[theme.value])} onClick=${() => showIn(next)} />
  </div>`;
}
