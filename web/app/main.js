// Where it begins: who is not signed in signs in, everybody else sees the page of the address.

import { html, render, useEffect } from "./dom.js";
import "./looks.js";
import { go, path } from "./router.js";
import { api } from "./api.js";
import { isAtLeast, know, session } from "./session.js";
import { w } from "./words.js";
import { Shell } from "./shell.js";
import { Toasts } from "../parts/toasts.js";
import { Door } from "../pages/door/door.js";
import { Wall } from "../pages/wall/wall.js";
import { Call } from "../pages/call/call.js";
import { Desk } from "../pages/desk/desk.js";
import { Team } from "../pages/team/team.js";
import { Customers } from "../pages/customers/customers.js";
import { Callbacks } from "../pages/callbacks/callbacks.js";
import { History } from "../pages/history/history.js";
import { Campaign } from "../pages/campaigns/campaign.js";
import { Campaigns } from "../pages/campaigns/campaigns.js";
import { Reports } from "../pages/reports/reports.js";
import { Settings } from "../pages/settings/settings.js";

/** @typedef {{ at: RegExp, page: any, title: () => string, least?: "supervisor" | "admin" }} Route */

/** @type {Route[]} */
const ROUTES = [
  { at: /^\/wall$/, page: Wall, title: () => w().nav.wall },
  { at: /^\/desk$/, page: Desk, title: () => w().nav.desk },
  { at: /^\/calls\/(?<id>[0-9a-f]{24})$/, page: Call, title: () => w().nav.call },
  { at: /^\/history$/, page: History, title: () => w().nav.history },
  { at: /^\/campaigns$/, page: Campaigns, title: () => w().nav.campaigns },
  { at: /^\/campaigns\/(?<id>[0-9a-f]{24})$/, page: Campaign, title: () => w().nav.campaigns },
  { at: /^\/reports$/, page: Reports, title: () => w().nav.reports },
  { at: /^\/team$/, page: Team, title: () => w().nav.team, least: "supervisor" },
  { at: /^\/customers$/, page: Customers, title: () => w().nav.customers },
  { at: /^\/callbacks$/, page: Callbacks, title: () => w().nav.callbacks },
  { at: /^\/settings(?:\/(?<section>\w+))?$/, page: Settings, title: () => w().nav.settings },
];
const DOORS = ["/signin", "/signup", "/join", "/reset"];

/** Where one looks first. */
export const home = () => (isAtLeast("supervisor") ? "/wall" : "/desk");

function App() {
  const here = path.value;
  const signedIn = Boolean(session.value);
  const outside = DOORS.includes(here);
  const found = ROUTES.map((route) => ({ route, match: route.at.exec(here) })).find(({ match }) => match);
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
  useEffect(() => {
    if (!signedIn) return;
    // The role counts as it is, not as it was.
    api("GET", "/api/auth/me").then(know, () => {});
  }, [session.value?.user.id]);

  if (outside || !signedIn) return html`<${Door} /><${Toasts} />`;
  return html`<${Shell}>
      ${allowed ? html`<${found.route.page} key=${here} ...${found.match?.groups ?? {}} />` : here !== "/" && html`<${Missing} />`}
    <//><${Toasts} />`;
}

const Missing = () => html`<div class="page narrow"><h1>${w().missing.title}</h1><p>${w().missing.text}</p><p><a class="button primary" href=${home()}>${w().missing.back}</a></p></div>`;

const root = document.getElementById("app");
if (root) render(html`<${App} />`, root);
