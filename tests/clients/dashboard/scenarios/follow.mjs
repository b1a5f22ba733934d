// What fails once is made good: one's own state, the team, and an open call over breaks, those that are over before anybody is told
// of them and a longer one.

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
  await page.route("**/api/agents/profile", (route) => route.abort(), { times: 1 });
  await signIn(page, base, "sato@demo.example", password);
  await page.waitForSelector(".mine select");
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

  const other = await open(browser, base);
  let refused = true;
  await other.route(/\/api\/agents$/, (route) => (refused ? route.abort() : route.continue()));
  await signIn(other, base, "supervisor@demo.example", password);
  await other.locator('.rail a[href="/team"]').click();
  await other.waitForSelector("main .failed");
  refused = false;
  await other.waitForSelector("tr[data-user]");
  await other.unrouteAll({ behavior: "wait" });
}

/** The customer says something, and is answered: both are seen as they are said. */
async function talk(page, call, text) {
  const before = await page.locator(".line.ai").count();
  await rest(page, "POST", `/api/demo/calls/${call}/say`, { text });
  await page.waitForSelector(`.line.customer:has-text("${text}")`);
  await page.waitForFunction((before) => document.querySelectorAll(".line.ai").length > before, before);
}
