// The dashboard as its people use it: node walk.mjs SCENARIO '{"base":…,"password":…}'
//
// What a scenario cannot do itself (killing the server, say) it asks for on its standard output.

import readline from "node:readline";
import { launch, settle } from "./browser.mjs";

const [scenario, given] = process.argv.slice(2);
const site = JSON.parse(given);
const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** The test does something now, and says so when it is done. */
site.ask = async (what) => {
  console.log(`ASK ${what}`);
  await lines.next();
};

const browser = await launch();
try {
  const { walk } = await import(`./scenarios/${scenario}.mjs`);
  await walk(browser, site);
  settle();
} finally {
  await browser.close();
}
process.exit(0);
