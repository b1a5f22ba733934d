// How the company's calls are made.

import { html } from "../../app/dom.js";
import { api } from "../../app/api.js";
import { useLoaded } from "../../app/load.js";
import { know } from "../../app/session.js";
import { w } from "../../app/words.js";
import { Button } from "../../parts/button.js";
import { Check, Field } from "../../parts/field.js";
import { Failed, useForm } from "../../parts/form.js";
import { Loaded } from "../../parts/lists.js";
import { tell } from "../../parts/toasts.js";
import { Phrases } from "./phrases.js";
import { Readings } from "./readings.js";
import { Script } from "./script.js";

const DAYS = /** @type {const} */ (["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);

export function CompanySettings() {
  const company = useLoaded((signal) => api("GET", "/api/company", { signal }), []);
  return html`<${Loaded} loading=${company.loading} failed=${company.failed} empty=${!company.data} again=${company.again}>${company.data && html`<div class="stack"><${Form} company=${company.data} /><${Phrases} /><${Readings} /><${Script} /></div>`}<//>`;
}

const FLAGS = /** @type {const} */ (["record", "recordAnnouncement", "transcribe"]);

/** @param {{ company: any }} props */
function Form({ company: { name, settings } }) {
  const hours = settings.callingHours;
  const first = {
    name, timezone: settings.timezone ?? "", limited: Boolean(hours), start: hours?.start ?? "09:00", end: hours?.end ?? "18:00", days: hours?.days ?? DAYS.slice(0, 5),
    attempts: settings.handover.attempts, totalSecs: settings.handover.totalSecs, wrapUpSecs: settings.handover.wrapUpSecs,
    record: settings.record ?? false, recordAnnouncement: settings.recordAnnouncement ?? true, transcribe: settings.transcribe ?? true,
    recordingRetentionDays: settings.recordingRetentionDays ?? "", facts: settings.facts ?? "",
  };
  const form = useForm(first, async (values) => {
    const wanted = {
      timezone: values.timezone,
      callingHours: values.limited ? { start: values.start, end: values.end, days: values.days } : null,
      handover: { attempts: Number(values.attempts), totalSecs: Number(values.totalSecs), wrapUpSecs: Number(values.wrapUpSecs) },
      recordingRetentionDays: values.recordingRetentionDays === "" ? null : Number(values.recordingRetentionDays),
      facts: values.facts.trim() || null,
    };
    // What nobody has touched stays the server's own.
    const touched = FLAGS.filter((flag) => values[flag] !== first[flag]).map((flag) => [flag, values[flag]]);
    await api("PATCH", "/api/company", { body: { name: values.name, settings: { ...wanted, ...Object.fromEntries(touched) } } });
    know({ timezone: values.timezone, companyName: values.name });
    tell(w().common.saved);
  });
  const { values } = form;
  const t = w().company;
  const toggle = (/** @type {string} */ day) => form.set({ days: values.days.includes(day) ? values.days.filter((/** @type {string} */ one) => one !== day) : [...values.days, day] });
  const flag = (/** @type {"record" | "recordAnnouncement" | "transcribe" | "limited"} */ key) => ({ checked: values[key], onChange: (/** @type {boolean} */ on) => form.set({ [key]: on }) });
  return html`<form class="columns" onSubmit=${form.submit} novalidate>
    <section class="panel stack"><h2>${t.company}</h2>
      <${Field} label=${w().fields.companyName} required maxlength="200" ...${form.field("name")} />
      <${Field} label=${t.timezone} ...${form.field("timezone")} />
    </section>
    <section class="panel stack"><h2>${t.hours}</h2>
      <${Check} label=${t.limited} hint=${t.limitedHint} ...${flag("limited")} />
      ${values.limited && html`<div class="pair"><${Field} label=${w().settings.start} type="time" ...${form.field("start")} /><${Field} label=${w().settings.end} type="time" ...${form.field("end")} /></div>
        <div class="row" role="group" aria-label=${t.days}>${DAYS.map((day) => html`<${Button} key=${day} small pressed=${values.days.includes(day)} onClick=${() => toggle(day)}>${t.dayNames[day]}<//>`)}</div>`}
    </section>
    <section class="panel stack"><h2>${t.handover}</h2>
      <div class="pair"><${Field} label=${t.attempts} type="number" min="1" max="10" ...${form.field("attempts")} /><${Field} label=${t.totalSecs} type="number" min="10" max="600" ...${form.field("totalSecs")} /></div>
      <${Field} label=${t.wrapUpSecs} type="number" min="0" max="300" ...${form.field("wrapUpSecs")} />
    </section>
    <section class="panel stack"><h2>${t.recording}</h2>
      <${Check} label=${t.record} ...${flag("record")} /><${Check} label=${t.announce} ...${flag("recordAnnouncement")} /><${Check} label=${t.transcribe} ...${flag("transcribe")} />
      <${Field} label=${t.retention} hint=${t.retentionHint} type="number" min="0" ...${form.field("recordingRetentionDays")} />
    </section>
    <section class="panel stack"><h2>${t.answers}</h2>
      <${Field} as="textarea" rows="8" maxlength="4000" label=${t.facts} hint=${t.factsHint} ...${form.field("facts")} />
    </section>
    <div class="stack"><${Failed} failed=${form.failed} /><div class="row"><${Button} look="primary" type="submit" busy=${form.busy}>${w().common.save}<//></div></div>
  </form>`;
}
