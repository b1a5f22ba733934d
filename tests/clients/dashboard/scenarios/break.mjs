// The server goes and comes back: the page says so, and shows the truth again. And a session that ends says so.

import assert from "node:assert/strict";
import { accessible, customer, open, rest, ring, signIn } from "../browser.mjs";

export async function walk(browser, { base, password, ask }) {
  const page = await open(browser, base);
  await signIn(page, base, "supervisor@demo.example", password);
  await customer(page, "切断 花子", "+815010019002");
  await ring(page, base, "切断 花子");
  await page.goto(`${base}/wall?q=${encodeURIComponent("切断")}`);
  await page.waitForSelector(".card");

  await page.evaluate(() => {
    globalThis.lost = 0;
    new MutationObserver(() => {
      const banner = Boolean(document.querySelector(".break"));
      if (banner && !globalThis.lost) globalThis.lost = performance.now();
    }).observe(document.body, { childList: true, subtree: true });
  });
  await ask("cut");
  await page.waitForSelector(".break");
  await accessible(page, "a lost connection");
  await ask("mend");
  const mended = performance.now();
  await page.waitForSelector(".break", { state: "detached" });
  await page.waitForSelector(".card");
  console.log(`the truth is there ${Math.round(performance.now() - mended)} ms after the connection could be had again`);
  assert.ok(await page.evaluate(() => globalThis.lost), "the break was shown");

  // What happened meanwhile is there.
  const { callId } = { callId: await page.locator(".card").first().getAttribute("data-id") };
  await ask("cut");
  await page.waitForSelector(".break");
  await ask(`end ${callId}`);
  await ask("mend");
  await page.waitForSelector(".break", { state: "detached" });
  await page.waitForSelector(`.card[data-id="${callId}"]`, { state: "detached" });

  // Signed out in another tab, by a password that was changed, say.
  await rest(page, "POST", "/api/auth/logout", { refreshToken: JSON.parse(await page.evaluate(() => localStorage.getItem("tsunagu.session"))).refreshToken }).catch(() => {});
  await page.waitForURL(/\/signin/);
  await page.waitForSelector("text=セッションが終了しました");
  await signIn(page, base, "supervisor@demo.example", password);
  await page.reload();
  await page.waitForSelector(".shell");
}
