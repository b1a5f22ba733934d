// When one is rung, and of what one is told.

import { html, useState } from "../../app/dom.js";
import { api } from "../../app/api.js";
import { w } from "../../app/words.js";
import { Button } from "../../parts/button.js";
import { Check, Field } from "../../parts/field.js";
import { Failed, useForm } from "../../parts/form.js";
import { tell } from "../../parts/toasts.js";

/** @param {{ settings: any }} props */
export function Hours({ settings }) {
  const told = settings?.notificationPreferences ?? {};
  const hours = told.workingHours;
  const [limited, setLimited] = useState(Boolean(hours));
  const first = { start: hours?.start ?? "09:00", end: hours?.end ?? "18:00", calls: told.enableCallNotifications ?? true };
  const form = useForm(first, async ({ start, end, calls }) => {
    const workingHours = limited ? { start, end, timezone: hours?.timezone ?? null } : null;
    await api("PUT", "/api/agents/notifications", { body: { enableCallNotifications: calls, workingHours } });
    tell(w().common.saved);
  });
  return html`<form class="panel stack" onSubmit=${form.submit} novalidate>
    <h2>${w().settings.hours}</h2>
    <${Check} label=${w().settings.limited} hint=${w().settings.limitedHint} checked=${limited} onChange=${setLimited} />
    ${limited && html`<div class="pair"><${Field} label=${w().settings.start} type="time" ...${form.field("start")} /><${Field} label=${w().settings.end} type="time" ...${form.field("end")} /></div>`}
    <${Check} label=${w().settings.notify} hint=${w().settings.notifyHint} checked=${form.values.calls} onChange=${(/** @type {boolean} */ calls) => form.set({ calls })} />
    <${Failed} failed=${form.failed} />
    <div class="row end"><${Button} look="primary" type="submit" busy=${form.busy}>${w().common.save}<//></div>
  </form>`;
}
