// All that people read, in the language that they have chosen. What reads it is written anew when they choose another.

import { ja } from "../words/ja.js";
import { en } from "../words/en.js";
import { inJapanese } from "../words/faults.js";
import { language } from "./looks.js";

/** @typedef {typeof ja} Words */

/** @type {Record<import("./looks.js").Language, Words>} */
const WORDS = { ja, en };

/** The words. */
export const w = () => WORDS[language.value];

/** What the server says of a field. @param {string} message */
export const told = (message) => (language.value === "ja" ? inJapanese(message) : message);

/** The word of a closed set; one that is not known is shown as it is. @param {Record<string, string>} set @param {string | null | undefined} word */
export const named = (set, word) => (word ? (set[word] ?? word) : "");
