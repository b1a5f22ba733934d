// A list of a few fields a row that is kept whole: rows are added, changed and taken away, and saved together. What is wrong stands
// beside its field.

import { freshId, html, useState } from "../app/dom.js";
import { api, Problem, sentence } from "../app/api.js";
import { useLoaded } from "../app/load.js";
import { told, w } from "../app/words.js";
import { Button } from "./button.js";
import { Failed } from "./form.js";
import { Loaded } from "./lists.js";
import { tell } from "./toasts.js";

/** @typedef {Record<string, string>} Row */
/** @typedef {{ value: string, wrong: string, onInput: (value: string) => void }} Cell */
/**
 * @typedef {{ title: string, hint: string, none: string, add: string, save: string, saved: string, number: (place: number) => string,
 *   remove: (place: number) => string }} Words
 * @typedef {{ name: string, path: string, words: Words, fresh: (last: Row | undefined) => Row, class?: string,
 *   fields: (row: Row, cell: (field: string) => Cell) => any }} List
 */

/** @param {List} list `name` is the list in the body, `fields` what a row is made of */
export function Rows(list) {
  const { data, loading, failed, again } = useLoaded((signal) => api("GET", list.path, { signal }), []);
  return html`<section class="panel stack"><h2>${list.words.title}</h2><p class="hint">${list.words.hint}</p>
    <${Loaded} loading=${loading} failed=${failed} empty=${!data} again=${again}>${data && html`<${Editor} ...${list} kept=${data} />`}<//>
  </section>`;
}

/** @param {List & { kept: Row[] }} props */
function Editor({ name, path, words: t, fresh, class: also, fields, kept }) {
  const entered = (/** @type {Row} */ row) => ({ id: freshId("row"), row });
  const [rows, setRows] = useState(() => kept.map(entered));
  const [faults, setFaults] = useState(/** @type {Record<string, string>} */ ({}));
  const [failed, setFailed] = useState("");
  const [busy, setBusy] = useState(false);
  const change = (/** @type {string} */ id, /** @type {Row} */ some) => setRows((all) => all.map((one) => (one.id === id ? { id, row: { ...one.row, ...some } } : one)));
  // Where a row is taken away, those behind it have other places than the faults tell.
  const remove = (/** @type {string} */ id) => {
    setFaults({});
    setRows((all) => all.filter((one) => one.id !== id));
  };
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailed("");
    setFaults({});
    try {
      await api("PUT", path, { body: { [name]: rows.map(({ row }) => row) } });
      tell(t.saved);
    } catch (error) {
      const details = error instanceof Problem ? error.details : [];
      setFaults(Object.fromEntries(details.map(({ field, message }) => [field, message])));
      setFailed(details.some(({ field }) => field.startsWith(`${name}[`)) ? w().problem.fields : sentence(error));
    } finally {
      setBusy(false);
    }
  };
  const cell = (/** @type {string} */ id, /** @type {Row} */ row, /** @type {number} */ place) => (/** @type {string} */ field) => ({
    value: row[field],
    wrong: told(faults[`${name}[${place}].${field}`] ?? ""),
    onInput: (/** @type {string} */ value) => change(id, { [field]: value }),
  });
  return html`<form class="stack" onSubmit=${save} novalidate>
    ${rows.length === 0 && html`<p class="empty">${t.none}</p>`}
    <div class="stack">${rows.map(({ id, row }, place) => html`<div key=${id} class=${`phrase ${also ?? ""}`} role="group" aria-label=${t.number(place + 1)}>
      ${fields(row, cell(id, row, place))}<${Button} icon="trash" look="quiet" label=${t.remove(place + 1)} onClick=${() => remove(id)} />
    </div>`)}</div>
    <${Failed} failed=${failed} />
    <div class="row end"><${Button} icon="plus" onClick=${() => setRows((all) => [...all, entered(fresh(all.at(-1)?.row))])}>${t.add}<//><${Button} look="primary" type="submit" busy=${busy}>${t.save}<//></div>
  </form>`;
}
