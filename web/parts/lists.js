// What every list has: something while it loads, when it is empty, when it failed, and its pages.

import { html } from "../app/dom.js";
import { number } from "../app/format.js";
import { w } from "../app/words.js";
import { Button } from "./button.js";
import { Failed } from "./form.js";

/** @param {{ loading: boolean, failed: string, empty: boolean, text?: string, again?: () => void, children?: any }} props */
export function Loaded({ loading, failed, empty, text, again, children }) {
  if (failed) return html`<div class="empty"><${Failed} failed=${failed} />${again && html`<${Button} onClick=${again}>${w().common.again}<//>`}</div>`;
  if (loading && empty) return html`<p class="empty" role="status">${w().common.loading}</p>`;
  if (empty) return html`<p class="empty">${text ?? w().common.nothing}</p>`;
  return html`<div class=${loading ? "loading" : ""} aria-busy=${loading ? "true" : undefined}>${children}</div>`;
}

/** @param {{ page: number, pages: number, total: number, go: (page: number) => void }} props */
export function Pages({ page, pages, total, go }) {
  return html`<nav class="pages" aria-label=${w().common.pages}>
    <span>${w().common.total(number(total))}</span>
    ${pages > 1 &&
    html`<${Button} icon="left" small label=${w().common.before} disabled=${page <= 1} onClick=${() => go(page - 1)} />
      <span class="tabular">${page} / ${number(pages)}</span>
      <${Button} icon="right" small label=${w().common.next} disabled=${page >= pages} onClick=${() => go(page + 1)} />`}
  </nav>`;
}
