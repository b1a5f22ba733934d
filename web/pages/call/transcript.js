// What is said, as a talk: the customer on one side, we on the other. New lines are read out, and scrolled to unless somebody
// has scrolled back.

import { cls, html, useEffect, useMemo, useRef, useState } from "../../app/dom.js";
import { clock, percent } from "../../app/format.js";
import { named, w } from "../../app/words.js";
import { Intent } from "../../parts/badge.js";
import { Icon } from "../../parts/icon.js";
import { isOver } from "../../live/watched.js";
import { lineKey, understood } from "./story.js";

/** Words that were recognised less surely than this are marked as such. */
const UNSURE = 0.7;
/** So near to its end a list counts as at its end, in pixels. */
const NEAR = 60;

/** @param {{ call: any, journal?: any[], partial?: string, player?: ReturnType<typeof import("./recording.js").usePlayer> }} props */
export function Transcript({ call, journal = [], partial = "", player }) {
  const why = useMemo(() => understood(journal), [journal]);
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  // What is over is read from its beginning.
  const atEnd = useRef(!isOver(call.status));
  const lines = call.transcript;
  useEffect(() => {
    if (atEnd.current && list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [lines.length, partial]);
  const scrolled = () => {
    const element = list.current;
    if (element) atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
  };
  if (!lines.length && !partial) return html`<p class="empty">${w().call.nothingSaid}</p>`;
  return html`<div class="chat" ref=${list} onScroll=${scrolled} role="log" aria-live="polite" aria-label=${w().call.transcript} tabindex="0"><ol>
    ${lines.map(
      (/** @type {any} */ line, /** @type {number} */ place) =>
        html`<${Line} key=${place} line=${line} known=${why.get(lineKey(line.timestamp, line.message))} player=${player} answered=${call.answeredTime} />`,
    )}
    ${partial && html`<li class="line customer partial" aria-hidden="true"><div class="bubble">${partial}…</div></li>`}
  </ol></div>`;
}

/** @param {{ line: any, known?: import("./story.js").Understood, player?: any, answered?: string }} props */
function Line({ line, known, player, answered }) {
  const [open, setOpen] = useState(false);
  const intent = known?.intent ?? line.intent;
  const at = answered ? Math.max(0, (Date.parse(line.timestamp) - Date.parse(answered)) / 1000) : 0;
  const heard = player?.ready && answered;
  const unsure = line.confidence != null && line.confidence < UNSURE;
  return html`<li class=${cls("line", line.speaker)} data-speaker=${line.speaker}>
    <p class="line-who"><b>${named(w().speaker, line.speaker)}</b> <time datetime=${line.timestamp}>${clock(line.timestamp)}</time></p>
    <div class="bubble">${heard
      ? html`<button type="button" class="hear" title=${w().call.hear} onClick=${() => player.playFrom(at)}><${Icon} name="play" />${line.message}</button>`
      : line.message}</div>
    ${(intent || unsure) && html`<p class="line-about">
      <${Intent} intent=${intent} score=${known?.score ?? line.score} />
      ${line.confidence != null && (known || unsure) && html`<span class="heard-well" title=${w().call.recognised}>${w().call.recognition} ${percent(line.confidence)}</span>`}
      ${known && html`<button type="button" class="link" aria-expanded=${String(open)} onClick=${() => setOpen(!open)}><${Icon} name="why" />${w().call.why}</button>`}
    </p>`}
    ${open && known && html`<${Why} known=${known} />`}
  </li>`;
}

/** On which words it rests, and what a language model said where one was asked. @param {{ known: import("./story.js").Understood }} props */
export function Why({ known: { why, advice } }) {
  return html`${why.length ? html`<${Evidence} why=${why} />` : html`<p class="why">${w().call.noEvidence}</p>`}
    ${advice && html`<${Advised} advice=${advice} />`}`;
}

/** @param {{ why: any[] }} props */
function Evidence({ why }) {
  return html`<table class="why">
    <thead><tr><th scope="col">${w().call.evidence}</th><th scope="col">${w().call.speaksFor}</th><th scope="col">${w().call.weight}</th></tr></thead>
    <tbody>${why.map(
      (one, place) => html`<tr key=${place} class=${one.kind}><td>${one.words && `「${one.words}」`}<small>${named(w().evidence, one.kind)}</small></td>
        <td>${named(w().intent, one.intent)}</td><td class="tabular"><meter min="0" max="1" value=${one.weight}></meter> ${percent(one.weight)}</td></tr>`,
    )}</tbody>
  </table>`;
}

/** @param {{ advice: import("./story.js").Advice }} props */
function Advised({ advice: { model, millis, tokens, intent, answer, objection, failure, used } }) {
  const t = w().advice;
  const said = [named(w().intent, intent), answer && `「${answer}」`].filter(Boolean).join(" ");
  const became = failure ? named(t.failure, failure) : objection ? named(t.objection, objection) : used ? t.used : t.unused;
  return html`<p class="why advice">${t.model} ${model} <small class="tabular">${t.took(millis, tokens ? tokens.prompt + tokens.completion : null)}</small>
    ${said && html`<br />${said}`}<br />${became}</p>`;
}
