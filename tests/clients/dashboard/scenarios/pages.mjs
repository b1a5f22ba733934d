// Every page as each role, in both languages, light and dark, narrow and enlarged.

import assert from "node:assert/strict";
import { accessible, fits, open, signIn } from "../browser.mjs";

const PAGES = ["/wall", "/desk", "/history", "/reports", "/campaigns", "/customers", "/callbacks", "/settings", "/demo"];
const ROLES = {
  "sato@demo.example": { home: "/desk", pages: PAGES, hidden: ["/team"] },
  "supervisor@demo.example": { home: "/wall", pages: [...PAGES, "/team"], hidden: [] },
  "admin@demo.example": { home: "/wall", pages: [...PAGES, "/team"], hidden: [] },
};

export async function walk(browser, { base, password }) {
  for (const [email, { home, pages, hidden }] of Object.entries(ROLES)) {
    const page = await open(browser, base);
    await signIn(page, base, email, password);
    await page.waitForURL(base + home);
    for (const path of pages) await look(page, base, path, `${email} ${path}`);
    for (const path of hidden) {
      assert.equal(await page.locator(`.rail a[href="${path}"]`).count(), 0, `${email} is shown ${path}`);
      await page.goto(base + path);
      await page.waitForSelector("text=ページが見つかりません");
    }
    await page.context().close();
  }
  for (const looks of [{ lang: "en-GB", theme: "dark" }, { width: 360, height: 740 }, { width: 683, height: 425, theme: "dark" }]) {
    const page = await open(browser, base, looks);
    await page.goto(`${base}/signin`);
    await page.waitForSelector("form");
    await accessible(page, `signin ${JSON.stringify(looks)}`);
    await fits(page, `signin ${JSON.stringify(looks)}`);
    await signIn(page, base, "supervisor@demo.example", password);
    for (const path of [...PAGES, "/team"]) await look(page, base, path, `${path} ${JSON.stringify(looks)}`);
    await page.goto(`${base}/history`);
    await page.click("tbody tr td a");
    await page.waitForSelector(".call-head");
    await accessible(page, `call ${JSON.stringify(looks)}`);
    await fits(page, `call ${JSON.stringify(looks)}`);
    await page.context().close();
  }
}

async function look(page, base, path, where) {
  await page.goto(base + path);
  await page.waitForSelector("main .page");
  await page.waitForFunction(() => !document.querySelector("[aria-busy=true]") && !document.querySelector('.empty[role="status"]')?.textContent?.includes("…"));
  await accessible(page, where);
  await fits(page, where);
}
