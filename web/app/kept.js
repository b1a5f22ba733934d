// What the browser keeps for this origin. Where it keeps nothing (a private window, say) things are as on the first visit.

/** @param {string} key @returns {any} */
export function kept(key) {
  try {
    return JSON.parse(localStorage.getItem(`tsunagu.${key}`) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} key @param {unknown} value */
export function keep(key, value) {
  try {
    if (value === null) localStorage.removeItem(`tsunagu.${key}`);
    else localStorage.setItem(`tsunagu.${key}`, JSON.stringify(value));
  } catch {
    // Then only for as long as the page is open.
  }
}

/** Tells when another tab has changed it. @param {string} key @param {() => void} changed */
export function keptElsewhere(key, changed) {
  addEventListener("storage", (event) => event.key === `tsunagu.${key}` && changed());
}
