// Another password. Every other session ends with the old one.

import { html } from "../../app/dom.js";
import { asked } from "../../app/api.js";
import { begin } from "../../app/session.js";
import { w } from "../../app/words.js";
import { Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { Failed, useForm } from "../../parts/form.js";
import { tell } from "../../parts/toasts.js";

export function Password() {
  const first = { currentPassword: "", newPassword: "" };
  const form = useForm(first, async (values) => {
    begin(await asked("PUT", "/api/auth/password", { body: values }));
    form.set(first);
    tell(w().settings.passwordChanged);
  });
  return html`<form class="panel stack" onSubmit=${form.submit} novalidate>
    <h2>${w().settings.password}</h2>
    <${Field} label=${w().fields.currentPassword} type="password" autocomplete="current-password" required ...${form.field("currentPassword")} />
    <${Field} label=${w().fields.newPassword} type="password" autocomplete="new-password" required hint=${w().door.passwordHint} ...${form.field("newPassword")} />
    <${Failed} failed=${form.failed} />
    <div class="row end"><${Button} look="primary" type="submit" busy=${form.busy}>${w().settings.changePassword}<//></div>
  </form>`;
}
