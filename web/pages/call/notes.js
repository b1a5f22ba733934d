// What people write about a call.

import { html, useEffect, useState } from "../../app/dom.js";
import { api } from "../../app/api.js";
import { w } from "../../app/words.js";
import { Action } from "../../parts/button.js";
import { Field } from "../../parts/field.js";

/** @param {{ call: any, again: () => void }} props */
export function Notes({ call, again }) {
  const kept = call.notes ?? "";
  const [text, setText] = useState(kept);
  const [was, setWas] = useState(kept);
  // What another person wrote is shown, unless somebody is writing here.
  useEffect(() => {
    if (text === was) setText(kept);
    setWas(kept);
  }, [kept]);
  const save = async () => {
    await api("PUT", `/api/calls/${call._id}/notes`, { body: { notes: text } });
    again();
  };
  return html`<section class="panel notes">
    <h2>${w().fields.notes}</h2>
    <${Field} as="textarea" label=${w().fields.notes} hideLabel rows="3" maxlength="10000" placeholder=${w().call.notesHint} value=${text} onInput=${setText} />
    <div class="row end"><${Action} small icon="check" disabled=${text.trim() === kept.trim()} done=${w().common.saved} act=${save}>${w().common.save}<//></div>
  </section>`;
}
