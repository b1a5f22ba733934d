// What components are made of, in one place.

import { h } from "../vendor/preact.js";
import htm from "../vendor/htm.js";

export { render, Fragment } from "../vendor/preact.js";
export { useEffect, useLayoutEffect, useMemo, useRef, useState } from "../vendor/hooks.js";
export { batch, computed, effect, signal, useComputed, useSignal, useSignalEffect } from "../vendor/signals.js";

/** A tagged template that becomes elements. */
export const html = htm.bind(h);

/** Class names; what is false is left out. @param {...(string | false | null | undefined)} names */
export const cls = (...names) => names.filter(Boolean).join(" ");

let last = 0;

/** A name for an element of the page that no other has. @param {string} stem */
export const freshId = (stem) => `${stem}-${++last}`;

/** A name that nobody else gives, here or elsewhere: 24 hexadecimal digits. */
export const randomId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
