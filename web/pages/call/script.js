// Where the talk stands in the company's script, and as whom the AI speaks.

import { cls, html, useMemo } from "../../app/dom.js";
import { w } from "../../app/words.js";
import { phases } from "./story.js";

const WAY = /** @type {const} */ (["opening", "purpose", "pitch", "holding", "callback", "closing"]);

/** @param {{ call: any, journal: any[] }} props */
export function Script({ call, journal }) {
  const been = useMemo(() => phases(journal), [journal]);
  const now = call.status === "human-connected" ? "human" : been.at(-1);
  const spoke = call.aiConfiguration ?? {};
  return html`<section class="panel">
    <h2>${w().call.script}</h2>
    <ol class="way">
      ${[...WAY, /** @type {const} */ ("human")].map((phase) => {
        const reached = phase === "human" ? journal.some(({ event }) => event.type === "handoverMoved" && event.stage.at === "bridged") : been.includes(phase);
        return html`<li key=${phase} class=${cls(reached && "reached", phase === now && "now")} aria-current=${phase === now ? "step" : undefined}>${w().phase[phase]}</li>`;
      })}
    </ol>
    <dl class="pairs">
      <dt>${w().fields.companyName}</dt><dd>${spoke.companyName || "–"}</dd>
      <dt>${w().fields.serviceName}</dt><dd>${spoke.serviceName || "–"}</dd>
      <dt>${w().fields.representativeName}</dt><dd>${spoke.representativeName || "–"}</dd>
      <dt>${w().fields.targetDepartment}</dt><dd>${spoke.targetDepartment || "–"}</dd>
    </dl>
  </section>`;
}
