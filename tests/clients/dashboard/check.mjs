// The sources' types hold, and the libraries are what they say: node check.mjs FOLDER, where FOLDER is `web/`.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const web = resolve(process.argv[2]);
const modules = join(import.meta.dirname, "node_modules");
const paths = Object.fromEntries(["preact", "preact/hooks", "htm", "@preact/signals"].map((name) => [name, [join(modules, name)]]));
const settings = join(import.meta.dirname, "tsconfig.json");
const { include } = JSON.parse(readFileSync(join(web, "tsconfig.json"), "utf8"));
writeFileSync(settings, JSON.stringify({ extends: join(web, "tsconfig.json"), compilerOptions: { paths }, include: include.map((folder) => join(web, folder)) }));

for (const [command, args] of [
  [join(modules, ".bin/tsc"), ["-p", settings]],
  [process.execPath, [join(web, "vendor/take.mjs"), import.meta.dirname, "--check"]],
]) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  assert.equal(status, 0, stdout + stderr);
}
const table = readFileSync(join(web, "vendor/README.md"), "utf8");
for (const name of ["preact", "htm", "@preact/signals", "@preact/signals-core"]) {
  const { version } = JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8"));
  assert.match(table, new RegExp(`\\| ${name} \\| ${version.replaceAll(".", "\\.")} \\|`), `${name} is ${version}`);
}
