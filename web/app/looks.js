// Which language is read, and whether it is light or dark: as the system says, unless somebody has chosen.

import { effect, signal } from "./dom.js";
import { keep, kept } from "./kept.js";

/** @typedef {"ja" | "en"} Language */
/** @typedef {"auto" | "light" | "dark"} Theme */

const system = navigator.languages.some((code) => code.startsWith("ja")) ? "ja" : "en";

/** @type {import("../vendor/signals.js").Signal<Language>} */
export const language = signal(kept("language") ?? system);

/** @type {import("../vendor/signals.js").Signal<Theme>} */
export const theme = signal(kept("theme") ?? "auto");

/** @param {Language} code */
export function readIn(code) {
  language.value = code;
  keep("language", code);
}

/** @param {Theme} chosen */
export function showIn(chosen) {
  theme.value = chosen;
  keep("theme", chosen);
}

effect(() => {
  document.documentElement.lang = language.value;
});
effect(() => {
  document.documentElement.dataset.theme = theme.value;
});
