// Times, numbers and names as people write them.

import { language } from "./looks.js";
import { session } from "./session.js";
import { serverNow } from "../live/clock.js";

/** @type {Map<string, Intl.DateTimeFormat>} */
const forms = new Map();

/** @param {string} name @param {Intl.DateTimeFormatOptions} options */
function form(name, options) {
  const key = `${language.value} ${name}`;
  const known = forms.get(key) ?? new Intl.DateTimeFormat(language.value === "ja" ? "ja-JP" : "en-GB", options);
  forms.set(key, known);
  return known;
}

/** @param {string | null | undefined} time */
export const clock = (time) =>
  time ? form("clock", { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false }).format(new Date(time)) : "";

/** @param {string | null | undefined} time */
export const moment = (time) =>
  time
    ? form("moment", { month: "numeric", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", hour12: false }).format(new Date(time))
    : "";

/** @param {string | null | undefined} time */
export const day = (time) =>
  time ? form("day", { year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date(time)) : "";

/** Seconds as on a stopwatch: `0:07`, `12:30`, `1:02:03`. @param {number | null | undefined} seconds */
export function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds ?? 0));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const two = (/** @type {number} */ part) => String(part).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** @param {number | null | undefined} share from 0 to 1 */
export const percent = (share) => (share == null ? "" : `${Math.round(share * 100)}%`);

/** @param {number} count */
export const number = (count) => count.toLocaleString(language.value === "ja" ? "ja-JP" : "en-GB");

/** The family's name first where that is the custom. @param {{ firstName?: string, lastName?: string } | null | undefined} person */
export function nameOf(person) {
  if (!person) return "";
  const { firstName = "", lastName = "" } = person;
  const names = /^[ -~]*$/.test(lastName + firstName) ? [firstName, lastName] : [lastName, firstName];
  return names.filter(Boolean).join(" ");
}

/** A Japanese number as it is dialled at home; others as they are. @param {string | null | undefined} phone */
export function dialled(phone) {
  if (!phone?.startsWith("+81")) return phone ?? "";
  const national = `0${phone.slice(3)}`;
  const three = /^0[5-9]0\d{8}$/.test(national) ? [3, 7] : /^0[36]\d{8}$/.test(national) ? [2, 6] : /^0\d{9}$/.test(national) ? [3, 6] : null;
  return three ? `${national.slice(0, three[0])}-${national.slice(three[0], three[1])}-${national.slice(three[1])}` : national;
}

/** Today by the clock on the company's wall, or a day before, as the interface takes it. @param {number} [daysAgo] */
export function isoDay(daysAgo = 0) {
  const today = new Date(`${calendar(session.value?.user.timezone).format(serverNow())}T12:00:00Z`);
  today.setUTCDate(today.getUTCDate() - daysAgo);
  return today.toISOString().slice(0, 10);
}

/** A zone that this browser does not know is its own. @param {string | undefined} timeZone */
function calendar(timeZone) {
  // Swedish writes dates as ISO does.
  const form = (/** @type {string | undefined} */ timeZone) => new Intl.DateTimeFormat("sv-SE", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  try {
    return form(timeZone || undefined);
  } catch {
    return form(undefined);
  }
}
