// The figures above the wall.

import { html, useEffect, useMemo, useState } from "../../app/dom.js";
import { api } from "../../app/api.js";
import { isoDay, number } from "../../app/format.js";
import { session } from "../../app/session.js";
import { w } from "../../app/words.js";
import { changes, figures, present } from "../../live/floor.js";

/** From one look at the day's success to the next, in milliseconds. */
const AGAIN = 15_000;

export function Counters() {
  const rate = useSuccess();
  const round = changes.value;
  const counts = useMemo(() => {
    const living = present().filter((call) => !call.ended);
    return { live: living.length, waiting: living.filter((call) => call.status === "transferring").length, human: living.filter((call) => call.status === "human-connected").length };
  }, [round]);
  const day = figures.value;
  return html`<dl class="counters">
    <${Counter} name="live" label=${w().wall.live} value=${number(counts.live)} />
    <${Counter} name="waiting" label=${w().wall.waiting} value=${number(counts.waiting)} tone=${counts.waiting ? "wait" : ""} />
    <${Counter} name="human" label=${w().wall.human} value=${number(counts.human)} />
    <${Counter} name="free" label=${w().wall.free} value=${day ? number(day.availableAgents) : "–"} tone=${counts.waiting && day?.availableAgents === 0 ? "bad" : ""} />
    <${Counter} name="today" label=${w().wall.today} value=${day ? number(day.totalCallsToday) : "–"} />
    <${Counter} name="rate" label=${w().wall.rate} value=${rate === null ? "–" : `${rate}%`} />
  </dl>`;
}

/** @param {{ name: string, label: string, value: string, tone?: string }} props */
const Counter = ({ name, label, value, tone }) => html`<div class=${tone ?? ""} data-counter=${name}><dt>${label}</dt><dd>${value}</dd></div>`;

/** The share of successes in the calls that are over. @param {any} data */
function share({ successfulCalls, resultBreakdown }) {
  const over = resultBreakdown.reduce((/** @type {number} */ sum, /** @type {any} */ part) => sum + part.count, 0);
  return over ? ((successfulCalls / over) * 100).toFixed(1) : null;
}

/** It is asked for again and again. */
function useSuccess() {
  const [rate, setRate] = useState(/** @type {string | null} */ (null));
  const over = figures.value?.totalCallsToday;
  const zone = session.value?.user.timezone;
  useEffect(() => {
    let gone = false;
    const ask = () =>
      document.hidden ||
      api("GET", "/api/calls/statistics", { query: { startDate: isoDay(), endDate: isoDay() } }).then(
        (data) => gone || setRate(share(data)),
        () => {},
      );
    ask();
    const timer = setInterval(ask, AGAIN);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [over === undefined, zone]);
  return rate;
}
