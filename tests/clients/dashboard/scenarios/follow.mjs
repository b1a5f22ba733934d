// An open call goes on being shown over breaks: those that are over before anybody is told of them, and a longer one.

import { open, rest, signIn } from "../browser.mjs";

export async function walk(browser, { base, password, ask }) {
  const page = await open(browser, base);
  // The page comes back so soon that it calls no break a break.
  await page.addInitScript(() => {
    const random = Math.random;
    Math.random = () => random() / 10;
  });
  /** The page's connections, one after the other. */
  const lines = [];
  await page.routeWebSocket(/\/ws$/, (line) => {
    lines.push(line);
    line.connectToServer();
  });
  await signIn(page, base, "sato@demo.example", password);
  const { callId } = await rest(page, "POST", "/api/demo/calls", { persona: "visitor" });
  await page.goto(`${base}/calls/${callId}`);
  await page.waitForSelector(".line.ai");
  await talk(page, callId, "はい、山田商事でございます");

  // Let go for being too slow; and sent for another token, which is had.
  for (const [code, words] of [[4408, "どういったご用件でしょうか"], [4401, "もう一度お願いします"]]) {
    await lines.at(-1).close({ code });
    await talk(page, callId, words);
  }
  await ask("cut");
  await page.waitForSelector(".break");
  await ask("mend");
  await page.waitForSelector(".break", { state: "detached" });
  await talk(page, callId, "どちら様でしょうか");
}

/** The customer says something, and is answered: both are seen as they are said. */
async function talk(page, call, text) {
  const before = await page.locator(".line.ai").count();
  await rest(page, "POST", `/api/demo/calls/${call}/say`, { text });
  await page.waitForSelector(`.line.customer:has-text("${text}")`);
  await page.waitForFunction((before) => document.querySelectorAll(".line.ai").length > before, before);
}
