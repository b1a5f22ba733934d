// A dialog: the browser's own, so that the keyboard stays within it, Escape closes it, and the place before is found again.

import { freshId, html, useEffect, useRef } from "../app/dom.js";
import { w } from "../app/words.js";
import { Button } from "./button.js";

/** @param {{ title: string, close: () => void, wide?: boolean, children?: any }} props */
export function Dialog({ title, close, wide, children }) {
  const self = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const id = useRef(freshId("dialog"));
  useEffect(() => {
    const dialog = self.current;
    const before = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const outside = (/** @type {MouseEvent} */ event) => event.target === self.current && close();
  const cancel = (/** @type {Event} */ event) => {
    event.preventDefault();
    close();
  };
  return html`<dialog ref=${self} class=${wide ? "dialog wide" : "dialog"} aria-labelledby=${id.current} onCancel=${cancel} onMouseDown=${outside}>
    <div class="dialog-inner">
      <header><h2 id=${id.current}>${title}</h2><${Button} icon="close" look="quiet" label=${w().common.close} onClick=${close} /></header>
      ${children}
    </div>
  </dialog>`;
}
