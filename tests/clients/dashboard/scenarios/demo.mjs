// A persona is chosen and seen on the wall; and then the visitor is the customer: types, reads and hears the answers, hangs up.

import assert from "node:assert/strict";
import { accessible, fits, open, signIn } from "../browser.mjs";

export async function walk(browser, { base, password }) {
  const page = await open(browser, base);
  // Chromium without a sound card has no voice: what would be said is kept.
  await page.addInitScript(() => {
    globalThis.said = [];
    speechSynthesis.speak = ({ text, lang }) => globalThis.said.push(`${lang} ${text}`);
  });
  await signIn(page, base, "sato@demo.example", password);
  await page.locator('.rail a[href="/demo"]').click();
  const persona = page.locator(".personas li", { hasText: "丁寧に断る" }).first();
  await persona.waitFor();
  await accessible(page, "the demo");
  await persona.getByRole("button").click();
  await page.waitForURL(/\/calls\/[0-9a-f]{24}$/);
  const chosen = page.url().slice(-24);
  await page.locator('.rail a[href="/wall"]').click();
  await page.waitForSelector(`.card[data-id="${chosen}"]`);

  await page.locator('.rail a[href="/demo"]').click();
  await page.getByRole("button", { name: "日本語で電話を受ける" }).click();
  await page.waitForURL(/\/demo\/[0-9a-f]{24}/);
  const answers = (count) => page.waitForFunction((count) => document.querySelectorAll(".line.ai").length >= count, count);
  await answers(1);
  await accessible(page, "being the customer");
  await page.getByPlaceholder("お客様の言葉").fill("はい、山田商事でございます");
  await page.keyboard.press("Enter");
  await page.waitForSelector('.line.customer:has-text("山田商事でございます")');
  const before = await page.locator(".line.ai").count();
  await answers(before + 1);
  await page.getByPlaceholder("お客様の言葉").fill("どういったご用件でしょうか");
  await page.getByRole("button", { name: "話す", exact: true }).click();
  await page.waitForSelector('.line.customer:has-text("どういったご用件")');
  await answers(before + 2);
  const lines = await page.locator(".line.ai .bubble").allInnerTexts();
  assert.ok(new Set(lines).size > 1, `the AI says one thing only: ${lines}`);
  const said = await page.evaluate(() => globalThis.said);
  for (const line of lines) assert.ok(said.includes(`ja-JP ${line}`), `${line} is not said aloud: ${said}`);

  await page.setViewportSize({ width: 360, height: 740 });
  await fits(page, "being the customer");
  await page.setViewportSize({ width: 1366, height: 850 });
  await page.getByRole("button", { name: "電話を切る" }).click();
  await page.waitForSelector("text=通話は終わりました");
  await page.waitForSelector(".head .badge");
  await accessible(page, "a call that the customer has hung up");
  const call = /\/demo\/([0-9a-f]{24})/.exec(page.url())[1];
  await page.getByRole("link", { name: "もう一度" }).click();
  await page.setViewportSize({ width: 360, height: 740 });
  await page.waitForSelector(".personas li");
  await fits(page, "the demo");
  await page.setViewportSize({ width: 1366, height: 850 });

  // What they said is found again, however it is written.
  await page.goto(`${base}/history`);
  await page.getByPlaceholder("発言を検索").fill("ドウイッタ ご用件");
  await page.waitForSelector(`tr[data-call="${call}"] .words:has-text("どういったご用件でしょうか")`);
  await page.getByPlaceholder("発言を検索").fill("だれもいっていない");
  await page.waitForSelector("text=条件に合う通話はありません。");
}
