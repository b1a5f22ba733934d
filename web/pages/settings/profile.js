// Who one is.

import { html } from "../../app/dom.js";
import { api } from "../../app/api.js";
import { language } from "../../app/looks.js";
import { know } from "../../app/session.js";
import { w } from "../../app/words.js";
import { Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { Failed, useForm } from "../../parts/form.js";
import { tell } from "../../parts/toasts.js";

/** @param {{ user: any }} props */
export function Profile({ user }) {
  const first = { firstName: user.firstName ?? "", lastName: user.lastName ?? "", email: user.email ?? "", phone: user.phone ?? "" };
  const form = useForm(first, async (values) => {
    const { firstName, lastName, email } = await api("PUT", "/api/agents/profile", { body: { ...values, phone: values.phone || null } });
    know({ firstName, lastName, email });
    tell(w().common.saved);
  });
  const names = [html`<${Field} label=${w().fields.lastName} autocomplete="family-name" required ...${form.field("lastName")} />`, html`<${Field} label=${w().fields.firstName} autocomplete="given-name" required ...${form.field("firstName")} />`];
  return html`<form class="panel stack" onSubmit=${form.submit} novalidate>
    <h2>${w().settings.profile}</h2>
    <div class="pair">${language.value === "ja" ? names : names.reverse()}</div>
    <${Field} label=${w().fields.email} type="email" required ...${form.field("email")} />
    <${Field} label=${w().fields.phone} type="tel" hint=${w().settings.contactHint} ...${form.field("phone")} />
    <${Failed} failed=${form.failed} />
    <div class="row end"><${Button} look="primary" type="submit" busy=${form.busy}>${w().common.save}<//></div>
  </form>`;
}
