// The fields of a person who comes for the first time.

import { html } from "../../app/dom.js";
import { language } from "../../app/looks.js";
import { w } from "../../app/words.js";
import { Field } from "../../parts/field.js";

/** @param {{ form: ReturnType<typeof import("../../parts/form.js").useForm> }} props */
export function Person({ form }) {
  const last = html`<${Field} label=${w().fields.lastName} autocomplete="family-name" required ...${form.field("lastName")} />`;
  const first = html`<${Field} label=${w().fields.firstName} autocomplete="given-name" required ...${form.field("firstName")} />`;
  return html`<div class="pair">${language.value === "ja" ? [last, first] : [first, last]}</div>
    <${Field} label=${w().fields.email} type="email" autocomplete="username" required ...${form.field("email")} />
    <${Field} label=${w().fields.phone} type="tel" autocomplete="tel" required placeholder="03-1234-5678" ...${form.field("phone")} />
    <${Field} label=${w().fields.password} type="password" autocomplete="new-password" required hint=${w().door.passwordHint} ...${form.field("password")} />`;
}
