// Coming in: signing in, a new company, an invitation, another password.

import { html } from "../../app/dom.js";
import { path } from "../../app/router.js";
import { ended } from "../../app/session.js";
import { w } from "../../app/words.js";
import { Icon } from "../../parts/icon.js";
import { Looks } from "../../parts/looks.js";
import { SignIn } from "./signin.js";
import { SignUp } from "./signup.js";
import { Join } from "./join.js";
import { Reset } from "./reset.js";

/** @type {Record<string, any>} */
const FORMS = { "/signup": SignUp, "/join": Join, "/reset": Reset };

export function Door() {
  const Form = FORMS[path.value] ?? SignIn;
  return html`<div class="door">
    <main id="main">
      <div class="door-brand"><img src=${document.querySelector('link[rel="icon"]')?.getAttribute("href") ?? ""} alt="" width="40" height="40" />
        <div><strong>Tsunagu</strong><p>${w().door.claim}</p></div></div>
      ${ended.value === "expired" && html`<p class="notice" role="alert"><${Icon} name="info" /><span>${w().door.expired}</span></p>`}
      <${Form} key=${path.value} />
    </main>
    <${Looks} />
  </div>`;
}
