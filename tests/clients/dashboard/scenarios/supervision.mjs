// A human has the customer: a supervisor listens, whispers and leaves, holds and mutes; then the recording is heard from a line.

import assert from "node:assert/strict";
import { accessible, customer, open, ring, signIn } from "../browser.mjs";

export async function walk(browser, { base, password }) {
  const page = await open(browser, base);
  await signIn(page, base, "supervisor@demo.example", password);
  await customer(page, "監督 三郎", "+815010019004");
  await ring(page, base, "監督 三郎");
  await page.getByRole("button", { name: "オペレーターへ取り次ぐ" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "オペレーターへ取り次ぐ" }).click();
  await page.waitForSelector('.progress[data-stage="bridged"]');
  await page.getByRole("button", { name: "聞く", exact: true }).click();
  await page.waitForSelector(".supervise .progress");
  await page.waitForSelector('.supervise .progress:has-text("回線に入っています")');
  await page.waitForSelector('.party[data-role="supervisor"]:not(.gone)');
  await accessible(page, "a call with a supervisor");
  await page.getByRole("button", { name: "ささやく" }).click();
  await page.waitForSelector('.supervise .progress:has-text("ささやく")');
  const theirs = page.locator('.party[data-role="customer"]');
  await theirs.getByRole("button", { name: "保留", exact: true }).click();
  await theirs.locator(".chip.wait").waitFor();
  await theirs.getByRole("button", { name: "保留解除" }).click();
  await theirs.locator(".chip.wait").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "退出" }).click();
  await page.waitForSelector(".supervise .progress", { state: "detached" });
  await page.getByRole("button", { name: "通話を終了" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "終了する" }).click();

  await page.getByRole("button", { name: "録音を聞く" }).click();
  await page.waitForSelector(".wave canvas");
  const line = page.locator(".line.customer .hear").last();
  await line.focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => Number(document.querySelector(".seek")?.value) > 0);
  await accessible(page, "a recording");
  assert.ok(await page.locator(".timeline li").count() > 5);
}
