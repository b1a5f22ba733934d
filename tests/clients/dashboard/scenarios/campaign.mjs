// A campaign is made, filled, checked, started, watched and stopped.

import assert from "node:assert/strict";
import { accessible, customer, fits, open, rest, signIn } from "../browser.mjs";

export async function walk(browser, { base, password }) {
  const page = await open(browser, base);
  await signIn(page, base, "supervisor@demo.example", password);
  for (const number of [1, 2]) {
    const { _id } = await customer(page, `一括 ${number}`, `+81501001991${number}`);
    await rest(page, "PATCH", `/api/customers/${_id}`, { status: "一括試験" });
  }
  await page.goto(`${base}/campaigns`);
  await page.getByRole("button", { name: "一括架電を作成" }).click();
  await accessible(page, "a new campaign");
  await page.getByLabel("名称").fill("試験の一括架電");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/campaigns\/[0-9a-f]{24}$/);
  await page.getByLabel("ステータス").fill("一括試験");
  await page.getByRole("button", { name: "条件に合う顧客を追加" }).click();
  await page.waitForSelector("tbody tr:nth-child(2)");
  await page.getByRole("button", { name: "確認する" }).click();
  await page.waitForSelector(".pairs");
  await accessible(page, "a campaign");
  await page.setViewportSize({ width: 360, height: 740 });
  await fits(page, "a campaign");
  await page.setViewportSize({ width: 1366, height: 850 });
  await page.getByRole("button", { name: "編集" }).click();
  await page.getByRole("dialog").getByLabel("名称").fill("");
  await page.keyboard.press("Enter");
  assert.equal(await page.getByRole("dialog").locator(".fault").innerText(), "入力してください。");
  await page.getByRole("dialog").getByLabel("名称").fill("改めた一括架電");
  await accessible(page, "a campaign that is changed");
  await page.getByRole("button", { name: "保存" }).click();
  await page.waitForSelector('h1:has-text("改めた一括架電")');
  await page.getByRole("button", { name: "開始" }).click();
  await page.waitForSelector('td:has-text("通話中"), td:has-text("完了")');
  await page.getByRole("button", { name: "中止" }).click();
  await page.waitForSelector('.badge:has-text("中止")');
  assert.equal(await page.getByRole("button", { name: "開始" }).count(), 0);
}
