// The end of a call: what came of it, and what there is to say about it.

import { html } from "../../app/dom.js";
import { api } from "../../app/api.js";
import { w } from "../../app/words.js";
import { Button } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import { Field } from "../../parts/field.js";
import { Failed, useForm } from "../../parts/form.js";

const OUTCOMES = /** @type {const} */ (["success", "follow_up", "absent", "rejected", "failed"]);

/** @param {{ call: any, close: () => void, done: () => void }} props */
export function EndDialog({ call, close, done }) {
  const form = useForm({ result: "", notes: call.notes ?? "" }, async ({ result, notes }) => {
    await api("POST", `/api/calls/${call._id}/end`, { body: { result: result || null, notes: notes.trim() || null } });
    done();
  });
  return html`<${Dialog} title=${w().call.end} close=${close}>
    <form class="stack" onSubmit=${form.submit}>
      <p>${w().call.endText}</p>
      <${Field} as="select" label=${w().fields.result} ...${form.field("result")}>
        <option value="">${w().call.byItself}</option>
        ${OUTCOMES.map((word) => html`<option key=${word} value=${word}>${w().outcome[word]}</option>`)}
      <//>
      <${Field} as="textarea" rows="4" maxlength="10000" label=${w().fields.notes} ...${form.field("notes")} />
      <${Failed} failed=${form.failed} />
      <div class="row end"><${Button} onClick=${close}>${w().common.cancel}<//><${Button} look="danger" icon="hangUp" type="submit" busy=${form.busy}>${w().call.endNow}<//></div>
    </form>
  <//>`;
}
