// The people of the company: their roles, invitations, and helping who has lost their password.

import { html, useState } from "../../app/dom.js";
import { api, asked, sentence } from "../../app/api.js";
import { nameOf } from "../../app/format.js";
import { useLoaded } from "../../app/load.js";
import { session } from "../../app/session.js";
import { w } from "../../app/words.js";
import { Action, Button } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import { Field } from "../../parts/field.js";
import { Failed, useForm } from "../../parts/form.js";
import { Loaded } from "../../parts/lists.js";
import { Table } from "../../parts/table.js";
import { tell } from "../../parts/toasts.js";
import { RoutingDialog } from "./routing.js";

const ROLES = /** @type {const} */ (["agent", "supervisor", "admin"]);

export function People() {
  const users = useLoaded((signal) => asked("GET", "/api/users", { signal, query: { limit: 100 } }), []);
  const invited = useLoaded((signal) => api("GET", "/api/invitations", { signal }), []);
  const [inviting, setInviting] = useState(false);
  const [link, setLink] = useState("");
  const t = w().people;
  return html`<div class="stack">
    <div class="row end"><${Button} look="primary" icon="plus" onClick=${() => setInviting(true)}>${t.invite}<//></div>
    <${Loaded} loading=${users.loading} failed=${users.failed} empty=${!users.data?.data.length} again=${users.again}>
      <${Table} label=${w().settings.sections.people}>
        <thead><tr><th scope="col">${w().fields.name}</th><th scope="col">${w().fields.email}</th><th scope="col">${t.role}</th><th scope="col">${w().fields.status}</th><th scope="col"><span class="unseen">${w().call.actions}</span></th></tr></thead>
        <tbody>${users.data?.data.map((/** @type {any} */ user) => html`<${Row} key=${user._id} user=${user} again=${users.again} show=${setLink} />`)}</tbody>
      <//>
    <//>
    ${invited.failed && html`<${Loaded} loading=${false} failed=${invited.failed} empty again=${invited.again} />`}
    ${(invited.data ?? []).length > 0 && html`<section class="panel"><h2>${t.invitations}</h2><ul class="simple">
      ${invited.data.map((/** @type {any} */ one) => html`<li key=${one._id} class="row"><span>${one.email}</span><span class="chip">${w().role[/** @type {"agent"} */ (one.role)]}</span>
        <${Action} small look="quiet" icon="close" label=${t.revoke(one.email)} act=${async () => {
          await api("DELETE", `/api/invitations/${one._id}`);
          invited.again();
        }} /></li>`)}</ul></section>`}
    ${inviting && html`<${Invite} close=${() => setInviting(false)} done=${(/** @type {string} */ token) => {
      setInviting(false);
      setLink(`${location.origin}/join#${token}`);
      invited.again();
    }} />`}
    ${link && html`<${Dialog} title=${t.link} close=${() => setLink("")}><div class="stack"><p>${t.linkText}</p><${Field} label=${t.link} hideLabel readonly value=${link} />
      <div class="row end"><${Button} onClick=${() => navigator.clipboard?.writeText(link).then(() => tell(t.copied))}>${t.copy}<//><${Button} look="primary" onClick=${() => setLink("")}>${w().common.close}<//></div></div><//>`}
  </div>`;
}

/** @param {{ user: any, again: () => void, show: (link: string) => void }} props */
function Row({ user, again, show }) {
  const [routing, setRouting] = useState(false);
  const me = user._id === session.value?.user.id;
  const t = w().people;
  const change = (/** @type {any} */ body) => async () => {
    await api("PATCH", `/api/users/${user._id}`, { body });
    again();
  };
  const role = (/** @type {any} */ event) => change({ role: event.currentTarget.value })().then(() => tell(w().common.saved), (error) => {
    tell(sentence(error), "bad");
    again();
  });
  return html`<tr data-user=${user._id}>
    <th scope="row">${nameOf(user)}</th><td>${user.email}</td>
    <td><select aria-label=${t.roleOf(nameOf(user))} onChange=${role}>${ROLES.map((word) => html`<option key=${word} value=${word} selected=${word === user.role}>${w().role[word]}</option>`)}</select></td>
    <td>${user.disabled ? html`<span class="chip bad">${t.disabled}</span>` : t.active}</td>
    <td><div class="acts"><${Button} small look="quiet" onClick=${() => setRouting(true)}>${t.routing}<//>${!me && html`<${Action} small look="quiet" act=${async () => {
      const { token } = await api("POST", `/api/users/${user._id}/password-reset`, { body: {} });
      show(`${location.origin}/reset#${token}`);
    }}>${t.reset}<//><${Action} small look=${user.disabled ? "plain" : "danger"} act=${change({ disabled: !user.disabled })}>${user.disabled ? t.enable : t.disable}<//>`}</div>
      ${routing && html`<${RoutingDialog} user=${user} close=${() => setRouting(false)} done=${() => {
        setRouting(false);
        tell(w().common.saved);
      }} />`}</td>
  </tr>`;
}

/** @param {{ close: () => void, done: (token: string) => void }} props */
function Invite({ close, done }) {
  const form = useForm({ email: "", role: "agent" }, async (values) => done((await api("POST", "/api/invitations", { body: values })).token));
  return html`<${Dialog} title=${w().people.invite} close=${close}><form class="stack" onSubmit=${form.submit} novalidate>
    <${Field} label=${w().fields.email} type="email" required ...${form.field("email")} />
    <${Field} as="select" label=${w().people.role} ...${form.field("role")}>${ROLES.map((word) => html`<option key=${word} value=${word} selected=${word === form.values.role}>${w().role[word]}</option>`)}<//>
    <${Failed} failed=${form.failed} />
    <div class="row end"><${Button} onClick=${close}>${w().common.cancel}<//><${Button} look="primary" type="submit" busy=${form.busy}>${w().people.invite}<//></div>
  </form><//>`;
}
