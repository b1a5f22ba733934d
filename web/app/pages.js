// The pages: each is loaded when somebody goes there first.

import { html, signal, useEffect } from "./dom.js";
import { path } from "./router.js";
import { session } from "./session.js";
import { w } from "./words.js";
import { Button } from "../parts/button.js";
import { Failed } from "../parts/form.js";

/** @typedef {() => Promise<any>} Load */
/** @typedef {{ at: RegExp, load: Load, title: () => string, least?: "supervisor" | "admin" }} Route */

// The server names what a page needs beforehand in the page that it gives out, by the first part of the address (http/src/dashboard/first.rs).
/** @type {Route[]} */
export const ROUTES = [
  { at: /^\/wall$/, load: () => import("../pages/wall/wall.js").then(({ Wall }) => Wall), title: () => w().nav.wall },
  { at: /^\/desk$/, load: () => import("../pages/desk/desk.js").then(({ Desk }) => Desk), title: () => w().nav.desk },
  { at: /^\/calls\/(?<id>[0-9a-f]{24})$/, load: () => import("../pages/call/call.js").then(({ Call }) => Call), title: () => w().nav.call },
  { at: /^\/history$/, load: () => import("../pages/history/history.js").then(({ History }) => History), title: () => w().nav.history },
  { at: /^\/campaigns$/, load: () => import("../pages/campaigns/campaigns.js").then(({ Campaigns }) => Campaigns), title: () => w().nav.campaigns },
  { at: /^\/campaigns\/(?<id>[0-9a-f]{24})$/, load: () => import("../pages/campaigns/campaign.js").then(({ Campaign }) => Campaign), title: () => w().nav.campaigns },
  { at: /^\/reports$/, load: () => import("../pages/reports/reports.js").then(({ Reports }) => Reports), title: () => w().nav.reports },
  { at: /^\/team$/, load: () => import("../pages/team/team.js").then(({ Team }) => Team), title: () => w().nav.team, least: "supervisor" },
  { at: /^\/customers$/, load: () => import("../pages/customers/customers.js").then(({ Customers }) => Customers), title: () => w().nav.customers },
  { at: /^\/callbacks$/, load: () => import("../pages/callbacks/callbacks.js").then(({ Callbacks }) => Callbacks), title: () => w().nav.callbacks },
  { at: /^\/settings(?:\/(?<section>\w+))?$/, load: () => import("../pages/settings/settings.js").then(({ Settings }) => Settings), title: () => w().nav.settings },
  { at: /^\/demo$/, load: () => import("../pages/demo/demo.js").then(({ Demo }) => Demo), title: () => w().nav.demo },
  { at: /^\/demo\/(?<id>[0-9a-f]{24})$/, load: () => import("../pages/demo/visitor.js").then(({ Visitor }) => Visitor), title: () => w().demo.youAre },
];
/** @type {Load} */
export const door = () => import("../pages/door/door.js").then(({ Door }) => Door);
/** @type {Load} */
export const shell = () => import("./shell.js").then(({ Shell }) => Shell);

/** The route of an address. @param {string} address */
export function routeOf(address) {
  for (const route of ROUTES) {
    const match = route.at.exec(address);
    if (match) return { route, given: match.groups ?? {} };
  }
  return null;
}

/** What has been loaded: a component, or that it failed. @type {Map<Load, import("../vendor/signals.js").Signal<{ component?: any, failed?: boolean }>>} */
const parts = new Map();

/** @param {Load} load */
function part(load) {
  const known = parts.get(load);
  if (known) return known;
  const fresh = signal(/** @type {{ component?: any, failed?: boolean }} */ ({}));
  parts.set(load, fresh);
  load().then(
    (component) => (fresh.value = { component }),
    () => (fresh.value = { failed: true }),
  );
  return fresh;
}

/** Shows what is loaded, once it is. @param {{ load: Load, [more: string]: any }} props */
export function Loading({ load, ...more }) {
  const { component, failed } = part(load).value;
  // Another try begins when the page is opened anew.
  useEffect(() => () => void (part(load).peek().failed && parts.delete(load)), [load]);
  // The server has a newer version, or cannot be reached: either way the page is asked for anew.
  if (failed) return html`<div class="page narrow"><${Failed} failed=${w().problem.notLoaded} /><p><${Button} onClick=${() => location.reload()}>${w().common.again}<//></p></div>`;
  return component ? html`<${component} ...${more} />` : null;
}

// What the first view needs is not waited for one after the other.
if (session.peek()) for (const load of [shell, routeOf(path.peek())?.route.load]) if (load) part(load);
