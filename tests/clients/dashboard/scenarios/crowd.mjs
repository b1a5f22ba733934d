// Three hundred live calls and thirty events a second, for ten seconds: how much of a core, how much memory, how long a frame.

import assert from "node:assert/strict";
import { open, signIn } from "../browser.mjs";

const CALLS = 300;
const EVENTS = 30;
const SECONDS = 10;
/** What is asked of memory, in MB. */
const MEMORY = 150;

const INTENTS = ["affirm", "ask_purpose", "absent", "acknowledge"];
const PHASES = ["opening", "purpose", "pitch", "callback"];
const id = (number) => number.toString(16).padStart(24, "0");

/** `core`: how much of one is asked for, by whoever knows the machine. That, and how long a frame takes, is told in any case. */
export async function walk(browser, { base, password, core: most = Infinity }) {
  const page = await open(browser, base, { width: 1920, height: 1080 });
  await page.routeWebSocket(/\/ws$/, (socket) => serve(socket));
  await signIn(page, base, "supervisor@demo.example", password);
  for (const view of ["cards", "rows"]) {
    await page.goto(`${base}/wall`);
    await page.waitForFunction((calls) => document.querySelectorAll(".card").length === calls, CALLS);
    await page.locator(".tools .choice button").nth(view === "cards" ? -2 : -1).click();
    const wire = await page.context().newCDPSession(page);
    await wire.send("Performance.enable");
    // Frames that took longer than 50 ms are told; to count all of them would itself cost.
    await page.evaluate(() => {
      globalThis.frames = [0];
      new PerformanceObserver((list) => globalThis.frames.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: "long-animation-frame" });
    });
    await page.waitForTimeout(2000);
    const before = await figures(wire);
    await page.evaluate(() => (globalThis.frames = [0]));
    await page.waitForTimeout(SECONDS * 1000);
    const after = await figures(wire);
    const seconds = after.Timestamp - before.Timestamp;
    const core = (after.ProcessTime - before.ProcessTime) / seconds;
    const memory = after.JSHeapUsedSize / 1024 ** 2;
    const frame = await page.evaluate(() => Math.max(...globalThis.frames));
    console.log(`${view}: ${(core * 100).toFixed(1)} % of a core (processor time), ${memory.toFixed(1)} MB of scripts' memory, longest frame ${frame ? `${frame.toFixed(0)} ms` : "under 50 ms"}`);
    assert.ok(core < most && memory < MEMORY, JSON.stringify({ view, core, memory }));
  }
}

async function figures(wire) {
  const { metrics } = await wire.send("Performance.getMetrics");
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

/** Plays the server: the present, and then news of one call after the other, some of which change their places. */
function serve(socket) {
  let at = 0;
  const tell = (event, data) => socket.send(JSON.stringify({ event, at: `1-${++at}`, data }));
  const now = () => new Date().toISOString();
  socket.onMessage((message) => {
    const { token, id: asked } = JSON.parse(message);
    if (!token) return socket.send(JSON.stringify({ answer: asked, success: true, data: {} }));
    tell("active-calls", Array.from({ length: CALLS }, (_, number) => ({
      _id: id(number), status: ["ai-responding", "transferring", "human-connected", "initiated"][number % 4], startTime: now(), phase: "opening",
      customerId: { _id: id(number + 1000), name: `顧客 ${number}`, company: `株式会社${number}`, phone: "+815000000000" }, assignedAgent: null,
      transcript: [{ timestamp: now(), speaker: "ai", message: "お忙しいところ恐れ入ります、青空システムの青木でございます。" }],
    })));
    let news = 0;
    setInterval(() => {
      const number = (news++ * 37) % CALLS;
      if (news % 10 === 0) tell("call-updated", { callId: id(number), status: news % 20 ? "transferring" : "ai-responding", handoffTime: now() });
      else tell("call-progress", { callId: id(number), phase: PHASES[news % 4], speaker: "customer", message: `はい、${news}番目の発言です。よろしくお願いします。`, intent: INTENTS[news % 4], score: 0.9, timestamp: now() });
    }, 1000 / EVENTS);
  });
}
