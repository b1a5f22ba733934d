// The form of a new company, whose first user is its admin.

import { html } from "../../app/dom.js";
import { asked } from "../../app/api.js";
import { begin } from "../../app/session.js";
import { w } from "../../app/words.js";
import { Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { Failed, useForm } from "../../parts/form.js";
import { Person } from "./person.js";

export function SignUp() {
  const first = { companyName: "", email: "", password: "", firstName: "", lastName: "", phone: "" };
  const form = useForm(first, async (values) => begin(await asked("POST", "/api/auth/signup", { anonymous: true, body: values })));
  return html`<form class="panel stack" onSubmit=${form.submit} novalidate>
    <h1>${w().door.signUp}</h1>
    <${Field} label=${w().fields.companyName} autocomplete="organization" required ...${form.field("companyName")} />
    <${Person} form=${form} />
    <${Failed} failed=${form.failed} />
    <${Button} look="primary" type="submit" busy=${form.busy}>${w().door.signUpNow}<//>
    <p class="aside">${w().door.known} <a href="/signin">${w().door.signIn}</a></p>
  </form>`;
}
