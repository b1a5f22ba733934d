// REST: one request, its answer, and what is told a person when it fails.

import { end, goodToken, renewed, session } from "./session.js";
import { told, w } from "./words.js";

/** Why something was not done. */
export class Problem extends Error {
  /** @param {number} status @param {any} body @param {number} wait */
  constructor(status, body, wait = 0) {
    super(body?.message ?? String(status));
    this.status = status;
    /** A word for machines. @type {string} */
    this.code = body?.code ?? (status === 0 ? "offline" : "unknown");
    /** @type {{ field: string, message: string }[]} */
    this.details = body?.details ?? [];
    /** Seconds after which it may be tried again. */
    this.wait = wait;
  }

  /** A sentence in the reader's language. */
  get sentence() {
    /** @type {Record<string, string>} */
    const known = w().problems;
    const said = known[this.code] ?? (this.code === "invalid" ? "" : this.message);
    const wait = this.code === "too_many_tries" && this.wait ? w().problem.wait(this.wait) : "";
    const details = this.details.map((detail) => this.#detail(detail)).join(" ");
    return [said || (details ? "" : w().problem.invalid), wait, details].filter(Boolean).join(" ");
  }

  /** @param {{ field: string, message: string }} detail */
  #detail({ field, message }) {
    /** @type {Record<string, string>} */
    const fields = w().fields;
    return `${fields[field] ?? field}: ${told(message)}`;
  }
}

/** Any failure as a sentence. @param {unknown} error */
export const sentence = (error) => (error instanceof Problem ? error.sentence : w().problem.unexpected);

/**
 * @typedef {{ query?: Record<string, string | number | boolean | null | undefined>, body?: unknown, signal?: AbortSignal,
 *   headers?: Record<string, string>, anonymous?: boolean }} Ask
 */

/** Asks, and gives `data`. @param {string} method @param {string} path @param {Ask} [ask] @returns {Promise<any>} */
export const api = async (method, path, ask) => (await asked(method, path, ask)).data;

/** Asks, and gives the whole answer: for lists with their pages. @param {string} method @param {string} path @param {Ask} [ask] @returns {Promise<any>} */
export const asked = async (method, path, ask) => (await response(method, path, ask)).json();

/** Asks, and gives the response. @param {string} method @param {string} path @param {Ask} [ask] */
export async function response(method, path, ask = {}) {
  const address = path + queryOf(ask.query);
  const whose = session.value?.user.id;
  let token = ask.anonymous ? "" : await goodToken();
  // Somebody else may have signed in meanwhile: this is not asked in their name.
  const isTheirs = () => ask.anonymous || session.value?.user.id === whose;
  if (!isTheirs()) throw new Problem(401, null);
  for (let tries = 0; ; tries++) {
    const answer = await sent(method, address, token, ask);
    if (answer.ok) return answer;
    const body = await answer.json().catch(() => null);
    if (answer.status === 401 && !ask.anonymous) {
      token = tries ? "" : await renewed(token);
      if (!isTheirs()) throw new Problem(401, body);
      if (token) continue;
      end("expired");
    }
    throw new Problem(answer.status, body, Number(answer.headers.get("Retry-After") ?? 0));
  }
}

/** @param {string} method @param {string} address @param {string} token @param {Ask} ask */
async function sent(method, address, token, { body, signal, headers }) {
  const form = body instanceof FormData;
  try {
    return await fetch(address, {
      method,
      signal,
      headers: {
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...(body !== undefined && !form ? { "Content-Type": "application/json" } : {}),
        ...headers,
      },
      body: body === undefined ? undefined : form ? body : JSON.stringify(body),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(0, null);
  }
}

/** What is empty is left out. @param {Ask["query"]} query */
export function queryOf(query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : "";
}

/** Lets a file of the server be saved. @param {string} path @param {Ask["query"]} query @param {string} name */
export async function save(path, query, name) {
  const blob = await (await response("GET", path, { query })).blob();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
