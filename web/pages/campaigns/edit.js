// A campaign, made or changed: its name, as whom the AI speaks, how fast, when, and how often somebody is tried.

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

/** @param {{ campaign?: any, close: () => void, done: (id: string) => void }} props */
export function CampaignDialog({ campaign, close, done }) {
  const [limited, setLimited] = useState(Boolean(campaign?.hours));
  const { script = {}, pace = {}, hours, retries } = campaign ?? {};
  const first = {
    name: campaign?.name ?? "", agentId: script.agentId ?? "", serviceName: script.serviceName ?? "", targetDepartment: script.targetDepartment ?? "",
    callsPerSecond: String(pace.callsPerSecond ?? 0.5), callsAtOnce: String(pace.callsAtOnce ?? 10), start: hours?.start ?? "10:00", end: hours?.end ?? "17:00",
    attempts: String(retries?.absent?.attempts ?? ""),
  };
  const form = useForm(first, async ({ name, agentId, serviceName, targetDepartment, callsPerSecond, callsAtOnce, start, end, attempts }) => {
    const body = {
      name, script: { agentId: agentId || null, serviceName: serviceName || null, targetDepartment: targetDepartment || null },
      pace: { callsPerSecond: Number(callsPerSecond), callsAtOnce: Number(callsAtOnce) }, hours: limited ? { start, end, days: hours?.days ?? WEEKDAYS } : null,
      // What nobody has touched stays the server's own.
      ...(attempts === first.attempts ? {} : { retries: { absent: { attempts: Number(attempts) } } }),
    };
    const made = await (campaign ? api("PATCH", `/api/campaigns/${campaign._id}`, { body }) : api("POST", "/api/campaigns", { body }));
    done(made._id);
  });
  const t = w().campaigns;
  return html`<${Dialog} title=${campaign ? t.edit : t.new} close=${close} wide><form class="stack" onSubmit=${form.submit} novalidate>
    <${Field} label=${t.name} required maxlength="200" ...${form.field("name")} />
    <${Field} as="select" label=${t.agent} hint=${t.agentHint} ...${form.field("agentId")}><option value="">${t.company}</option>
      ${(team.value ?? []).filter(({ settings }) => settings?.phoneNumber).map(({ user }) => html`<option key=${user._id} value=${user._id} selected=${user._id === form.values.agentId}>${nameOf(user)}</option>`)}<//>
    <div class="pair"><${Field} label=${w().fields.serviceName} maxlength="200" ...${form.field("serviceName")} /><${Field} label=${w().fields.targetDepartment} maxlength="200" ...${form.field("targetDepartment")} /></div>
    <div class="pair"><${Field} label=${t.callsPerSecond} type="number" min="0.01" step="0.1" ...${form.field("callsPerSecond")} /><${Field} label=${t.callsAtOnce} type="number" min="1" max="200" ...${form.field("callsAtOnce")} /></div>
    ${campaign && html`<${Field} label=${t.absentAttempts} type="number" min="1" max="10" ...${form.field("attempts")} />`}
    <${Check} label=${hours && hours.days.length !== WEEKDAYS.length ? t.limitedAs(hours.days.map((/** @type {"mon"} */ day) => w().company.dayNames[day]).join(" ")) : t.limited} checked=${limited} onChange=${setLimited} />
    ${limited && html`<div class="pair"><${Field} label=${w().settings.start} type="time" ...${form.field("start")} /><${Field} label=${w().settings.end} type="time" ...${form.field("end")} /></div>`}
    <${Failed} failed=${form.failed} />
    <div class="row end"><${Button} onClick=${close}>${w().common.cancel}<//><${Button} look="primary" type="submit" busy=${form.busy}>${campaign ? w().common.save : t.make}<//></div>
  </form><//>`;
}
