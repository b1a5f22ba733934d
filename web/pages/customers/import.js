// A list of customers, dropped or chosen; how far it has come, and which rows were bad.

import { cls, html, randomId, useRef, useState } from "../../app/dom.js";
import { api, sentence } from "../../app/api.js";
import { number } from "../../app/format.js";
import { named, told, w } from "../../app/words.js";
import { Button } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import { Failed } from "../../parts/form.js";
import { Icon } from "../../parts/icon.js";
import { Table } from "../../parts/table.js";

/** How often it is asked how far it has come, in milliseconds. */
const LOOK = 400;
/** How many bad rows are shown; all of them can be saved. */
const SHOWN = 100;

/** @param {{ close: () => void }} props */
export function ImportDialog({ close }) {
  const [state, setState] = useState(/** @type {{ name: string, share: number, report: any, failed: string, running: boolean }} */ ({ name: "", share: 0, report: null, failed: "", running: false }));
  const [over, setOver] = useState(false);
  const chooser = useRef(/** @type {HTMLInputElement | null} */ (null));

  const take = async (/** @type {File | undefined} */ file) => {
    if (!file || state.running) return;
    setState({ name: file.name, share: 0, report: null, failed: "", running: true });
    const id = randomId();
    const look = setInterval(() => {
      api("GET", `/api/customers/imports/${id}`).then(
        (now) => setState((before) => (before.running ? { ...before, share: now.totalBytes ? now.bytes / now.totalBytes : 0, report: now } : before)),
        () => {},
      );
    }, LOOK);
    const body = new FormData();
    body.append("file", file);
    try {
      const report = await api("POST", "/api/customers/import", { query: { id }, body });
      setState({ name: file.name, share: 1, report, failed: "", running: false });
    } catch (error) {
      setState((before) => ({ ...before, failed: sentence(error), running: false }));
    } finally {
      clearInterval(look);
    }
  };
  const dropped = (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer?.files[0]);
  };
  const drag = (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    setOver(true);
  };

  return html`<${Dialog} title=${w().customers.import} close=${close} wide>
    <div class="stack">
      <div class=${cls("drop", over && "over")} onDragOver=${drag} onDragLeave=${() => setOver(false)} onDrop=${dropped}>
        <${Icon} name="upload" /><p>${w().import.drop}</p>
        <${Button} disabled=${state.running} onClick=${() => chooser.current?.click()}>${w().import.choose}<//>
        <input ref=${chooser} type="file" accept=".csv,text/csv" class="unseen" tabindex="-1" aria-label=${w().import.choose} onChange=${(/** @type {any} */ event) => {
          take(event.currentTarget.files[0]);
          event.currentTarget.value = "";
        }} />
        <p class="hint">${w().import.hint}</p>
      </div>
      ${state.name && html`<div class="import-run" aria-live="polite"><p><b>${state.name}</b> ${state.running ? w().import.running : state.failed ? "" : w().import.done}</p>
        <progress max="1" value=${state.share} aria-label=${w().import.progress}></progress></div>`}
      <${Failed} failed=${state.failed} />
      ${state.report && html`<${Report} report=${state.report} running=${state.running} />`}
      <div class="row end"><${Button} onClick=${close}>${w().common.close}<//></div>
    </div>
  <//>`;
}

/** @param {{ report: any, running: boolean }} props */
function Report({ report, running }) {
  const errors = report.errors ?? [];
  return html`<dl class="counters small">
      <div><dt>${w().import.imported}</dt><dd>${number(report.imported)}</dd></div>
      <div><dt>${w().import.updated}</dt><dd>${number(report.updated)}</dd></div>
      <div class=${report.skipped ? "wait" : ""}><dt>${w().import.skipped}</dt><dd>${number(report.skipped)}</dd></div>
      ${report.encoding && html`<div><dt>${w().import.encoding}</dt><dd>${report.encoding}</dd></div>`}
    </dl>
    ${errors.length > 0 && !running && html`<section class="bad-rows">
      <div class="head"><h3>${w().import.bad(number(report.errorCount))}</h3><${Button} small icon="download" onClick=${() => keep(errors)}>${w().import.saveBad}<//></div>
      <${Table} label=${w().import.bad(number(report.errorCount))}><thead><tr><th scope="col" class="number">${w().import.row}</th><th scope="col">${w().import.field}</th><th scope="col">${w().import.why}</th></tr></thead>
        <tbody>${errors.slice(0, SHOWN).map((/** @type {any} */ error, /** @type {number} */ place) => html`<tr key=${place}><td class="number">${error.row}</td><td>${named(w().fields, error.field)}</td><td>${told(error.message)}</td></tr>`)}</tbody><//>
    </section>`}`;
}

/** Lets the bad rows be saved as a sheet. @param {any[]} errors */
function keep(errors) {
  const cell = (/** @type {unknown} */ text) => `"${String(text).replaceAll('"', '""')}"`;
  const lines = [[w().import.row, w().import.field, w().import.why], ...errors.map(({ row, field, message }) => [row, field, message])];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`\ufeff${lines.map((line) => line.map(cell).join(",")).join("\r\n")}`], { type: "text/csv" }));
  link.download = "import-errors.csv";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
