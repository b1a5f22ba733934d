// What failed is tried again: after a second, and then after longer and longer.

import { session } from "./session.js";

/** The first pause and the longest, in milliseconds. */
const FIRST = 1000;
const LONGEST = 30_000;

/** How long is waited before the next try, never by all at once. @param {number} tries how many have failed before */
export const backoff = (tries) => Math.min(FIRST * 2 ** tries, LONGEST) * (0.75 + Math.random() / 2);

/**
 * Gives a function that asks, and asks again until there is an answer, as long as somebody is signed in; one question at a time.
 * An answer that was meant for somebody else is not taken.
 * @param {() => Promise<any>} ask @param {(answer: any) => void} take @param {(error: unknown) => void} [failed]
 */
export function persistent(ask, take, failed = () => {}) {
  let due = 0;
  let tries = 0;
  let asking = false;
  let anew = false;
  async function now() {
    clearTimeout(due);
    const whose = session.value?.user.id;
    anew = asking;
    if (asking || !whose) return;
    asking = true;
    let answer = /** @type {any} */ (null);
    let error = /** @type {unknown} */ (null);
    try {
      answer = await ask();
    } catch (problem) {
      error = problem;
    }
    asking = false;
    const theirs = session.value?.user.id === whose;
    tries = error ? tries + 1 : 0;
    if (error) due = setTimeout(now, backoff(tries - 1));
    if (anew) now();
    if (!theirs) return;
    if (error) failed(error);
    else take(answer);
  }
  return now;
}
