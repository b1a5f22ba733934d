// A field of a form with its label, and what is wrong with it.

import { cls, freshId, html, useRef } from "../app/dom.js";

/**
 * @param {{ label: string, hint?: string, wrong?: string, as?: "input" | "textarea" | "select", children?: any, class?: string,
 *   value?: any, onInput?: (value: string) => void, hidden?: boolean, [more: string]: any }} props
 */
export function Field({ label, hint, wrong, as = "input", children, class: also, onInput, hideLabel, ...more }) {
  const id = useRef(freshId("field")).current;
  const about = cls(hint && `${id}-hint`, wrong && `${id}-wrong`) || undefined;
  const typed = (/** @type {any} */ event) => onInput?.(event.currentTarget.value);
  return html`<div class=${cls("field", wrong && "wrong", also)}>
    <label for=${id} class=${hideLabel ? "unseen" : ""}>${label}${more.required && html`<span class="must" aria-hidden="true"> *</span>`}</label>
    <${as} id=${id} aria-describedby=${about} aria-invalid=${wrong ? "true" : undefined} onInput=${typed} ...${more}>${children}<//>
    ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
    ${wrong && html`<p class="fault" id=${`${id}-wrong`}>${wrong}</p>`}
  </div>`;
}

/** @param {{ label: string, checked: boolean, onChange: (checked: boolean) => void, hint?: string, disabled?: boolean }} props */
export function Check({ label, checked, onChange, hint, disabled }) {
  return html`<label class="check">
    <input type="checkbox" checked=${checked} disabled=${disabled} onChange=${(/** @type {any} */ event) => onChange(event.currentTarget.checked)} />
    <span>${label}${hint && html`<small>${hint}</small>`}</span>
  </label>`;
}

/**
 * One of few, all of them seen.
 * @param {{ label: string, value: string, options: [string, any][], onChange: (value: string) => void }} props
 */
export function Choice({ label, value, options, onChange }) {
  return html`<div class="choice" role="group" aria-label=${label}>
    ${options.map(
      ([word, shown]) => html`<button key=${word} type="button" aria-pressed=${String(word === value)} onClick=${() => onChange(word)}>${shown}</button>`,
    )}
  </div>`;
}
