// Takes the libraries over from npm's packages: node take.mjs FOLDER, where FOLDER/node_modules holds them.
// With --check it changes nothing, and ends with an error where a file is not what the package holds.
//
// A browser knows no bare names: what the packages import from each other is told them by path.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const TAKEN = {
  preact: ["preact", "dist/preact.mjs"],
  hooks: ["preact", "hooks/dist/hooks.mjs"],
  htm: ["htm", "dist/htm.module.js"],
  "signals-core": ["@preact/signals-core", "dist/signals-core.mjs"],
  signals: ["@preact/signals", "dist/signals.mjs"],
};
const NAMES = { preact: "preact", "preact/hooks": "hooks", "@preact/signals-core": "signals-core" };

const [folder, check] = process.argv.slice(2);
const here = import.meta.dirname;
let wrong = 0;

for (const [name, [from, file]] of Object.entries(TAKEN)) {
  const source = readFileSync(join(folder, "node_modules", from, file), "utf8");
  const taken = source
    .replace(/from\s*"([^".][^"]*)"/g, (_, bare) => `from"./${NAMES[bare]}.js"`)
    .replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
  give(`${name}.js`, taken);
  give(`LICENSE-${from.replace("@", "").replace("/", "-")}.txt`, readFileSync(join(folder, "node_modules", from, "LICENSE"), "utf8"));
}
process.exit(wrong);

function give(name, text) {
  const path = join(here, name);
  if (check !== "--check") {
    writeFileSync(path, text);
  } else if (readFileSync(path, "utf8") !== text) {
    console.error(`${name} is not what the package holds`);
    wrong = 1;
  }
}
