// As whom the AI speaks on calls in one's name, in which words, and what it makes of what a customer says.

import { html, useState } from "../../app/dom.js";
import { api } from "../../app/api.js";
import { useLoaded } from "../../app/load.js";
import { w } from "../../app/words.js";
import { Button } from "../../parts/button.js";
import { Field } from "../../parts/field.js";
import { Failed, useForm } from "../../parts/form.js";
import { Loaded } from "../../parts/lists.js";
import { tell } from "../../parts/toasts.js";
import { Sentence } from "./sentence.js";
import { Try } from "./try.js";

export function Conversation() {
  const mine = useLoaded(async (signal) => (await api("GET", "/api/agents/profile", { signal })).settings?.conversationSettings ?? {}, []);
  return html`<${Loaded} loading=${mine.loading} failed=${mine.failed} empty=${!mine.data} again=${mine.again}>
    ${mine.data && html`<${Form} settings=${mine.data} />`}
  <//>`;
}

/** @param {{ settings: any }} props */
function Form({ settings }) {
  const [spoken, setSpoken] = useState(settings);
  const language = spoken.language ?? "ja";
  const script = useLoaded((signal) => api("GET", "/api/agents/conversation/script", { signal, query: { language } }), [language]);
  const first = {
    companyName: settings.companyName ?? "", serviceName: settings.serviceName ?? "", representativeName: settings.representativeName ?? "",
    targetDepartment: settings.targetDepartment ?? "", language,
  };
  const form = useForm(first, async (values) => {
    const saved = await api("PUT", "/api/agents/conversation", { body: values });
    setSpoken(saved.conversationSettings);
    tell(w().common.saved);
  });
  const keep = async (/** @type {string} */ key, /** @type {string | null} */ text) => {
    const saved = await api("PUT", "/api/agents/conversation", { body: { customTemplates: { [key]: text } } });
    setSpoken(saved.conversationSettings);
  };
  return html`<div class="call-body">
    <section class="panel sentences">
      <h2>${w().conversation.sentences}</h2>
      <p class="hint">${w().conversation.sentencesHint}</p>
      <${Loaded} loading=${script.loading} failed=${script.failed} empty=${!script.data} again=${script.again}>
        ${script.data?.templates.map(
          (/** @type {any} */ template) => html`<${Sentence} key=${`${script.data.language} ${template.key}`} template=${template} script=${script.data} own=${spoken.customTemplates?.[template.key] ?? ""}
            values=${form.values} keep=${keep} />`,
        )}
      <//>
    </section>
    <div class="call-side">
      <form class="panel stack" onSubmit=${form.submit} novalidate>
        <h2>${w().conversation.who}</h2>
        <${Field} as="select" label=${w().conversation.language} ...${form.field("language")} onInput=${(/** @type {any} */ language) => {
          form.set({ language });
          setSpoken((/** @type {any} */ before) => ({ ...before, language }));
        }}>
          <option value="ja" selected=${form.values.language === "ja"}>日本語</option><option value="en" selected=${form.values.language === "en"}>English</option><//>
        <${Field} label=${w().fields.companyName} required maxlength="100" ...${form.field("companyName")} />
        <${Field} label=${w().fields.serviceName} maxlength="100" ...${form.field("serviceName")} />
        <${Field} label=${w().fields.representativeName} maxlength="100" ...${form.field("representativeName")} />
        <${Field} label=${w().fields.targetDepartment} maxlength="100" ...${form.field("targetDepartment")} />
        <${Failed} failed=${form.failed} />
        <div class="row end"><${Button} look="primary" type="submit" busy=${form.busy}>${w().common.save}<//></div>
      </form>
      <${Try} language=${language} />
    </div>
  </div>`;
}
