// A supervisor puts a customer through to an agent, who sees it arrive; then the supervisor comes onto the line, and ends the call.

import assert from "node:assert/strict";
import { accessible, customer, open, rest, ring, signIn } from "../browser.mjs";

export async function walk(browser, { base, password }) {
  const page = await open(browser, base);
  await signIn(page, base, "supervisor@demo.example", password);
  const mori = await open(browser, base);
  await signIn(mori, base, "mori@demo.example", password);

  // The one whom we shall name is left alone by the demo's own calls.
  const team = await rest(page, "GET", "/api/agents");
  const { _id: named } = team.find(({ user }) => user.email === "mori@demo.example").user;
  const now = (status) => rest(page, "PUT", `/api/agents/${named}/status`, { status });
  while ((await now("busy")).status.status !== "busy") await page.waitForTimeout(500);
  await customer(page, "試験 太郎", "+815010019001");
  await ring(page, base, "試験 太郎");
  await page.waitForSelector(".line.ai");
  await accessible(page, "a live call");
  await page.getByRole("button", { name: "オペレーターへ取り次ぐ" }).click();
  await page.selectOption("dialog select", { label: await option(page, "森 大輔") });
  await page.fill("dialog textarea", "料金の相談をご希望です");
  await accessible(page, "the dialog of a hand-over");
  await now("available");
  let unread = true;
  await mori.route(/\/api\/calls\/[0-9a-f]{24}$/, (route) => (unread ? route.abort() : route.continue()));
  await page.getByRole("dialog").getByRole("button", { name: "オペレーターへ取り次ぐ" }).click();

  // The agent is told before the telephone is picked up, also while it cannot be read who it is.
  await mori.waitForSelector(".arriving");
  unread = false;
  await mori.waitForSelector('.arriving:has-text("料金の相談をご希望です")');
  await mori.unrouteAll({ behavior: "wait" });
  await accessible(mori, "a hand-over that arrives");
  await page.waitForSelector('.progress[data-stage="ringing"], .progress[data-stage="briefing"], .progress[data-stage="bridging"], .progress[data-stage="bridged"]');
  await page.waitForSelector('.progress[data-stage="bridged"]');
  await page.waitForSelector('.party[data-role="agent"]:not(.gone)');
  await mori.waitForSelector(".arriving", { state: "detached" });
  await mori.waitForSelector(".talk .line.agent");

  // What was understood is told with its reasons.
  const why = page.getByRole("button", { name: "根拠" }).first();
  if (await why.count()) {
    await why.click();
    await page.waitForSelector("table.why, p.why");
  }
  await page.getByRole("button", { name: "通話を終了" }).click();
  await page.selectOption("dialog select", "follow_up");
  await page.fill("dialog textarea", "見積書を送る");
  await page.getByRole("dialog").getByRole("button", { name: "終了する" }).click();
  await page.waitForSelector('.facts:has-text("要フォロー")');
  assert.equal(await page.locator(".notes textarea").inputValue(), "見積書を送る");
  await mori.waitForSelector(".wrap-up");
  await accessible(mori, "the time after a call");
}

/** The option of somebody, whatever they are doing. */
async function option(page, name) {
  return page.locator("dialog option").filter({ hasText: name }).innerText();
}
