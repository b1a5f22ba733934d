// The live connection: a WebSocket that comes back by itself, goes on where it broke off, and says how it is.
//
// docs/realtime.md says what is told and what may be asked.

import { effect, signal } from "../app/dom.js";
import { Problem } from "../app/api.js";
import { back, backoff } from "../app/retry.js";
import { end, goodToken, renewed, session } from "../app/session.js";
import { heardTime } from "./clock.js";

/** After this long without a word a sign of life is asked for, in milliseconds; and so long it may take. */
const QUIET = 4000;
const PATIENCE = 3000;
/** From one try to the next: the first, and the longest, so that the truth is there within a second of the server's return. */
const SOON = 250;
const LATE = 700;
/** How long a command may take. */
const ANSWER = 30_000;
/** What the server says when it closes because of the token. */
const NOT_SIGNED_IN = 4401;

/** How the connection is. A break that is mended at once is none. */
export const connection = signal(/** @type {"off" | "connecting" | "online" | "lost"} */ ("off"));

/** @typedef {(data: any) => void} Listener */
/** @type {Map<string, Set<Listener>>} */
const listeners = new Map();
/** @type {Map<number, { resolve: (data: any) => void, reject: (problem: Problem) => void, late: number }>} */
const asked = new Map();
/**
 * A call that is watched: by how many, whether it has been shown, how often that was asked for in vain, and when it is again.
 * @typedef {{ by: number, shown: boolean, tries: number, due: number }} Watched
 */
/** @type {Map<string, Watched>} */
const watched = new Map();

/** @type {WebSocket | null} */
let socket = null;
let since = "";
let lastWord = 0;
let tries = 0;
/** Whether the connection has let us in. */
let greeted = false;
let commands = 0;
let retry = 0;
let user = "";

/** Hears an event; `user-changed` is our own: whoever was signed in is so no more. @param {string} event @param {Listener} listener @returns {() => void} hears it no more */
export function on(event, listener) {
  const those = listeners.get(event) ?? new Set();
  listeners.set(event, those.add(listener));
  return () => those.delete(listener);
}

/** Asks for something, as REST would be asked. @param {string} name @param {unknown} [data] @returns {Promise<any>} */
export function command(name, data) {
  return new Promise((resolve, reject) => {
    if (connection.value !== "online" || !socket || socket.readyState !== WebSocket.OPEN) return reject(new Problem(0, null));
    const id = ++commands;
    const late = setTimeout(() => {
      asked.delete(id);
      reject(new Problem(0, null));
    }, ANSWER);
    asked.set(id, { resolve, reject, late });
    socket.send(JSON.stringify({ command: name, data, id }));
  });
}

/** Watches a call, over breaks too, until what is given back is called. @param {string} call */
export function watch(call) {
  const one = watched.get(call) ?? { by: 0, shown: false, tries: 0, due: 0 };
  watched.set(call, one);
  one.by++;
  show(call, one);
  return () => {
    if (--one.by) return;
    clearTimeout(one.due);
    watched.delete(call);
    command("stop-monitor-call", call).catch(() => {});
  };
}

/** Asks for a call that has not been shown; one that there is not is asked for by the next connection. @param {string} call @param {Watched} one */
async function show(call, one) {
  if (one.shown) return;
  clearTimeout(one.due);
  const absent = await command("monitor-call", call).then(() => false, (problem) => problem.code === "not_found");
  if (!absent) expect(call, one);
}

/** It is asked for again when it does not come. @param {string} call @param {Watched} one */
function expect(call, one) {
  clearTimeout(one.due);
  if (one.by && !one.shown) one.due = setTimeout(show, backoff(one.tries++), call, one);
}

on("call-details", ({ _id }) => {
  const one = watched.get(_id);
  if (!one) return;
  clearTimeout(one.due);
  Object.assign(one, { shown: true, tries: 0 });
});

