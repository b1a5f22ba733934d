// What fails once is made good: one's own state, the team, and an open call over breaks, those that are over before anybody is told
// of them and a longer one.

import assert from "node:assert/strict";
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

  await notThere(browser, base, password, callId);

  const other = await open(browser, base);
  // Pauses of minutes, where nothing cuts them short.
  await other.addInitScript(() => {
    const random = Math.random;
    globalThis.patient = true;
    Math.random = () => (globalThis.patient ? 1000 : random());
  });
  let line;
  await other.routeWebSocket(/\/ws$/, (one) => {
    line = one;
    one.connectToServer();
  });
  let asked = 0;
  let refusal = "away";
  await other.route(/\/api\/agents$/, (route) => {
    asked++;
    if (refusal === "away") return route.abort();
    if (refusal === "forbidden") return route.fulfill({ status: 403, json: { success: false, code: "forbidden", message: "your role does not allow this", details: [] } });
    return route.continue();
  });
  /** News upon which oneself and the team are asked for: oneself always, the team unless it waits. */
  const news = async () => {
    const answered = other.waitForResponse("**/api/agents/profile");
    line.send(JSON.stringify({ event: "active-calls", data: [] }));
    await answered;
  };
  await signIn(other, base, "supervisor@demo.example", password);
  await other.locator('.rail a[href="/team"]').click();
  await other.waitForSelector("main .failed");
  const failed = asked;
  for (let times = 0; times < 3; times++) await news();
  assert.equal(asked, failed, "news cuts no pause short");
  // A person does; it fails once more.
  const refused = other.waitForEvent("requestfailed", (request) => request.url().endsWith("/api/agents"));
  await other.locator("main .empty button").click();
  await refused;
  assert.equal(asked, failed + 1);
  // And so does the server's return.
  refusal = "";
  await other.evaluate(() => (globalThis.patient = false));
  await line.close({ code: 4408 });
  await other.waitForSelector("tr[data-user]");

  // What the role does not allow is asked for once, and who one is then.
  refusal = "forbidden";
  const known = other.waitForResponse("**/api/auth/me");
  await news();
  await known;
  const forbidden = asked;
  for (let times = 0; times < 3; times++) await news();
  assert.equal(asked, forbidden, "nobody asks again in the same role");
  await other.unrouteAll({ behavior: "wait" });
}

/** The customer says something, and is answered: both are seen as they are said. */
async function talk(page, call, text) {
  const before = await page.locator(".line.ai").count();
  await rest(page, "POST", `/api/demo/calls/${call}/say`, { text });
  await page.waitForSelector(`.line.customer:has-text("${text}")`);
  await page.waitForFunction((before) => document.querySelectorAll(".line.ai").length > before, before);
}

/** A call that is not there is asked for once by each connection. */
async function notThere(browser, base, password, call) {
  const page = await open(browser, base);
  // No pauses at all: were it asked for again, that would be at once.
  await page.addInitScript(() => {
    Math.random = () => -1.5;
  });
  let line;
  let asked = 0;
  let heard = () => {};
  await page.routeWebSocket(/\/ws$/, (one) => {
    line = one;
    const server = one.connectToServer();
    one.onMessage((message) => {
      const { command, id } = JSON.parse(String(message));
      if (command !== "monitor-call") return server.send(message);
      asked++;
      one.send(JSON.stringify({ answer: id, success: false, code: "not_found", message: "there is no such call", details: [] }));
      heard();
    });
  });
  const next = () => new Promise((resolve) => (heard = () => resolve(undefined)));
  /** Long enough for the page to ask again. */
  const meanwhile = async () => {
    for (let times = 0; times < 10; times++) await page.evaluate(() => fetch("/health").then((answer) => answer.text()));
  };
  await signIn(page, base, "supervisor@demo.example", password);
  for (const connection of [1, 2]) {
    const first = next();
    if (connection === 1) await page.goto(`${base}/calls/${call}`);
    else await line.close({ code: 4408 });
    await first;
    await meanwhile();
    assert.equal(asked, connection);
  }
  await page.close();
}
