// A new campaign: its name, as whom the AI speaks, how fast, and when.

import { html, useState } from "../../app/dom.js";
import { api } from "../../app/api.js";
import { nameOf } from "../../app/format.js";
import { w } from "../../app/words.js";
import { team } from "../../live/team.js";
import { Button } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import { Check, Field } from "../../parts/field.js";
import { Failed, useForm } from "../../parts/form.js";

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"];

/** @param {{ close: () => void, done: (id: string) => void }} props */
export function NewCampaign({ close, done }) {
  const [limited, setLimited] = useState(false);
  const first = { name: "", agentId: "", serviceName: "", targetDepartment: "", callsPerSecond: "0.5", callsAtOnce: "10", start: "10:00", end: "17:00" };
  const form = useForm(first, async ({ name, agentId, serviceName, targetDepartment, callsPerSecond, callsAtOnce, start, end }) => {
    const made = await api("POST", "/api/campaigns", {
      body: {
        name, script: { agentId: agentId || null, serviceName: serviceName || null, targetDepartment: targetDepartment || null },
        pace: { callsPerSecond: Number(callsPerSecond), callsAtOnce: Number(callsAtOnce) }, hours: limited ? { start, end, days: WEEKDAYS } : null,
      },
    });
    done(made._id);
  });
  const t = w().campaigns;
  return html`<${Dialog} title=${t.new} close=${close} wide><form class="stack" onSubmit=${form.submit} novalidate>
    <${Field} label=${t.name} required maxlength="200" ...${form.field("name")} />
    <${Field} as="select" label=${t.agent} hint=${t.agentHint} ...${form.field("agentId")}><option value="">${t.company}</option>
      ${(team.value ?? []).filter(({ settings }) => settings?.phoneNumber).map(({ user }) => html`<option key=${user._id} value=${user._id}>${nameOf(user)}</option>`)}<//>
    <div class="pair"><${Field} label=${w().fields.serviceName} maxlength="100" ...${form.field("serviceName")} /><${Field} label=${w().fields.targetDepartment} maxlength="100" ...${form.field("targetDepartment")} /></div>
    <div class="pair"><${Field} label=${t.callsPerSecond} type="number" min="0.01" step="0.1" ...${form.field("callsPerSecond")} /><${Field} label=${t.callsAtOnce} type="number" min="1" max="200" ...${form.field("callsAtOnce")} /></div>
    <${Check} label=${t.limited} checked=${limited} onChange=${setLimited} />
    ${limited && html`<div class="pair"><${Field} label=${w().settings.start} type="time" ...${form.field("start")} /><${Field} label=${w().settings.end} type="time" ...${form.field("end")} /></div>`}
    <${Failed} failed=${form.failed} />
    <div class="row end"><${Button} onClick=${close}>${w().common.cancel}<//><${Button} look="primary" type="submit" busy=${form.busy}>${t.make}<//></div>
  </form><//>`;
}
