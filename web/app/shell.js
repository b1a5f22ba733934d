// What stands around every page: where one may go, who one is, and how the connection is.

import { cls, html, useEffect, useState } from "./dom.js";
import { path } from "./router.js";
import { isAtLeast, session, signOut } from "./session.js";
import { nameOf } from "./format.js";
import { w } from "./words.js";
import { connection } from "../live/connection.js";
import { ids, live } from "../live/floor.js";
// It must hear the present, which is told once, before a page that shows it is loaded.
import "../live/team.js";
import { Icon } from "../parts/icon.js";
import { Looks } from "../parts/looks.js";
import { Availability } from "../pages/desk/availability.js";
import { Arriving } from "../pages/desk/arriving.js";

/** @type {[string, string, keyof import("./words.js").Words["nav"], ("supervisor" | "demo")?][]} */
const PLACES = [
  ["/wall", "wall", "wall"],
  ["/desk", "desk", "desk"],
  ["/team", "team", "team", "supervisor"],
  ["/history", "history", "history"],
  ["/reports", "report", "reports"],
  ["/customers", "customers", "customers"],
  ["/campaigns", "campaign", "campaigns"],
  ["/callbacks", "callback", "callbacks"],
  ["/settings", "settings", "settings"],
  ["/demo", "play", "demo", "demo"],
];

/** @param {{ children?: any }} props */
export function Shell({ children }) {
  const here = path.value;
  // Whether a call is live decides to which place it belongs.
  ids.value;
  const places = PLACES.filter(([, , , only]) => !only || (only === "demo" ? session.value?.user.demo : isAtLeast(only)));
  return html`<div class="shell">
    <a class="skip" href="#main">${w().nav.skip}</a>
    <nav class="rail" aria-label=${w().nav.main}>
      <a class="brand" href="/"><svg viewBox="0 0 32 32" aria-hidden="true"><path d="M8 12a4 4 0 0 1 4-4h3v4h-3v8h3v4h-3a4 4 0 0 1-4-4zm16 8a4 4 0 0 1-4 4h-3v-4h3v-8h-3V8h3a4 4 0 0 1 4 4z" /><path d="M11 14.500h10v3H11z" /></svg><span>Tsunagu</span></a>
      <ul>
        ${places.map(([address, icon, name]) => {
          const there = here === address || here.startsWith(`${address}/`) || address === (live(here.slice(7)) ? "/wall" : here.startsWith("/calls/") && "/history");
          return html`<li key=${address}><a href=${address} class=${cls(there && "here")} aria-current=${there ? "page" : undefined}>
            <${Icon} name=${icon} /><span>${w().nav[name]}</span></a></li>`;
        })}
      </ul>
      <div class="rail-foot"><${Looks} /></div>
    </nav>
    <div class="stage">
      <header class="top">
        <div class="whose"><strong>${session.value?.user.companyName}</strong>${session.value?.user.simulated && html` <span class="chip wait">${w().nav.simulated}</span>`}</div>
        <${Availability} />
        <${Me} />
      </header>
      <${Break} />
      <${Arriving} />
      <main id="main" tabindex="-1">${children}</main>
    </div>
  </div>`;
}

/** That what is shown may not be so any more. */
function Break() {
  const lost = connection.value === "lost";
  return html`<div role="alert">${lost && html`<p class="break"><${Icon} name="lost" /><span>${w().connection.lost}</span></p>`}</div>`;
}

function Me() {
  const [open, setOpen] = useState(false);
  const user = session.value?.user;
  useEffect(() => {
    if (!open) return;
    const close = (/** @type {Event} */ event) => {
      const within = event.target instanceof Element && event.target.closest(".me");
      if (event instanceof KeyboardEvent ? event.key === "Escape" : !within) setOpen(false);
    };
    addEventListener("click", close);
    addEventListener("keydown", close);
    return () => {
      removeEventListener("click", close);
      removeEventListener("keydown", close);
    };
  }, [open]);
  if (!user) return null;
  return html`<div class="me">
    <button type="button" class="button quiet" aria-expanded=${String(open)} onClick=${() => setOpen(!open)}>
      <span class="avatar" aria-hidden="true">${(user.lastName || user.firstName).slice(0, 1)}</span>
      <span class="me-name">${nameOf(user)}</span><${Icon} name="down" />
    </button>
    ${open && html`<div class="menu">
      <p><strong>${nameOf(user)}</strong><br />${user.email}<br /><span class="role">${w().role[user.role]}</span></p>
      <a href="/settings" onClick=${() => setOpen(false)}><${Icon} name="settings" /><span>${w().nav.settings}</span></a>
      <button type="button" onClick=${signOut}><${Icon} name="out" /><span>${w().door.signOut}</span></button>
    </div>`}
  </div>`;
}
