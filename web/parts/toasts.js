// What is told in passing, at the edge of the screen and to screen readers.

import { html, signal } from "../app/dom.js";
import { w } from "../app/words.js";
import { Icon } from "./icon.js";

/** How long it stays, in milliseconds; what failed stays longer. */
const STAYS = { good: 4000, bad: 9000 };
const MOST = 4;

const told = signal(/** @type {{ id: number, text: string, kind: "good" | "bad" }[]} */ ([]));
let last = 0;

/** @param {string} text @param {"good" | "bad"} [kind] */
export function tell(text, kind = "good") {
  const id = ++last;
  told.value = [...told.value.filter((one) => one.text !== text), { id, text, kind }].slice(-MOST);
  setTimeout(() => forget(id), STAYS[kind]);
}

/** @param {number} id */
const forget = (id) => (told.value = told.value.filter((one) => one.id !== id));

export const Toasts = () => html`<div class="toasts" role="status" aria-live="polite">
  ${told.value.map(
    ({ id, text, kind }) => html`<div key=${id} class=${`toast ${kind}`}>
      <${Icon} name=${kind === "bad" ? "warn" : "check"} /><span>${text}</span>
      <button type="button" class="button quiet small alone" aria-label=${w().common.close} onClick=${() => forget(id)}><${Icon} name="close" /></button>
    </div>`,
  )}
</div>`;
