// Buttons. One that asks the server for something shows that it does, and cannot be pressed twice.

import { cls, html, useRef, useState } from "../app/dom.js";
import { sentence } from "../app/api.js";
import { tell } from "./toasts.js";
import { Icon } from "./icon.js";

/**
 * @param {{ icon?: string, look?: "plain" | "primary" | "danger" | "quiet", label?: string, small?: boolean, pressed?: boolean, type?: string,
 *   disabled?: boolean, busy?: boolean, title?: string, onClick?: (event: MouseEvent) => unknown, class?: string, children?: any, [more: string]: any }} props
 */
export function Button({ icon, look = "plain", label, small, pressed, type = "button", busy, disabled, title, children, class: also, ...more }) {
  return html`<button type=${type} class=${cls("button", look, small && "small", !children && "alone", busy && "busy", also)}
    aria-label=${label} title=${title ?? (children ? undefined : label)} aria-pressed=${pressed === undefined ? undefined : String(pressed)}
    aria-busy=${busy ? "true" : undefined} disabled=${disabled || busy} ...${more}>
    ${icon && html`<${Icon} name=${icon} />`}${children && html`<span>${children}</span>`}
  </button>`;
}

/**
 * A button that does something which takes time and may fail; what failed is told.
 * @param {{ act: () => Promise<unknown>, done?: string, failed?: (sentence: string) => void, [more: string]: any }} props
 */
export function Action({ act, done, failed = (/** @type {string} */ text) => tell(text, "bad"), ...more }) {
  const [busy, setBusy] = useState(false);
  const there = useRef(true);
  const press = async () => {
    if (busy) return;
    setBusy(true);
    try {
      await act();
      if (done) tell(done);
    } catch (error) {
      failed(sentence(error));
    } finally {
      if (there.current) setBusy(false);
    }
  };
  return html`<${Button} ...${more} busy=${busy} onClick=${press} />`;
}
