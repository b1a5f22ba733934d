// A browser that hides nothing: what it says in its console, and whom it asks for something.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--no-proxy-server",
];
const EXECUTABLE = process.env.TSUNAGU_TEST_CHROMIUM || "/usr/bin/chromium";
export const PATIENCE = 60_000;

/** Every fault that was seen. */
const faults = [];

export const launch = () => chromium.launch({ executablePath: EXECUTABLE, args: FLAGS });

/** A page of somebody's own, as if on another machine. */
export async function open(browser, base, { lang = "ja-JP", theme = "light", width = 1366, height = 850, ...more } = {}) {
  const context = await browser.newContext({
    viewport: { width, height }, locale: lang, colorScheme: theme, timezoneId: "Asia/Tokyo", reducedMotion: "reduce", ...more,
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  // A refusal that a scenario provokes, and a server that it takes away, are no faults of the page.
  page.on("console", (message) => {
    const expected = /Failed to load resource|WebSocket connection to/.test(message.text());
    if (["error", "warning"].includes(message.type()) && !expected) faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`page: ${error.stack}`));
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (["http:", "https:"].includes(url.protocol) && url.origin !== new URL(base).origin) faults.push(`request: ${url}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 500) faults.push(`${response.status()} ${response.url()}`);
  });
  return page;
}

export async function signIn(page, base, email, password) {
  await page.goto(`${base}/signin`);
  await page.fill('input[name="email"]', email);
  await page.fill('input[name="password"]', password);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".shell");
}

/** Asks the interface as whoever has signed in on the page. */
export async function rest(page, method, path, body) {
  const { token } = JSON.parse(await page.evaluate(() => localStorage.getItem("tsunagu.session")));
  const answer = await page.request.fetch(new URL(path, page.url()).href, { method, headers: { Authorization: `Bearer ${token}` }, data: body });
  const told = await answer.json();
  assert.ok(answer.ok(), JSON.stringify(told));
  return told.data;
}

/** A customer of our own. */
export const customer = (page, name, phone) => rest(page, "POST", "/api/customers", { name, company: "試験商事", phone });

/** Rings a customer from the list, and comes to the call. */
export async function ring(page, base, name) {
  await page.goto(`${base}/customers?q=${encodeURIComponent(name)}`);
  await page.getByRole("button", { name: `${name}へ発信` }).click();
  await page.waitForURL(/\/calls\/[0-9a-f]{24}$/);
  return page.url().slice(-24);
}

/** Nothing serious is wrong with the page for those who see, hear or type otherwise. */
export async function accessible(page, where) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] }),
  );
  for (const { id, impact, nodes } of violations) {
    if (["serious", "critical"].includes(impact)) faults.push(`axe at ${where}: ${id} ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`).join(" | ")}`);
  }
}

/** Nothing stands out at the side. */
export async function fits(page, where) {
  const [wide, view] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  if (wide > view) {
    const wider = await page.evaluate((limit) => [...document.querySelectorAll("main *, header *")].filter((one) => !one.closest(".table > *") && one.getBoundingClientRect().right > limit + 1).slice(0, 3).map((one) => one.outerHTML.slice(0, 120)), view);
    faults.push(`${where}: ${wide} px wide in a view of ${view}: ${wider.join(" | ")}`);
  }
}

/** Ends a scenario: whatever was noted is told. */
export function settle() {
  if (faults.length) throw new Error([...new Set(faults)].join("\n"));
}
