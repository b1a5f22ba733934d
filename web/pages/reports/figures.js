// From the interface's figures to what a chart shows: pure.

/** @typedef {{ label: string, all: number, good?: number }} Bar */

/** A bar for each day, also for those without a call. @param {any[]} series @param {string} from @param {number} days @returns {Bar[]} */
export const byDay = (series, from, days) => daily(series, from, days, (part) => ({ all: part?.totalCalls ?? 0, good: part?.successfulCalls ?? 0 }));

/** How long customers waited for a human, day by day, in seconds. @param {any[]} series @param {string} from @param {number} days @returns {Bar[]} */
export const waitsByDay = (series, from, days) => daily(series, from, days, (part) => ({ all: part?.handoffs.averageWait ?? 0 }));

/** @param {any[]} series @param {string} from @param {number} days @param {(part: any) => { all: number, good?: number }} of @returns {Bar[]} */
function daily(series, from, days, of) {
  const known = new Map(series.map((part) => [part._id, part]));
  return Array.from({ length: days }, (_, place) => {
    const day = new Date(`${from}T12:00:00Z`);
    day.setUTCDate(day.getUTCDate() + place);
    const part = known.get(day.toISOString().slice(0, 10));
    return { label: `${day.getUTCMonth() + 1}/${day.getUTCDate()}`, ...of(part) };
  });
}

/** A bar for each hour of the day in which something was, by the company's clock. @param {any[]} series @returns {Bar[]} */
export function byHour(series) {
  const bars = Array.from({ length: 24 }, (_, hour) => ({ label: String(hour), all: 0, good: 0 }));
  for (const part of series) {
    const bar = bars[Number(/T(\d\d)/.exec(part._id)?.[1] ?? 0)];
    bar.all += part.totalCalls;
    bar.good = (bar.good ?? 0) + part.successfulCalls;
  }
  return bars;
}

/** How much more it is than it was. @param {number} now @param {number | undefined} was */
export function change(now, was) {
  if (!was) return "";
  const share = Math.round(((now - was) / was) * 100);
  return `${share >= 0 ? "+" : ""}${share}%`;
}
