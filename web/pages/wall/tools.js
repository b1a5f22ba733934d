// What is looked for on the wall, and in which order.

import { html, useRef } from "../../app/dom.js";
import { nameOf } from "../../app/format.js";
import { refine } from "../../app/router.js";
import { w } from "../../app/words.js";
import { team } from "../../live/team.js";
import { Choice, Field } from "../../parts/field.js";
import { Icon } from "../../parts/icon.js";

const STATES = /** @type {const} */ (["", "transferring", "ai-responding", "human-connected", "initiated"]);
const ORDERS = /** @type {const} */ (["urgency", "longest", "newest", "customer"]);

/**
 * @param {{ filter: import("../../live/order.js").Filter, order: string, view: "cards" | "rows", choose: (view: any) => void }} props
 */
export function Tools({ filter, order, view, choose }) {
  const later = useRef(0);
  const search = (/** @type {string} */ text) => {
    clearTimeout(later.current);
    later.current = setTimeout(() => refine({ q: text }), 150);
  };
  return html`<div class="tools" role="search">
    <${Field} label=${w().wall.search} hideLabel type="search" class="search" placeholder=${w().wall.search} value=${filter.text} onInput=${search} />
    <${Choice} label=${w().fields.status} value=${filter.status} onChange=${(/** @type {string} */ status) => refine({ status })}
      options=${STATES.map((status) => [status, status ? w().status[status] : w().common.all])} />
    <${Field} label=${w().fields.agent} hideLabel as="select" value=${filter.agent} onInput=${(/** @type {string} */ agent) => refine({ agent })}>
      <option value="">${w().wall.everyAgent}</option>
      ${(team.value ?? []).map(({ user }) => html`<option key=${user._id} value=${user._id} selected=${user._id === filter.agent}>${nameOf(user)}</option>`)}
    <//>
    <${Field} label=${w().common.order} hideLabel as="select" value=${order} onInput=${(/** @type {string} */ sort) => refine({ sort })}>
      ${ORDERS.map((name) => html`<option key=${name} value=${name} selected=${name === order}>${w().wall.orders[name]}</option>`)}
    <//>
    <${Choice} label=${w().wall.view} value=${view} onChange=${choose}
      options=${[["cards", html`<${Icon} name="cards" label=${w().wall.cards} />`], ["rows", html`<${Icon} name="rows" label=${w().wall.rows} />`]]} />
  </div>`;
}
