// What failed is tried again: after a second, and then after longer and longer.

/** The first pause and the longest, in milliseconds. */
const FIRST = 1000;
const LONGEST = 30_000;

/** How long is waited before the next try, never by all at once. @param {number} tries how many have failed before */
export const backoff = (tries) => Math.min(FIRST * 2 ** tries, LONGEST) * (0.75 + Math.random() / 2);
