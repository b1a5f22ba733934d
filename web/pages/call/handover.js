// Whom to put the customer through to, and why.

import { html } from "../../app/dom.js";
import { api } from "../../app/api.js";
import { nameOf } from "../../app/format.js";
import { named, w } from "../../app/words.js";
import { team } from "../../live/team.js";
import { Button } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import { Field } from "../../parts/field.js";
import { Failed, useForm } from "../../parts/form.js";

/** @type {Record<string, number>} */
const READY = { available: 0, "on-call": 1, busy: 2, offline: 3 };

/** @param {{ call: any, close: () => void, done: (text: string) => void }} props */
export function HandoverDialog({ call, close, done }) {
  const form = useForm({ agentId: "", reason: "" }, async ({ agentId, reason }) => {
    await api("POST", `/api/calls/${call._id}/handoff`, { body: { agentId: agentId || null, reason: reason || null } });
    done(w().call.handingOver);
  });
  const rank = (/** @type {import("../../live/team.js").Member} */ { status }) => READY[status?.status ?? "offline"] ?? 9;
  const agents = (team.value ?? []).filter(({ settings }) => settings?.phoneNumber).sort((one, other) => rank(one) - rank(other));
  return html`<${Dialog} title=${w().call.handOver} close=${close}>
    <form class="stack" onSubmit=${form.submit}>
      <${Field} as="select" label=${w().handover.whom} ...${form.field("agentId")}>
        <option value="">${w().handover.dispatcher}</option>
        ${agents.map(({ user, status }) => html`<option key=${user._id} value=${user._id}>${nameOf(user)}（${named(w().availability, status?.status ?? "offline")}）</option>`)}
      <//>
      <${Field} as="textarea" rows="3" maxlength="500" label=${w().handover.why} hint=${w().handover.whyHint} ...${form.field("reason")} />
      <${Failed} failed=${form.failed} />
      <div class="row end"><${Button} onClick=${close}>${w().common.cancel}<//><${Button} look="primary" icon="transfer" type="submit" busy=${form.busy}>${w().call.handOver}<//></div>
    </form>
  <//>`;
}
