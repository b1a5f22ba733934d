// The pictures in docs/screenshots: node pictures.mjs FOLDER '{"base":…,"password":…}', against a demo that has run for some minutes.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { launch, open, signIn } from "./browser.mjs";

const [folder, given] = process.argv.slice(2);
const { base, password } = JSON.parse(given);
const SUPERVISOR = "supervisor@demo.example";
const AGENT = "sato@demo.example";
const PICTURES = [
  ["signin", null, "/signin"], ["wall", SUPERVISOR, "/wall"], ["call", SUPERVISOR, "live"], ["team", SUPERVISOR, "/team"], ["desk", AGENT, "/desk"],
  ["history", SUPERVISOR, "/history"], ["campaigns", SUPERVISOR, "/campaigns"], ["reports", SUPERVISOR, "/reports"], ["past-call", SUPERVISOR, "past"], ["customers", SUPERVISOR, "/customers"], ["callbacks", SUPERVISOR, "/callbacks"],
  ["settings", AGENT, "/settings"], ["demo", SUPERVISOR, "/demo"],
];
const LOOKS = [["ja", "light"], ["ja", "dark"], ["en", "light"], ["en", "dark"]];

mkdirSync(folder, { recursive: true });
const browser = await launch();
for (const [lang, theme] of LOOKS) {
  const pages = new Map();
  for (const [name, who, where] of PICTURES) {
    if (!pages.has(who)) {
      const page = await open(browser, base, { lang: lang === "ja" ? "ja-JP" : "en-GB", theme, width: 1280, height: 800 });
      if (who) await signIn(page, base, who, password);
      pages.set(who, page);
    }
    await take(pages.get(who), where, join(folder, `${name}-${lang}-${theme}.webp`));
  }
  for (const page of pages.values()) await page.context().close();
}
await browser.close();

async function take(page, where, file) {
  const list = { live: "/wall?sort=longest", past: "/history?result=success" }[where];
  await page.goto(base + (list ?? where));
  if (list) {
    await page.waitForSelector(".card h2 a, tbody tr td a");
    await page.locator(".card.human-connected h2 a, .card.ai-responding h2 a, tbody tr td a").first().click();
    await page.waitForSelector(".call-head");
  }
  await page.waitForTimeout(1500);
  writeFileSync(file, await webp(page));
}

/** Chromium writes webp itself, which its driver does not offer. */
async function webp(page) {
  const wire = await page.context().newCDPSession(page);
  const { data } = await wire.send("Page.captureScreenshot", { format: "webp", quality: 55 });
  await wire.detach();
  return Buffer.from(data, "base64");
}
