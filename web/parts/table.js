// A table. Where it is wider than its place it scrolls by itself, also by the keyboard.

import { html } from "../app/dom.js";

/** @param {{ label: string, children?: any }} props */
export const Table = ({ label, children }) => html`<div class="table" role="region" tabindex="0" aria-label=${label}><table>${children}</table></div>`;
