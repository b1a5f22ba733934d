// The telephone that rings for a hand-over.

import { html } from "../../app/dom.js";
import { api, sentence } from "../../app/api.js";
import { dialled } from "../../app/format.js";
import { w } from "../../app/words.js";
import { doing, settings as mine, wish } from "../../live/me.js";
import { Button } from "../../parts/button.js";
import { Check, Field } from "../../parts/field.js";
import { Failed, useForm } from "../../parts/form.js";
import { tell } from "../../parts/toasts.js";

/** @param {{ settings: any }} props */
export function Phone({ settings }) {
  const form = useForm({ phoneNumber: dialled(settings?.phoneNumber) }, async (values) => {
    mine.value = await api("PUT", "/api/agents/phone", { body: values });
    tell(w().common.saved);
  });
  const takes = (/** @type {boolean} */ isAvailable) => wish({ isAvailable }).then(() => tell(w().common.saved), (error) => tell(sentence(error), "bad"));
  return html`<form class="panel stack" onSubmit=${form.submit} novalidate>
    <h2>${w().settings.phone}</h2>
    <${Field} label=${w().fields.phoneNumber} type="tel" required placeholder="090-1234-5678" hint=${w().settings.phoneHint} ...${form.field("phoneNumber")} />
    <${Check} label=${w().settings.takes} hint=${w().settings.takesHint} checked=${doing.value?.isAvailable ?? settings?.isAvailable ?? false} onChange=${takes} />
    <${Failed} failed=${form.failed} />
    <div class="row end"><${Button} look="primary" type="submit" busy=${form.busy}>${w().common.save}<//></div>
  </form>`;
}
