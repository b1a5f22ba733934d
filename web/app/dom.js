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
