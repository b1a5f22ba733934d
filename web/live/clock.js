// The server's time. It may differ from this machine's, and runs faster in a demo: what is counted on the screen is counted by it.

let ahead = 0;

/** A moment that the server has just told. @param {string | undefined} time */
export function heardTime(time) {
  const told = time ? Date.parse(time) : NaN;
  if (!Number.isNaN(told)) ahead = told - Date.now();
}

/** The present moment there, in milliseconds. */
export const serverNow = () => Date.now() + ahead;

/** Whole seconds from a moment to the present. @param {string | null | undefined} time */
export const secondsSince = (time) => (time ? Math.max(0, Math.floor((serverNow() - Date.parse(time)) / 1000)) : 0);

/** Whole seconds from the present to a moment; 0 when it has passed. @param {string | null | undefined} time */
export const secondsUntil = (time) => (time ? Math.max(0, Math.ceil((Date.parse(time) - serverNow()) / 1000)) : 0);

/** @type {Set<() => void>} */
const each = new Set();
let ticking = 0;

/** Calls once a second, for all from one timer. @param {() => void} tick */
export function everySecond(tick) {
  each.add(tick);
  ticking ||= setInterval(() => document.hidden || each.forEach((one) => one()), 1000);
  return () => {
    each.delete(tick);
    if (!each.size) {
      clearInterval(ticking);
      ticking = 0;
    }
  };
}
