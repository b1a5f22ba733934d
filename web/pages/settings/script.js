// The script by which the company's calls go: the text of its file, checked before it is kept; and the way back to the built-in one.

import { html, useRef, useState } from "../../app/dom.js";
import { api, Problem, sentence } from "../../app/api.js";
import { useLoaded } from "../../app/load.js";
import { language as reading } from "../../app/looks.js";
import { w } from "../../app/words.js";
import { Button } from "../../parts/button.js";
import { Choice, Field } from "../../parts/field.js";
import { Failed } from "../../parts/form.js";
import { Loaded } from "../../parts/lists.js";
import { tell } from "../../parts/toasts.js";

const PATH = "/api/company/script";

/** @typedef {{ language: string, own: boolean, text: string, builtIn: string, longest: number }} Script */
/** @typedef {{ message: string, line: number | null, column: number | null }} Fault */

export function Script() {
  const [language, setLanguage] = useState(/** @type {string} */ (reading.value));
  const { data, loading, failed, again, put } = useLoaded((signal) => api("GET", PATH, { query: { language }, signal }), [language]);
  // What was written and not kept outlasts a look at the script of another language.
  const drafts = useRef(/** @type {Map<string, string>} */ (new Map()));
  const languages = /** @type {[string, string][]} */ (Object.entries(w().people.languageNames));
  return html`<section class="panel stack"><h2>${w().script.title}</h2><p class="hint">${w().script.hint}</p>
    <${Choice} label=${w().phrases.language} value=${language} options=${languages} onChange=${setLanguage} />
    <${Loaded} loading=${loading} failed=${failed} empty=${!data} again=${again}>
      ${data && html`<${Editor} key=${`${data.language} ${data.own}`} script=${data} drafts=${drafts.current} put=${(/** @type {Script} */ changed) => changed.language === language && put(changed)} />`}<//>
  </section>`;
}

/** @param {{ script: Script, drafts: Map<string, string>, put: (script: Script) => void }} props */
function Editor({ script, drafts, put }) {
  const [text, setText] = useState(drafts.get(script.language) ?? script.text);
  const [fault, setFault] = useState(/** @type {Fault | null} */ (null));
  const [fine, setFine] = useState(false);
  const [failed, setFailed] = useState("");
  const [busy, setBusy] = useState(false);
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const t = w().script;

  /** What is wrong is shown, and where it is stands the cursor. @param {string} written */
  const check = async (written) => {
    const { problem } = await api("POST", `${PATH}/check`, { body: { language: script.language, text: written } });
    setFault(problem);
    setFine(!problem);
    if (problem?.line) point(place.current?.querySelector("textarea"), problem);
    return !problem;
  };
  const during = async (/** @type {() => Promise<void>} */ act) => {
    if (busy) return;
    setBusy(true);
    setFailed("");
    setFault(null);
    setFine(false);
    try {
      await act();
    } catch (error) {
      setFailed(error instanceof Problem && error.details.length ? error.details.map(({ message }) => message).join(" ") : sentence(error));
    } finally {
      setBusy(false);
    }
  };
  const save = () => during(async () => {
    if (!(await check(text))) return;
    const kept = await api("PUT", PATH, { body: { language: script.language, text } });
    drafts.delete(script.language);
    put(kept);
    tell(t.saved);
  });
  const giveBack = () => during(async () => {
    const builtIn = await api("PUT", PATH, { body: { language: script.language, text: null } });
    drafts.delete(script.language);
    put(builtIn);
    tell(t.saved);
  });
  const typed = (/** @type {string} */ value) => {
    setText(value);
    drafts.set(script.language, value);
    setFine(false);
  };
  const wrong = fault ? `${fault.line ? `${t.line(fault.line)} ` : ""}${fault.message}` : "";
  return html`<div class="stack script" ref=${place}>
    <p>${script.own ? t.isOwn : t.isBuiltIn}</p>
    <${Field} as="textarea" class="code" rows="18" wrap="off" spellcheck="false" label=${t.text} maxlength=${script.longest} value=${text} wrong=${wrong} onInput=${typed} />
    <div aria-live="polite">${fine && html`<p class="hint">${t.fine}</p>`}<${Failed} failed=${failed} /></div>
    <div class="row end">
      ${script.own && html`<${Button} look="quiet" busy=${busy} onClick=${giveBack}>${t.giveBack}<//>`}
      <${Button} icon="check" busy=${busy} disabled=${!text.trim()} onClick=${() => during(async () => void (await check(text)))}>${t.check}<//>
      <${Button} look="primary" busy=${busy} disabled=${!text.trim() || text === script.text} onClick=${save}>${t.save}<//>
    </div>
  </div>`;
}

/** Puts the cursor at the place, and the whole line into view. @param {HTMLTextAreaElement | null | undefined} area @param {Fault} fault */
function point(area, { line, column }) {
  if (!area || !line) return;
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  // Columns are counted in characters, the field counts in units of UTF-16.
  const within = [...(lines[line - 1] ?? "")].slice(0, (column ?? 1) - 1).join("").length;
  area.focus();
  area.setSelectionRange(start + within, start + (lines[line - 1]?.length ?? 0));
  area.scrollTop = (area.scrollHeight / Math.max(lines.length, 1)) * Math.max(line - 4, 0);
}
