// The live connection: a WebSocket that comes back by itself, goes on where it broke off, and says how it is.
//
// docs/realtime.md says what is told and what may be asked.

import { effect, signal } from "../app/dom.js";
import { Problem } from "../app/api.js";
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
/** How often each call is watched. @type {Map<string, number>} */
const watched = new Map();

/** @type {WebSocket | null} */
let socket = null;
let since = "";
let lastWord = 0;
let tries = 0;
let commands = 0;
let retry = 0;
let user = "";

/** Hears an event. @param {string} event @param {Listener} listener @returns {() => void} hears it no more */
export function on(event, listener) {
  const those = listeners.get(event) ?? new Set();
  listeners.set(event, those.add(listener));
  return () => those.delete(listener);
}

/** Asks for something, as REST would be asked. @param {string} name @param {unknown} [data] @returns {Promise<any>} */
export function command(name, data) {
  return new Promise((resolve, reject) => {
    if (connection.value !== "online" || !socket) return reject(new Problem(0, null));
    const id = ++commands;
    const late = setTimeout(() => {
      asked.delete(id);
      reject(new Problem(0, null));
    }, ANSWER);
    asked.set(id, { resolve, reject, late });
    socket.send(JSON.stringify({ command: name, data, id }));
  });
}

/** Watches a call while the connection lasts, until what is given back is called. @param {string} call */
export function watch(call) {
  watched.set(call, (watched.get(call) ?? 0) + 1);
  command("monitor-call", call).catch(() => {});
  return () => {
    const more = (watched.get(call) ?? 1) - 1;
    if (more) watched.set(call, more);
    else {
      watched.delete(call);
      command("stop-monitor-call", call).catch(() => {});
    }
  };
}

effect(() => {
  const now = session.value?.user.id ?? "";
  if (now === user) return;
  user = now;
  since = "";
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
  lastWord = Date.now();
  opening.onopen = () => {
    opening.send(JSON.stringify({ token, since: since || undefined, progress: true }));
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
