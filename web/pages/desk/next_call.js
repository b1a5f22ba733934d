// When to ring this customer next.

import { html, useState } from "../../app/dom.js";
import { api } from "../../app/api.js";
import { moment } from "../../app/format.js";
import { w } from "../../app/words.js";
import { Action } from "../../parts/button.js";
import { Field } from "../../parts/field.js";

/** @param {{ customer: any }} props */
export function NextCall({ customer }) {
  const [at, setAt] = useState("");
  const [kept, setKept] = useState(customer.nextCallAt);
  const save = async () => {
    const changed = await api("PATCH", `/api/customers/${customer._id}`, { body: { nextCallAt: at ? new Date(at).toISOString() : null } });
    setKept(changed.nextCallAt);
  };
  return html`<section class="panel">
    <h2>${w().desk.nextCall}</h2>
    ${kept && html`<p>${w().desk.nextCallAt(moment(kept))}</p>`}
    <div class="row bottom"><${Field} type="datetime-local" label=${w().fields.nextCallAt} hideLabel value=${at} onInput=${setAt} />
      <${Action} icon="check" disabled=${!at} done=${w().common.saved} act=${save}>${w().common.save}<//></div>
  </section>`;
}
