// The form of somebody to whom an admin gave a token for another password.

import { html } from "../../app/dom.js";
import { asked } from "../../app/api.js";
import { go } from "../../app/router.js";
import { begin } from "../../app/session.js";
import { w } from "../../app/words.js";
import { Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { Failed, useForm } from "../../parts/form.js";

export function Reset() {
  const form = useForm({ token: location.hash.slice(1), newPassword: "" }, async (values) => {
    begin(await asked("POST", "/api/auth/reset-password", { anonymous: true, body: values }));
    go("/", { replace: true });
  });
  return html`<form class="panel stack" onSubmit=${form.submit} novalidate>
    <h1>${w().door.reset}</h1>
    <p>${w().door.resetText}</p>
    <${Field} label=${w().fields.token} autocomplete="off" required ...${form.field("token")} />
    <${Field} label=${w().fields.newPassword} type="password" autocomplete="new-password" required hint=${w().door.passwordHint} ...${form.field("newPassword")} />
    <${Failed} failed=${form.failed} />
    <${Button} look="primary" type="submit" busy=${form.busy}>${w().door.resetNow}<//>
    <p class="aside"><a href="/signin">${w().door.signIn}</a></p>
  </form>`;
}
