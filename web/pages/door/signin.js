// The form of those who have an account.

import { html } from "../../app/dom.js";
import { asked } from "../../app/api.js";
import { begin } from "../../app/session.js";
import { w } from "../../app/words.js";
import { Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { Failed, useForm } from "../../parts/form.js";

export function SignIn() {
  const form = useForm({ email: "", password: "" }, async (values) => begin(await asked("POST", "/api/auth/login", { anonymous: true, body: values })));
  return html`<form class="panel stack" onSubmit=${form.submit} novalidate>
    <h1>${w().door.signIn}</h1>
    <${Field} label=${w().fields.email} type="email" autocomplete="username" required autofocus ...${form.field("email")} />
    <${Field} label=${w().fields.password} type="password" autocomplete="current-password" required ...${form.field("password")} />
    <${Failed} failed=${form.failed} />
    <${Button} look="primary" type="submit" busy=${form.busy}>${w().door.signIn}<//>
    <p class="aside">${w().door.new} <a href="/signup">${w().door.signUp}</a></p>
  </form>`;
}
