// Where it begins: who is not signed in signs in, everybody else sees the page of the address.

import { html, render, useEffect } from "./dom.js";
import "./looks.js";
import { go, path } from "./router.js";
import { api } from "./api.js";
import { persistent } from "./retry.js";
import { doubts, isAtLeast, know, session } from "./session.js";
import { w } from "./words.js";
import { door, Loading, routeOf, shell } from "./pages.js";
import { Toasts } from "../parts/toasts.js";

const DOORS = ["/signin", "/signup", "/join", "/reset"];

/** Where one looks first. */
export const home = () => (isAtLeast("supervisor") ? "/wall" : "/desk");

/** The role counts as it is, not as it was. */
const askWhoIAm = persistent(() => api("GET", "/api/auth/me"), know);

function App() {
  const here = path.value;
  const signedIn = Boolean(session.value);
  const outside = DOORS.includes(here);
  const found = routeOf(here);
  const allowed = found && (!found.route.least || (signedIn && isAtLeast(found.route.least)));

  useEffect(() => {
    if (!signedIn && !outside) go(`/signin${here === "/" ? "" : `?to=${encodeURIComponent(here + location.search)}`}`, { replace: true });
    else if (signedIn && (here === "/" || here === "/signin" || here === "/signup")) {
      const to = here === "/signin" ? new URLSearchParams(location.search).get("to") : null;
      go(to?.startsWith("/") && !to.startsWith("//") ? to : home(), { replace: true });
    }
  }, [signedIn, here]);
  useEffect(() => {
    document.title = `${signedIn && found ? found.route.title() : w().door.signIn} – Tsunagu`;
  });
  useEffect(() => void askWhoIAm(), [session.value?.user.id, doubts.value]);

  if (outside || !signedIn) return html`<${Loading} load=${door} /><${Toasts} />`;
  // Nothing that is half done is handed to somebody else, who may sign in at another tab.
  return html`<${Loading} key=${session.value?.user.id} load=${shell}>
      ${allowed ? html`<${Loading} key=${here} load=${found.route.load} ...${found.given} />` : here !== "/" && html`<${Missing} />`}
    <//><${Toasts} />`;
}

const Missing = () => html`<div class="page narrow"><h1>${w().missing.title}</h1><p>${w().missing.text}</p><p><a class="button primary" href=${home()}>${w().missing.back}</a></p></div>`;

const root = document.getElementById("app");
if (root) render(html`<${App} />`, root);
