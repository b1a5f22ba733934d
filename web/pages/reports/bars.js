// Bars: how much, and how much of it was good, where that is told. The figures stand in a table for those who do not see them.

import { html } from "../../app/dom.js";
import { w } from "../../app/words.js";

const HEIGHT = 160;
const WIDTH = 900;
/** More labels than these would run into each other. */
const LABELS = 16;

/** @param {{ bars: import("./figures.js").Bar[], all: string, good?: string }} props What the bars stand for. */
export function Bars({ bars, all: whole, good: part }) {
  const most = Math.max(1, ...bars.map(({ all }) => all));
  const step = WIDTH / bars.length;
  const wide = Math.max(2, Math.min(48, step * 0.7));
  const every = Math.ceil(bars.length / LABELS);
  const tall = (/** @type {number} */ count) => (count / most) * (HEIGHT - 18);
  const t = w().reports;
  return html`<figure class="bars">
    <svg viewBox=${`0 0 ${WIDTH} ${HEIGHT + 22}`} role="img" aria-label=${t.chart(whole)}>
      ${[0.5, 1].map((share) => html`<g key=${share}><line x1="0" x2=${WIDTH} y1=${HEIGHT - tall(most * share)} y2=${HEIGHT - tall(most * share)} class="grid" /><text x="0" y=${HEIGHT - tall(most * share) - 3}>${Math.round(most * share)}</text></g>`)}
      <line x1="0" x2=${WIDTH} y1=${HEIGHT} y2=${HEIGHT} class="ground" />
      ${bars.map(({ label, all, good }, place) => {
        const left = place * step + (step - wide) / 2;
        return html`<g key=${place}><title>${`${label}: ${part ? `${all} / ${good}` : all}`}</title>
          <rect x=${left} width=${wide} y=${HEIGHT - tall(all)} height=${tall(all)} class="all" />
          ${part && html`<rect x=${left} width=${wide} y=${HEIGHT - tall(good ?? 0)} height=${tall(good ?? 0)} class="good" />`}
          ${place % every === 0 && html`<text x=${left + wide / 2} y=${HEIGHT + 16} text-anchor="middle">${label}</text>`}</g>`;
      })}
    </svg>
    <figcaption><span class="key all"></span>${whole}${part && html`<span class="key good"></span>${part}`}</figcaption>
    <table class="unseen"><thead><tr><th scope="col">${t.when}</th><th scope="col">${whole}</th>${part && html`<th scope="col">${part}</th>`}</tr></thead>
      <tbody>${bars.map(({ label, all, good }, place) => html`<tr key=${place}><th scope="row">${label}</th><td>${all}</td>${part && html`<td>${good}</td>`}</tr>`)}</tbody></table>
  </figure>`;
}
