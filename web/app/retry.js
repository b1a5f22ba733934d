// What failed is tried again: after a second, and then after longer and longer; at once when the server is back.

import { effect } from "./dom.js";
import { doubts, session } from "./session.js";

/** The first pause and the longest, in milliseconds. */
const FIRST = 1000;
const LONGEST = 30_000;

/** How long is waited before the next try, never by all at once. @param {number} tries how many have failed before */
export const backoff = (tries) => Math.min(FIRST * 2 ** tries, LONGEST) * (0.75 + Math.random() / 2);

/** @type {Set<() => void>} */
const hopeful = new Set();

/** Hears that the server is back. @param {() => void} listener @returns {() => void} hears it no more */
export function onBack(listener) {
  hopeful.add(listener);
  return () => void hopeful.delete(listener);
}

/** The server is back, wherever that was noticed. */
export const back = () => hopeful.forEach((listener) => listener());

/**
 * Gives a function that asks, and asks again until there is an answer, as long as somebody is signed in; one question at a time.
 * News does not cut a pause short; a person does (`now`). An answer that was meant for somebody else is not taken, and whoever is
 * not allowed to ask does not ask again in the same role.
 * @param {() => Promise<any>} ask @param {(answer: any) => void} take @param {(error: unknown) => void} [failed]
 */
export function persistent(ask, take, failed = () => {}) {
  let due = 0;
  let tries = 0;
  let asking = false;
  let anew = false;
  /** Who was asked for last, and who is not allowed to ask. */
  let last = "";
  let barred = "";

  function news() {
    const same = session.value?.user.id === last;
    if (!same || !(due || barred)) now();
  }
  async function now() {
    clearTimeout(due);
    due = 0;
    const whose = session.value?.user.id;
    anew = asking;
    if (asking || !whose) return;
    if (whose !== last) tries = 0;
    last = whose;
    barred = "";
    asking = true;
    const as = standing();
    let answer = /** @type {any} */ (null);
    let error = /** @type {any} */ (null);
    try {
      answer = await ask();
    } catch (problem) {
      error = problem;
    }
    asking = false;
    if (session.value?.user.id !== whose) {
      if (anew) now();
      return;
    }
    tries = error ? tries + 1 : 0;
    if (error?.status === 403) barred = as;
    if (error && !barred) due = setTimeout(now, backoff(tries - 1));
    else if (barred === standing()) doubts.value++;
    else if (barred || anew) now();
    if (error) failed(error);
    else take(answer);
  }
  onBack(() => {
    tries = 0;
    if (due) now();
  });
  effect(() => {
    const as = standing();
    if (as && barred && as !== barred) now();
  });
  return Object.assign(news, { now });
}

/** Who is signed in, and as what. */
function standing() {
  const user = session.value?.user;
  return user ? `${user.id} ${user.role}` : "";
}
