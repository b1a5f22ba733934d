// A time that runs. Only its text is written each second; nothing is drawn anew.

import { html, useEffect, useRef } from "../app/dom.js";
import { span } from "../app/format.js";
import { everySecond, secondsSince, secondsUntil } from "../live/clock.js";

/** @param {{ since: string, class?: string, until?: boolean }} props With `until` it runs down to that moment. */
export function Elapsed({ since, class: also, until }) {
  const self = useRef(/** @type {HTMLElement | null} */ (null));
  const text = () => span(until ? secondsUntil(since) : secondsSince(since));
  useEffect(() => everySecond(() => {
    if (self.current) self.current.textContent = text();
  }), [since, until]);
  return html`<time ref=${self} class=${`elapsed ${also ?? ""}`}>${text()}</time>`;
}