// The present takes the place of what was shown before; the calls that the greeting named are shown after it.
on("active-calls", () => {
  for (const [call, one] of watched) {
    if (!one.shown) continue;
    one.shown = false;
    expect(call, one);
  }
});

effect(() => {
  const now = session.value?.user.id ?? "";
  if (now === user) return;
  user = now;
  since = "";
  emit("user-changed", null);
  socket?.close();
  if (now) open();
  else connection.value = "off";
});

addEventListener("online", () => again(0));
addEventListener("offline", () => socket && lose(socket));
document.addEventListener("visibilitychange", () => document.hidden || connection.value === "online" || again(0));
setInterval(beat, 1000);

async function open() {
  clearTimeout(retry);
  const whose = user;
  if (connection.value === "off") connection.value = "connecting";
  const token = await goodToken().catch(() => session.value?.token ?? "");
  if (!token || whose !== user) return;
  const opening = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`);
  socket?.close();
  socket = opening;
  greeted = false;
  lastWord = Date.now();
  opening.onopen = () => {
    const shown = [...watched].filter(([, one]) => one.shown).map(([call]) => call);
    opening.send(JSON.stringify({ token, since: since || undefined, watch: shown, progress: true }));
    // Where nothing was missed nothing is told: the answer to this shows that we were let in.
    opening.send('{"command":"ping","id":"beat"}');
  };
  opening.onmessage = (message) => opening === socket && hear(JSON.parse(message.data));
  opening.onclose = (closed) => lose(opening, closed.code, token);
}

/** @param {any} told */
function hear(told) {
  lastWord = Date.now();
  if (told.answer !== undefined) return answered(told);
  if (!told.event) return;
  if (told.event === "session-ended") return;
  if (told.at) since = told.at;
  greet();
  heardTime(told.data?.timestamp);
  emit(told.event, told.data);
}

/** It answers: whatever comes first shows that we were let in. */
function greet() {
  tries = 0;
  if (connection.value !== "online") connection.value = "online";
  if (greeted) return;
  greeted = true;
  back();
  // What had been shown goes on by itself.
  for (const [call, one] of watched) {
    one.tries = 0;
    show(call, one);
  }
}

/** @param {string} event @param {any} data */
function emit(event, data) {
  for (const name of [event, "*"]) for (const listener of listeners.get(name) ?? []) listener(name === "*" ? { event, data } : data);
}

/** @param {any} told */
function answered({ answer, success, data, ...failure }) {
  if (answer === "beat") greet();
  const asking = asked.get(answer);
  if (!asking) return;
  asked.delete(answer);
  clearTimeout(asking.late);
  if (success) asking.resolve(data);
  else asking.reject(new Problem(409, failure));
}

/** @param {WebSocket} lost @param {number} [code] @param {string} [token] */
async function lose(lost, code, token = "") {
  if (lost !== socket) return;
  socket = null;
  lost.onclose = null;
  lost.close();
  for (const { reject, late } of asked.values()) {
    clearTimeout(late);
    reject(new Problem(0, null));
  }
  asked.clear();
  if (!user) return;
  if (code === NOT_SIGNED_IN) {
    // Signed out elsewhere, or the token ran out: another is asked for, and tells which.
    const fresh = await renewed(token).catch(() => "");
    if (!fresh && !session.value) return end("expired");
  }
  setTimeout(() => socket?.readyState === WebSocket.OPEN || !user || (connection.value = "lost"), 300);
  again(Math.min(SOON * 2 ** tries++, LATE) * (0.75 + Math.random() / 2));
}

/** @param {number} wait */
function again(wait) {
  if (!user || socket?.readyState === WebSocket.OPEN) return;
  clearTimeout(retry);
  retry = setTimeout(open, wait);
}

/** A connection that died without a word is found out by asking. */
function beat() {
  if (!socket) return;
  const quiet = Date.now() - lastWord;
  if (quiet > QUIET + PATIENCE) lose(socket);
  else if (quiet > QUIET && socket.readyState === WebSocket.OPEN) socket.send('{"command":"ping","id":"beat"}');
}
