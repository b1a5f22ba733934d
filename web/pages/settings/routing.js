// For which hand-overs somebody is rung: their telephone, what they are good at, which languages they speak, and before whom.

import { html } from "../../app/dom.js";
import { api } from "../../app/api.js";
import { nameOf } from "../../app/format.js";
import { useLoaded } from "../../app/load.js";
import { w } from "../../app/words.js";
import { Button } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import { Check, Field } from "../../parts/field.js";
import { Failed, useForm } from "../../parts/form.js";
import { Loaded } from "../../parts/lists.js";

const LANGUAGES = /** @type {const} */ (["ja", "en"]);

/** @param {{ user: any, close: () => void, done: () => void }} props */
export function RoutingDialog({ user, close, done }) {
  const found = useLoaded((signal) => api("GET", `/api/agents/${user._id}`, { signal }), [user._id]);
  return html`<${Dialog} title=${w().people.routingOf(nameOf(user))} close=${close}>
    <${Loaded} loading=${found.loading} failed=${found.failed} empty=${!found.data} again=${found.again}>${found.data && html`<${Form} id=${user._id} settings=${found.data.settings} close=${close} done=${done} />`}<//>
  <//>`;
}

/** @param {{ id: string, settings: any, close: () => void, done: () => void }} props */
function Form({ id, settings, close, done }) {
  const first = {
    phoneNumber: settings?.phoneNumber ?? "", isAvailable: settings?.isAvailable ?? true, skills: (settings?.skills ?? []).join("、"), languages: settings?.languages ?? [],
    priority: String(settings?.priority ?? ""),
  };
  const form = useForm(first, async ({ phoneNumber, isAvailable, skills, languages, priority }) => {
    const named = skills.split(/[、,，]/).map((/** @type {string} */ skill) => skill.trim()).filter(Boolean);
    await api("PUT", `/api/agents/${id}/settings`, { body: { phoneNumber: phoneNumber || null, isAvailable, skills: named, languages, ...(priority === "" ? {} : { priority: Number(priority) }) } });
    done();
  });
  const t = w().people;
  const { languages } = form.values;
  const speaks = (/** @type {string} */ code) => (/** @type {boolean} */ on) => form.set({ languages: on ? [...languages, code] : languages.filter((/** @type {string} */ one) => one !== code) });
  return html`<form class="stack" onSubmit=${form.submit} novalidate>
    <${Field} label=${w().settings.phone} type="tel" ...${form.field("phoneNumber")} />
    <${Check} label=${t.takes} checked=${form.values.isAvailable} onChange=${(/** @type {boolean} */ isAvailable) => form.set({ isAvailable })} />
    <${Field} label=${t.skills} hint=${t.skillsHint} ...${form.field("skills")} />
    <fieldset class="plain"><legend>${t.languages}</legend>
      ${LANGUAGES.map((code) => html`<${Check} key=${code} label=${t.languageNames[code]} checked=${languages.includes(code)} onChange=${speaks(code)} />`)}</fieldset>
    <${Field} label=${t.priority} hint=${t.priorityHint} type="number" min="0" max="100" ...${form.field("priority")} />
    <${Failed} failed=${form.failed} />
    <div class="row end"><${Button} onClick=${close}>${w().common.cancel}<//><${Button} look="primary" type="submit" busy=${form.busy}>${w().common.save}<//></div>
  </form>`;
}
