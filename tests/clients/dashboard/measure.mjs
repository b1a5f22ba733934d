// What the dashboard costs, by one command: node measure.mjs PROGRAM, such as target/release/tsunagu. It starts a demo of its own and
// prints how soon the first view can be used, and what three hundred live calls take of a core and of memory; more of a core than CORE is
// a failure.

import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import readline from "node:readline";

/** On the machine of docs/dashboard.md, with nothing else to do. */
const CORE = 0.3;

const demo = spawn(process.argv[2], ["demo", "--plain", "--port", "0", "--calls", "4"], { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, RUST_LOG: "error" } });
try {
  let base = "";
  for await (const line of readline.createInterface({ input: demo.stdout })) {
    base = /^look +(http:\/\/localhost:\d+)/.exec(line)?.[1] ?? "";
    if (base) break;
  }
  if (!base) throw new Error("the demo did not say where one can look");
  demo.stdout.resume();
  const given = JSON.stringify({ base: base.replace("localhost", "127.0.0.1"), password: "tsunagu-demo", core: CORE });
  for (const command of [["first.mjs", given], ["walk.mjs", "crowd", given]]) {
    const [script, ...args] = command;
    const { status } = spawnSync(process.execPath, [join(import.meta.dirname, script), ...args], { stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, NO_PROXY: "*" } });
    process.exitCode ||= status ?? 1;
  }
} finally {
  demo.kill("SIGINT");
  demo.stdout.destroy();
}
