// The form of somebody who was invited. The invitation stands behind the address's `#`, which no server is told.

import { html } from "../../app/dom.js";
import { asked } from "../../app/api.js";
import { go } from "../../app/router.js";
import { begin } from "../../app/session.js";
import { w } from "../../app/words.js";
import { Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { Failed, useForm } from "../../parts/form.js";
import { Person } from "./person.js";

export function Join() {
  const first = { invitation: location.hash.slice(1), email: "", password: "", firstName: "", lastName: "", phone: "" };
  const form = useForm(first, async (values) => {
    begin(await asked("POST", "/api/auth/signup", { anonymous: true, body: values }));
    go("/", { replace: true });
  });
  return html`<form class="panel stack" onSubmit=${form.submit} novalidate>
    <h1>${w().door.join}</h1>
    <p>${w().door.joinText}</p>
    <${Field} label=${w().fields.invitation} autocomplete="off" required ...${form.field("invitation")} />
    <${Person} form=${form} />
    <${Failed} failed=${form.failed} />
    <${Button} look="primary" type="submit" busy=${form.busy}>${w().door.joinNow}<//>
    <p class="aside">${w().door.known} <a href="/signin">${w().door.signIn}</a></p>
  </form>`;
}
