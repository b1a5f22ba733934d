// Customers: entered, found, changed by the keyboard alone, imported with bad rows, marked, rung in vain.

import assert from "node:assert/strict";
import { accessible, fits, open, signIn } from "../browser.mjs";

const LONG = "株式会社とても長い名前の顧客管理と請求と配送と保守と点検と清掃をまとめて引き受ける総合商社の大阪支店の第二営業部御中です";

export async function walk(browser, { base, password }) {
  const page = await open(browser, base, { width: 1366 });
  await signIn(page, base, "sato@demo.example", password);
  await page.goto(`${base}/customers`);
  await page.waitForSelector("tbody tr");

  // By the keyboard alone, with a fault first.
  await page.getByRole("button", { name: "顧客を追加" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog[open]");
  await accessible(page, "the dialog of a customer");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog", { state: "detached" });
  assert.equal(await page.evaluate(() => document.activeElement?.textContent?.trim()), "顧客を追加", "the place before is found again");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("氏名").fill(LONG.slice(0, 60));
  await dialog.getByLabel("会社名").fill(LONG);
  await dialog.getByLabel("電話番号").fill("12");
  await page.keyboard.press("Enter");
  await dialog.locator(".fault").waitFor();
  await accessible(page, "a form with a fault");
  await dialog.getByLabel("電話番号").fill("03-3456-7890");
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog", { state: "detached" });
  await page.goto(`${base}/customers?q=${encodeURIComponent(LONG.slice(0, 60))}`);
  await page.waitForSelector(`text=${LONG.slice(0, 60)}`);
  for (const width of [1366, 360]) {
    await page.setViewportSize({ width, height: 740 });
    await fits(page, `a long name at ${width}`);
  }
  await page.setViewportSize({ width: 1366, height: 850 });

  // Marked: rung no more.
  await page.getByRole("button", { name: LONG.slice(0, 60), exact: true }).click();
  await page.getByLabel("架電禁止").check();
  await page.getByRole("dialog").getByRole("button", { name: "保存" }).click();
  await page.waitForSelector("dialog", { state: "detached" });
  await page.waitForSelector('tr .chip.bad:has-text("架電禁止")');
  assert.ok(await page.getByRole("button", { name: `${LONG.slice(0, 60)}へ発信` }).isDisabled());

  // A list with good and bad rows.
  await page.getByRole("button", { name: "CSV取込" }).click();
  const rows = ["氏名,会社名,電話番号,メール", "取込 一,取込商事,050-3333-0001,", "取込 二,取込商事,番号なし,", "取込 三,取込商事,050-3333-0003,間違い", "取込 四,取込商事,050-3333-0004,yon@example.jp"];
  await page.setInputFiles('input[type="file"]', { name: "list.csv", mimeType: "text/csv", buffer: Buffer.from(rows.join("\r\n")) });
  await page.waitForSelector(".bad-rows tbody tr");
  const bad = await page.locator(".bad-rows tbody tr").allInnerTexts();
  assert.deepEqual(bad.map((row) => row.split("\t")[0].trim()), ["3", "4"], bad.join("\n"));
  await accessible(page, "the report of an import");
  await page.getByRole("dialog").getByRole("button", { name: "閉じる" }).last().click();
  await page.fill('input[type="search"]', "取込商事");
  await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 2);

  // And the history's list, searched and saved.
  await page.goto(`${base}/history`);
  await page.waitForSelector("tbody tr");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "CSV出力" }).click()]);
  assert.equal(download.suggestedFilename(), "calls.csv");
}
