// A company signs up; its session outlives a reload and a token that is good no more, in two tabs at once; and it ends for all.

import assert from "node:assert/strict";
import { accessible, customer, fits, open, ring, signIn } from "../browser.mjs";

export async function walk(browser, { base, password }) {
  const page = await open(browser, base, { width: 360, height: 740 });
  await page.goto(`${base}/customers?q=x`);
  await page.waitForURL(/\/signin\?to=/);
  await page.getByRole("link", { name: "新規登録" }).click();
  await page.waitForURL(`${base}/signup`);
  const given = { 会社名: "試験商事", 姓: "試験", 名: "太郎", メールアドレス: "taro@trial.example", 電話番号: "12", パスワード: "mizu to ame to 42 neko" };
  for (const [label, text] of Object.entries(given)) await page.locator(".field", { hasText: new RegExp(`^${label}`) }).locator("input").fill(text);
  await page.getByRole("button", { name: "登録する" }).click();
  assert.match(await page.locator(".fault").innerText(), /電話番号の形式ではありません/);
  await accessible(page, "a sign-up with a fault");
  await fits(page, "a sign-up");
  await page.locator(".field.wrong input").fill("03-1234-5678");
  await page.getByRole("button", { name: "登録する" }).click();
  await page.waitForURL(`${base}/wall`);
  await page.waitForSelector("text=進行中の通話はありません");

  // Nobody else's calls are there; and every page of an empty company is a page.
  for (const path of ["/desk", "/team", "/history", "/reports", "/customers", "/campaigns", "/callbacks", "/settings", "/settings/conversation", "/settings/company", "/settings/people", "/calls/0001027f80ff090807060504"]) {
    await page.goto(base + path);
    await page.waitForSelector("main .page");
    await page.waitForFunction(() => !document.querySelector("main")?.textContent?.includes("読み込み中"));
    await accessible(page, `an empty company's ${path}`);
    await fits(page, `an empty company's ${path}`);
  }

  // The token is spoilt: it is renewed without a word, by one tab for both.
  const other = await page.context().newPage();
  await other.goto(`${base}/customers`);
  await other.waitForSelector("main .page");
  const spoil = () => page.evaluate(() => {
    const session = JSON.parse(localStorage.getItem("tsunagu.session"));
    localStorage.setItem("tsunagu.session", JSON.stringify({ ...session, token: `${session.token.slice(0, -6)}AAAAAA` }));
  });
  await spoil();
  await Promise.all([page.goto(`${base}/customers`), other.goto(`${base}/customers`)]);
  for (const tab of [page, other]) {
    await tab.waitForSelector("text=顧客はまだ登録されていません");
    assert.equal(await tab.locator(".shell").count(), 1);
  }
  // The answer to a renewal is lost with a page that is left: the next one asks for the same again.
  await other.goto("about:blank");
  await spoil();
  const lose = async (/** @type {import("playwright-core").Route} */ route) => {
    await route.fetch();
    await route.abort();
  };
  await page.route("**/api/auth/refresh", lose, { times: 1 });
  const lost = page.waitForEvent("requestfailed", (request) => request.url().endsWith("/api/auth/refresh"));
  await page.goto(`${base}/customers`);
  await lost;
  await Promise.all([page.goto(`${base}/customers`), other.goto(`${base}/customers`)]);
  for (const tab of [page, other]) await tab.waitForSelector("text=顧客はまだ登録されていません");

  // Today is the company's, wherever the browser is: here it is another day there.
  const tokyo = () => new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Tokyo", dateStyle: "short", timeStyle: "short" }).format(new Date());
  const before = tokyo();
  const far = await browser.newContext({ storageState: await page.context().storageState(), locale: "ja-JP", timezoneId: Number(before.slice(11, 13)) >= 19 ? "Pacific/Kiritimati" : "Pacific/Pago_Pago" });
  const away = await far.newPage();
  await away.goto(`${base}/history`);
  await away.getByRole("button", { name: "今日" }).click();
  // The day may end meanwhile.
  await away.waitForURL((url) => [before, tokyo()].some((now) => url.searchParams.get("from") === now.slice(0, 10)));
  await far.close();

  await other.locator(".me > button").click();
  await other.getByRole("button", { name: "ログアウト" }).click();
  await other.waitForURL(/\/signin/);
  await page.waitForURL(/\/signin/);
  assert.equal(await page.evaluate(() => localStorage.getItem("tsunagu.session")), null);
  await other.close();

  // Signed out while a token is being renewed: the answer to that signs nobody in again.
  await signIn(page, base, given.メールアドレス, given.パスワード);
  // Where no page of ours runs, that keeps what it learns beside.
  await page.goto(`${base}/health`);
  await spoil();
  let answer;
  const held = new Promise((resolve) => (answer = resolve));
  await page.route("**/api/auth/refresh", async (route) => {
    const response = await route.fetch();
    await held;
    await route.fulfill({ response });
  }, { times: 1 });
  const renewal = page.waitForRequest("**/api/auth/refresh");
  await page.goto(`${base}/customers`);
  await renewal;
  await page.locator(".me > button").click();
  await page.getByRole("button", { name: "ログアウト" }).click();
  await page.waitForURL(/\/signin/);
  answer();
  // Whoever renews has the lock until the answer is taken.
  await page.evaluate(() => navigator.locks.request("tsunagu.session", () => {}));
  assert.equal(await page.evaluate(() => localStorage.getItem("tsunagu.session")), null);
  await page.waitForSelector('input[name="email"]');

  // Somebody else signs in at another tab: nothing of the one before is shown, also before the server has told anything.
  await signIn(page, base, given.メールアドレス, given.パスワード);
  const next = await page.evaluate(() => localStorage.getItem("tsunagu.session"));
  const wall = await open(browser, base);
  let silent = false;
  await wall.routeWebSocket(/\/ws$/, (line) => {
    if (!silent) line.connectToServer();
  });
  await signIn(wall, base, "supervisor@demo.example", password);
  await customer(wall, "交代 花子", "+815010019002");
  await ring(wall, base, "交代 花子");
  await wall.goto(`${base}/wall?q=${encodeURIComponent("交代")}`);
  await wall.waitForSelector(".card");
  silent = true;
  const tab = await wall.context().newPage();
  await tab.goto(`${base}/health`);
  await tab.evaluate((session) => localStorage.setItem("tsunagu.session", session ?? ""), next);
  await wall.waitForSelector(".card", { state: "detached" });
}
