// One customer: entered or changed.

import { html, useState } from "../../app/dom.js";
import { api } from "../../app/api.js";
import { w } from "../../app/words.js";
import { Action, Button } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import { Check, Field } from "../../parts/field.js";
import { Failed, useForm } from "../../parts/form.js";

/** @param {{ customer: any, close: () => void, mayDelete: boolean, done: (text: string) => void }} props */
export function CustomerDialog({ customer, close, mayDelete, done }) {
  const known = Boolean(customer._id);
  const [sure, setSure] = useState(false);
  const first = {
    name: customer.name ?? "", company: customer.company ?? "", phone: customer.phone ?? "", email: customer.email ?? "", status: customer.status ?? "",
    notes: customer.notes ?? "", nextCallAt: local(customer.nextCallAt), doNotCall: customer.doNotCall ?? false, wrongNumber: customer.wrongNumber ?? false,
  };
  const form = useForm(first, async (values) => {
    const { name, phone, doNotCall, wrongNumber, ...rest } = values;
    const empty = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, value || null]));
    const body = { ...empty, name, phone, doNotCall, wrongNumber, nextCallAt: values.nextCallAt ? new Date(values.nextCallAt).toISOString() : null };
    await api(known ? "PATCH" : "POST", known ? `/api/customers/${customer._id}` : "/api/customers", { body });
    done(w().common.saved);
  });
  return html`<${Dialog} title=${known ? w().customers.edit : w().customers.new} close=${close} wide>
    <form class="stack" onSubmit=${form.submit} novalidate>
      <div class="pair"><${Field} label=${w().fields.name} required maxlength="200" ...${form.field("name")} /><${Field} label=${w().fields.company} maxlength="200" ...${form.field("company")} /></div>
      <div class="pair"><${Field} label=${w().fields.phone} type="tel" required ...${form.field("phone")} /><${Field} label=${w().fields.email} type="email" ...${form.field("email")} /></div>
      <div class="pair"><${Field} label=${w().fields.customerStatus} maxlength="100" hint=${w().customers.statusHint} ...${form.field("status")} /><${Field} label=${w().fields.nextCallAt} type="datetime-local" ...${form.field("nextCallAt")} /></div>
      <${Field} as="textarea" rows="4" maxlength="10000" label=${w().fields.notes} ...${form.field("notes")} />
      <${Check} label=${w().fields.doNotCall} hint=${w().customers.doNotCallHint} checked=${form.values.doNotCall} onChange=${(/** @type {boolean} */ doNotCall) => form.set({ doNotCall })} />
      <${Check} label=${w().fields.wrongNumber} hint=${w().customers.wrongNumberHint} checked=${form.values.wrongNumber} onChange=${(/** @type {boolean} */ wrongNumber) => form.set({ wrongNumber })} />
      <${Failed} failed=${form.failed} />
      <div class="row end">
        ${known && mayDelete && (sure
          ? html`<${Action} look="danger" icon="trash" class="first" act=${async () => {
              await api("DELETE", `/api/customers/${customer._id}`);
              done(w().customers.deleted);
            }}>${w().customers.deleteNow}<//>`
          : html`<${Button} look="quiet" icon="trash" class="first" onClick=${() => setSure(true)}>${w().customers.delete}<//>`)}
        <${Button} onClick=${close}>${w().common.cancel}<//><${Button} look="primary" type="submit" busy=${form.busy}>${w().common.save}<//>
      </div>
    </form>
  <//>`;
}

/** A time as a field of a form takes it. @param {string | null | undefined} time */
function local(time) {
  if (!time) return "";
  const date = new Date(time);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
