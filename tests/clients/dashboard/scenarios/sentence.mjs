// A sentence is worded otherwise beside its preview, the engine is tried, and the next call says it. And an admin's own pages.

import assert from "node:assert/strict";
import { accessible, customer, fits, open, ring, signIn } from "../browser.mjs";

export async function walk(browser, { base, password }) {
  const page = await open(browser, base);
  await signIn(page, base, "supervisor@demo.example", password);
  await page.goto(`${base}/settings/conversation`);
  const sentence = page.locator('[data-template="initial"]');
  await sentence.waitFor();
  await accessible(page, "the sentences");
  const area = sentence.getByRole("textbox");
  await area.fill("お世話になります、{{compnyName}}です。");
  assert.match(await sentence.locator(".preview .unknown").innerText(), /compnyName/);
  assert.ok(await sentence.getByRole("button", { name: "保存" }).isDisabled(), "what is unknown is not kept");
  await area.fill("お世話になります、試験の挨拶です。");
  await sentence.getByRole("button", { name: "会社名" }).click();
  assert.match(await sentence.locator(".preview").innerText(), /試験の挨拶です。青空システム/);
  await sentence.getByRole("button", { name: "保存" }).click();
  await sentence.getByRole("button", { name: "標準の文に戻す" }).waitFor();

  await page.getByLabel("お客様の発言").fill("あいにく担当は外出しております");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".answer .intent");
  assert.match(await page.locator(".answer").innerText(), /担当不在/);
  await accessible(page, "the engine that is tried");

  await customer(page, "挨拶 次郎", "+815010019003");
  await ring(page, base, "挨拶 次郎");
  await page.waitForSelector('.line.ai:has-text("試験の挨拶です。青空システム")');

  const admin = await open(browser, base, { width: 360, height: 740 });
  await signIn(admin, base, "admin@demo.example", password);
  for (const section of ["company", "people"]) {
    await admin.goto(`${base}/settings/${section}`);
    await admin.waitForSelector(".panel, .table tbody tr");
    await accessible(admin, section);
    await fits(admin, section);
  }
  // A phrase of the company's own: one that cannot count is refused where it stands, one that can is kept.
  await admin.goto(`${base}/settings/company`);
  await admin.getByRole("button", { name: "言い回しを追加" }).click();
  const phrase = admin.getByRole("group", { name: "言い回し1" });
  await phrase.getByRole("textbox").fill("もう二度とかけてこないでください");
  await admin.getByRole("button", { name: "言い回しを保存" }).click();
  await phrase.locator(".fault").waitFor();
  await accessible(admin, "a phrase that is refused");
  await fits(admin, "a phrase that is refused");
  await phrase.getByRole("textbox").fill("本社のほうで一括なんで");
  await admin.getByRole("button", { name: "言い回しを保存" }).click();
  await phrase.locator(".fault").waitFor({ state: "detached" });
  await admin.waitForSelector("text=言い回しを保存しました。");

  // How a name is read: half of it is refused, the whole is kept.
  await admin.getByRole("button", { name: "読みを追加" }).click();
  const reading = admin.getByRole("group", { name: "読み1" });
  await reading.getByRole("textbox", { name: "表記" }).fill("青空システム");
  await admin.getByRole("button", { name: "読みを保存" }).click();
  await reading.locator(".fault").waitFor();
  await reading.getByRole("textbox", { name: "読み", exact: true }).fill("あおぞらしすてむ");
  await admin.getByRole("button", { name: "読みを保存" }).click();
  await admin.waitForSelector("text=読みを保存しました。");

  // A script: what is wrong with it is told with its line, and the built-in one comes back.
  const script = admin.getByRole("textbox", { name: "台本" });
  const builtIn = await script.inputValue();
  await script.fill(builtIn.replace('to = "purpose"', 'to = "porpoise"'));
  await admin.getByRole("button", { name: "確認", exact: true }).click();
  const line = builtIn.split("\n").findIndex((one) => one.includes('to = "purpose"')) + 1;
  assert.match(await admin.locator(".script .fault").innerText(), new RegExp(`^${line}行目: ja/script.toml: .*porpoise`));
  await accessible(admin, "a script that is refused");
  await script.fill(builtIn.replace('prompt = ["initial"]', 'prompt = ["initial", "request"]'));
  await admin.getByRole("button", { name: "台本を保存" }).click();
  await admin.getByRole("button", { name: "標準の台本に戻す" }).click();
  await admin.waitForSelector("text=標準の台本を使っています。");
  assert.equal(await script.inputValue(), builtIn);
  await admin.goto(`${base}/settings/people`);

  const nakano = admin.locator("tr", { hasText: "中野" });
  await nakano.getByRole("button", { name: "取次の設定" }).click();
  await admin.getByRole("dialog").getByLabel("得意分野").fill("料金、解約");
  await admin.getByRole("dialog").getByLabel("優先度").fill("101");
  await accessible(admin, "the settings of hand-overs");
  await admin.getByRole("button", { name: "保存" }).click();
  assert.equal(await admin.getByRole("dialog").locator(".fault").innerText(), "0から100までの整数で入力してください。");
  await admin.getByRole("dialog").getByLabel("優先度").fill("70");
  await admin.getByRole("button", { name: "保存" }).click();
  await admin.waitForSelector("dialog", { state: "detached" });
  await nakano.getByRole("button", { name: "取次の設定" }).click();
  assert.equal(await admin.getByRole("dialog").getByLabel("得意分野").inputValue(), "料金、解約");
  await admin.keyboard.press("Escape");
  await admin.waitForSelector("dialog", { state: "detached" });

  await admin.getByRole("button", { name: "メンバーを招待" }).click();
  await admin.getByRole("dialog").getByLabel("メールアドレス").fill("new@demo.example");
  await admin.getByRole("dialog").getByRole("button", { name: "メンバーを招待" }).click();
  const link = await admin.getByRole("textbox", { name: "登録用リンク" }).inputValue();

  // The one who was invited joins, with a password that is refused first.
  const newcomer = await open(browser, base);
  await newcomer.goto(link);
  for (const [label, text] of [["姓", "新田"], ["名", "一"], ["メールアドレス", "new@demo.example"], ["電話番号", "03-1234-5678"], ["パスワード", "password"]]) {
    await newcomer.getByLabel(label, { exact: false }).first().fill(text);
  }
  await accessible(newcomer, "an invitation");
  await newcomer.getByRole("button", { name: "参加する" }).click();
  await newcomer.waitForSelector(".fault, .failed");
  await newcomer.getByLabel("パスワード").fill("mizu to ame to 42 neko");
  await newcomer.getByRole("button", { name: "参加する" }).click();
  await newcomer.waitForURL(`${base}/desk`);
  assert.equal(await newcomer.locator('.rail a[href="/team"]').count(), 0);
}
