// One's own settings: who one is, the telephone that rings, notifications and hours, how it looks, the password.

import { html } from "../../app/dom.js";
import { api } from "../../app/api.js";
import { useLoaded } from "../../app/load.js";
import { Loaded } from "../../parts/lists.js";
import { Appearance } from "./appearance.js";
import { Hours } from "./hours.js";
import { Password } from "./password.js";
import { Phone } from "./phone.js";
import { Profile } from "./profile.js";

export function Own() {
  const mine = useLoaded((signal) => api("GET", "/api/agents/profile", { signal }), []);
  return html`<${Loaded} loading=${mine.loading} failed=${mine.failed} empty=${!mine.data} again=${mine.again}>
    ${mine.data && html`<div class="columns">
      <${Profile} user=${mine.data.user} />
      <${Phone} settings=${mine.data.settings} />
      <${Hours} settings=${mine.data.settings} />
      <${Appearance} />
      <${Password} />
    </div>`}
  <//>`;
}
