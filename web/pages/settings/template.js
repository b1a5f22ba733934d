// A template cut at its variables: pure.

/** @typedef {{ kind: "text" | "variable" | "unknown", shown: string }} Part */

/**
 * @param {string} text @param {string[]} known the variables that there are
 * @param {Record<string, string>} values @param {Record<string, string>} instead what is said for one without a value
 * @returns {Part[]}
 */
export function parts(text, known, values, instead) {
  /** @type {Part[]} */
  const cut = [];
  let rest = text;
  for (;;) {
    const open = rest.indexOf("{{");
    const close = open < 0 ? -1 : rest.indexOf("}}", open);
    if (open < 0) return [...cut, { kind: "text", shown: rest }];
    if (close < 0) return [...cut, { kind: "text", shown: rest.slice(0, open) }, { kind: "unknown", shown: rest.slice(open) }];
    const name = rest.slice(open + 2, close).trim();
    cut.push({ kind: "text", shown: rest.slice(0, open) });
    cut.push(known.includes(name) ? { kind: "variable", shown: values[name]?.trim() || instead[name] || name } : { kind: "unknown", shown: `{{${name}}}` });
    rest = rest.slice(close + 2);
  }
}
