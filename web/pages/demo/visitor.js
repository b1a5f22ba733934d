// Being the customer: what the AI says is read and heard, and what is typed or spoken goes to it as a customer's words do.

import { html, useEffect, useRef, useState } from "../../app/dom.js";
import { api, sentence } from "../../app/api.js";
import { query } from "../../app/router.js";
import { w } from "../../app/words.js";
import { isOver, useWatched } from "../../live/watched.js";
import { CallState, Result } from "../../parts/badge.js";
import { Action, Button } from "../../parts/button.js";
import { Check, Field } from "../../parts/field.js";
import { Failed } from "../../parts/form.js";
import { Loaded } from "../../parts/lists.js";
import { Transcript } from "../call/transcript.js";
import { canHear, canSpeak, hush, listen, say } from "./voice.js";

/** @param {{ id: string }} props */
export function Visitor({ id }) {
  const { call, partial, failed, missing, again } = useWatched(id);
  const lang = query.value.get("lang") === "en" ? "en" : "ja";
  const [aloud, setAloud] = useState(canSpeak());
  const over = call && isOver(call.status);
  const [saying, setSaying] = useState("");
  // What was typed is shown at once, until it has been understood.
  const heard = call?.transcript.filter((/** @type {any} */ { speaker }) => speaker === "customer").length ?? 0;
  useEffect(() => setSaying(""), [heard, over]);
  useSaid(call?.transcript, aloud && !over, lang);
  if (!call) return html`<div class="page"><${Loaded} loading=${!failed} failed=${missing ? w().call.missing : failed} empty again=${missing ? undefined : again} /></div>`;
  const picked = Boolean(call.answeredTime);
  return html`<div class="page visitor">
    <div class="head"><h1>${w().demo.youAre}</h1>${over ? html`<${Result} outcome=${call.outcome} result=${call.callResult} />` : html`<${CallState} status=${call.status} />`}</div>
    <section class="panel talk" aria-label=${w().call.transcript}>
      <p class="hint" role="status">${over ? w().demo.over : picked ? w().demo.speakNow : w().demo.rings}</p>
      <${Transcript} call=${call} partial=${over ? "" : partial || saying} />
      ${!over && html`<${Words} id=${id} lang=${lang} said=${setSaying} />`}
      <div class="row">
        ${canSpeak() && html`<${Check} label=${w().demo.aloud} checked=${aloud} onChange=${setAloud} />`}
        <a class="button" href=${`/calls/${id}`}>${w().demo.behind}</a>
        ${over ? html`<a class="button primary" href="/demo">${w().demo.again}</a>`
          : html`<${Action} look="danger" icon="hangUp" disabled=${!picked} act=${() => api("POST", `/api/demo/calls/${id}/hangup`)}>${w().demo.hangUp}<//>`}
      </div>
    </section>
  </div>`;
}

/** @param {{ id: string, lang: "ja" | "en", said: (words: string) => void }} props */
function Words({ id, lang, said }) {
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState("");
  const [hearing, setHearing] = useState(false);
  const stop = useRef(() => {});
  const send = async (/** @type {string} */ words) => {
    if (busy || !words.trim()) return;
    // Whoever speaks is not spoken over.
    hush();
    setBusy(true);
    setFailed("");
    try {
      await api("POST", `/api/demo/calls/${id}/say`, { body: { text: words } });
      setText("");
      said(words.trim());
    } catch (error) {
      setFailed(sentence(error));
    } finally {
      setBusy(false);
    }
  };
  const hear = () => {
    if (hearing) return stop.current();
    hush();
    setHearing(true);
    stop.current = listen(lang, { words: setText, done: send, ended: (why) => {
      setHearing(false);
      if (why) setFailed(w().demo.deaf);
    } });
  };
  useEffect(() => () => stop.current(), []);
  return html`<form class="say" onSubmit=${(/** @type {Event} */ event) => {
    event.preventDefault();
    send(text);
  }}>
    <${Failed} failed=${failed} />
    <div class="row">
      <${Field} label=${w().demo.words} hideLabel placeholder=${w().demo.words} maxlength="500" autocomplete="off" lang=${lang} value=${text} onInput=${setText} />
      <${Button} type="submit" look="primary" busy=${busy} disabled=${!text.trim()}>${w().demo.say}<//>
      ${canHear() && html`<${Button} icon="mic" pressed=${hearing} label=${w().demo.speak} title=${w().demo.speakHint} onClick=${hear} />`}
    </div>
  </form>`;
}

/** Says aloud what the AI says from now on. @param {any[] | undefined} lines @param {boolean} aloud @param {"ja" | "en"} lang */
function useSaid(lines, aloud, lang) {
  const said = useRef(-1);
  useEffect(() => {
    if (!lines) return;
    // What was said before the page was opened is read, not heard; a fresh call begins with nothing.
    const from = said.current < 0 ? (lines.length > 1 ? lines.length : 0) : said.current;
    said.current = lines.length;
    if (aloud) for (const { speaker, message } of lines.slice(from)) if (speaker !== "customer") say(message, lang);
  }, [lines, aloud]);
  useEffect(() => {
    if (!aloud) hush();
  }, [aloud]);
  useEffect(() => hush, []);
}
