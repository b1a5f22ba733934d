// How soon the first view can be used, with a processor four times as slow: node first.mjs '{"base":…,"password":…}', against a
// demo that runs. The browser keeps nothing from one try to the next.

import { launch, open, signIn } from "./browser.mjs";

const { base, password, slower = 4, tries = 5 } = JSON.parse(process.argv[2]);
const VIEWS = [["the sign-in form", null, "/signin", 'input[name="password"]'], ["the wall, signed in", "supervisor@demo.example", "/wall", ".wall .card h2 a"], ["the desk, signed in", "sato@demo.example", "/desk", ".desk-idle, .call-body"]];

const browser = await launch();
for (const [name, who, path, usable] of VIEWS) {
  const page = await open(browser, base);
  if (who) await signIn(page, base, who, password);
  const wire = await page.context().newCDPSession(page);
  await wire.send("Network.setCacheDisabled", { cacheDisabled: true });
  await wire.send("Emulation.setCPUThrottlingRate", { rate: slower });
  const taken = [];
  let requests = 0;
  for (let round = 0; round < tries; round++) {
    await page.goto("about:blank");
    await page.goto(base + path, { waitUntil: "commit" });
    await page.waitForSelector(usable);
    // In the page's own time: from when it was asked for to the first paint after it stood there.
    taken.push(await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(performance.now()))))));
    requests = await page.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => name.includes("/assets/")).length + 1);
  }
  // Whatever else the machine does: how much of a processor the page itself takes, unthrottled.
  await wire.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  await wire.send("Performance.enable");
  const costs = [];
  for (let round = 0; round < tries; round++) {
    const before = await processTime(wire);
    await page.reload({ waitUntil: "commit" });
    await page.waitForSelector(usable);
    costs.push((await processTime(wire)) - before);
  }
  costs.sort((one, other) => one - other);
  taken.sort((one, other) => one - other);
  console.log(`${name}: ${Math.round(taken[Math.floor(tries / 2)])} ms (${Math.round(taken[0])} to ${Math.round(taken.at(-1))} in ${tries} tries, processor ${slower} times as slow), ${requests} requests for files; ${Math.round(costs[Math.floor(tries / 2)] * 1000)} ms of processor time unthrottled`);
  await page.context().close();
}
await browser.close();

async function processTime(wire) {
  const { metrics } = await wire.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "ProcessTime").value;
}
