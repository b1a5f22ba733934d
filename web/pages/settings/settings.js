// The settings: one's own, those of one's calls, and for admins those of the company and its people.

import { html } from "../../app/dom.js";
import { isAtLeast } from "../../app/session.js";
import { w } from "../../app/words.js";
import { CompanySettings } from "./company.js";
import { Conversation } from "./conversation.js";
import { Own } from "./own.js";
import { People } from "./people.js";

/** @type {Record<string, any>} */
const SECTIONS = { own: Own, conversation: Conversation, company: CompanySettings, people: People };

/** @param {{ section?: string }} props */
export function Settings({ section = "own" }) {
  const shown = /** @type {const} */ (["own", "conversation", "company", "people"]).filter((name) => name === "own" || name === "conversation" || isAtLeast("admin"));
  const here = shown.find((name) => name === section) ?? "own";
  const Section = SECTIONS[here];
  return html`<div class="page wide">
    <h1>${w().nav.settings}</h1>
    <nav class="tabs" aria-label=${w().nav.settings}>
      ${shown.map((name) => html`<a key=${name} href=${name === "own" ? "/settings" : `/settings/${name}`} aria-current=${name === here ? "page" : undefined}>${w().settings.sections[name]}</a>`)}
    </nav>
    <${Section} />
  </div>`;
}
