// Who has signed in. Kept over reloads and shared by all tabs; renewed without a word before it runs out.

import { randomId, signal } from "./dom.js";
import { keep, kept, keptElsewhere } from "./kept.js";

/** @typedef {{ id: string, companyName: string, email: string, firstName: string, lastName: string, role: "agent" | "supervisor" | "admin", simulated?: boolean, demo?: boolean, timezone?: string }} User */
/** @typedef {{ token: string, refreshToken: string, user: User, renewing?: string }} Session `renewing` names a renewal whose answer is not there */

const KEY = "session";
/** A token is renewed this long before it runs out, in milliseconds. */
const EARLY = 120_000;
const RANKS = { agent: 0, supervisor: 1, admin: 2 };

/** @type {import("../vendor/signals.js").Signal<Session | null>} */
export const session = signal(kept(KEY));

/** Why the last session ended, when it was not signed out here: shown where one signs in. */
export const ended = signal(/** @type {"" | "expired"} */ (""));

/** Rises when the server did not let us do what our role may do: then it is another one. */
export const doubts = signal(0);

keptElsewhere(KEY, () => {
  session.value = kept(KEY);
});

/** Whoever has signed in is at least this. @param {User["role"]} role */
export const isAtLeast = (role) => RANKS[session.value?.user.role ?? "agent"] >= RANKS[role];

/** An answer of the server to a sign-in, sign-up or renewal. @param {any} answer */
export function begin(answer) {
  const user = answer.data?.email ? answer.data : session.value?.user;
  ended.value = "";
  put({ token: answer.token, refreshToken: answer.refreshToken, user });
}

/** What is known of the user anew. @param {Partial<User>} user */
export function know(user) {
  const present = session.value;
  if (present) put({ ...present, user: { ...present.user, ...user } });
}

/** @param {Session} next */
function put(next) {
  session.value = next;
  keep(KEY, next);
}

/** The session is over. @param {"" | "expired"} why */
export function end(why) {
  ended.value = session.value ? why : ended.value;
  session.value = null;
  keep(KEY, null);
}

/** A token that is good for a while; empty when nobody has signed in any more. */
export async function goodToken() {
  const present = session.value;
  if (!present) return "";
  if (runsOut(present.token) - Date.now() > EARLY) return present.token;
  return renewed(present.token);
}

/**
 * Another token in place of one that is not good any more. Tabs take turns, since a refresh token is good once: whoever comes
 * second finds the work done.
 * @param {string} spent @returns {Promise<string>}
 */
export function renewed(spent) {
  renewing ??= inTurn(async () => {
    const shared = kept(KEY) ?? session.value;
    if (!shared) return "";
    if (shared.token !== spent) {
      session.value = shared;
      return shared.token;
    }
    // Kept before it is asked for: a page that is reloaded meanwhile asks for the same again.
    const renewing = shared.renewing ?? randomId();
    put({ ...shared, renewing });
    const answer = await fetch("/api/auth/refresh", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": renewing },
      body: JSON.stringify({ refreshToken: shared.refreshToken }),
    });
    const told = answer.ok ? await answer.json() : null;
    // Signed out meanwhile, or somebody else signed in: the answer concerns nobody any more.
    const now = kept(KEY) ?? session.value;
    if (now?.refreshToken !== shared.refreshToken) {
      session.value = now;
      return now?.token ?? "";
    }
    if (told) {
      begin(told);
      return session.value?.token ?? "";
    }
    if (answer.status === 401 || answer.status === 403) end("expired");
    return answer.status === 401 ? "" : shared.token;
  }).finally(() => {
    renewing = null;
  });
  return renewing;
}

/** @type {Promise<string> | null} */
let renewing = null;

/** One tab after the other, where the browser can (over https, or on one's own machine). @param {() => Promise<string>} work */
function inTurn(work) {
  return navigator.locks ? navigator.locks.request("tsunagu.session", work) : work();
}

/** @param {string} token */
function runsOut(token) {
  try {
    const [, claims] = token.split(".");
    return JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/"))).exp * 1000;
  } catch {
    return 0;
  }
}

/** Signs out, here and in all tabs. */
export async function signOut() {
  const refreshToken = session.value?.refreshToken;
  end("");
  if (refreshToken) {
    await fetch("/api/auth/logout", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ refreshToken }),
    }).catch(() => {});
  }
}
