// The recording: its waveform, and playing it from any place, also from a line of the transcript.

import { html, useEffect, useRef, useState } from "../../app/dom.js";
import { response, sentence } from "../../app/api.js";
import { span } from "../../app/format.js";
import { w } from "../../app/words.js";
import { isOver } from "../../live/watched.js";
import { Button } from "../../parts/button.js";
import { Failed } from "../../parts/form.js";
import { peaks } from "./peaks.js";

/** How many bars a waveform has. */
const BARS = 240;

/** Plays a call's recording, once it is asked for. @param {any} call */
export function usePlayer(call) {
  const audio = useRef(/** @type {HTMLAudioElement | null} */ (null));
  const [sound, setSound] = useState(/** @type {{ url: string, channels: number[][] } | null} */ (null));
  const [state, setState] = useState({ loading: false, failed: "", playing: false, at: 0, length: 0 });
  const has = Boolean(call && isOver(call.status) && call.recordingStatus === "completed");

  useEffect(() => () => {
    audio.current?.pause();
    if (sound) URL.revokeObjectURL(sound.url);
  }, [sound]);

  const load = async () => {
    setState((before) => ({ ...before, loading: true, failed: "" }));
    try {
      const blob = await (await response("GET", `/api/calls/${call._id}/recording`, { query: { format: "wav" } })).blob();
      const channels = await peaks(blob, BARS);
      const element = new Audio(URL.createObjectURL(blob));
      element.ontimeupdate = () => setState((before) => ({ ...before, at: element.currentTime }));
      element.onloadedmetadata = () => setState((before) => ({ ...before, length: element.duration }));
      element.onplay = element.onpause = element.onended = () => setState((before) => ({ ...before, playing: !element.paused }));
      audio.current = element;
      setSound({ url: element.src, channels });
      setState((before) => ({ ...before, loading: false }));
    } catch (error) {
      setState((before) => ({ ...before, loading: false, failed: sentence(error) }));
    }
  };
  const playFrom = (/** @type {number} */ at) => {
    const element = audio.current;
    if (!element) return;
    element.currentTime = Math.min(at, element.duration || at);
    element.play().catch((error) => setState((before) => ({ ...before, failed: sentence(error) })));
  };
  const toggle = () => (audio.current?.paused ? audio.current.play() : audio.current?.pause());
  return { has, ready: Boolean(sound), channels: sound?.channels ?? [], ...state, load, playFrom, toggle };
}

/** @param {{ call: any, player: ReturnType<typeof usePlayer> }} props */
export function Recording({ call, player }) {
  if (!player.has) {
    const status = isOver(call.status) ? call.recordingStatus : null;
    return status ? html`<p class="hint">${w().recording[/** @type {"absent"} */ (status)] ?? status}</p>` : null;
  }
  if (!player.ready) {
    return html`<div class="player"><${Button} icon="play" busy=${player.loading} onClick=${player.load}>${w().call.loadRecording}<//><${Failed} failed=${player.failed} /></div>`;
  }
  return html`<div class="player">
    <${Button} icon=${player.playing ? "hold" : "play"} label=${player.playing ? w().call.pause : w().call.play} onClick=${player.toggle} />
    <${Wave} player=${player} />
    <span class="tabular">${span(player.at)} / ${span(player.length)}</span>
    <${Failed} failed=${player.failed} />
  </div>`;
}

/** @param {{ player: ReturnType<typeof usePlayer> }} props */
function Wave({ player }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const share = player.length ? player.at / player.length : 0;
  useEffect(() => {
    if (canvas.current) draw(canvas.current, player.channels, share);
  }, [player.channels, share]);
  const seek = (/** @type {MouseEvent} */ event) => {
    const { left, width } = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    player.playFrom(((event.clientX - left) / width) * player.length);
  };
  return html`<div class="wave">
    <canvas ref=${canvas} width=${BARS * 3} height="64" onClick=${seek} aria-hidden="true"></canvas>
    <input type="range" class="seek" aria-label=${w().call.position} min="0" max=${Math.max(1, Math.ceil(player.length))} step="1" value=${Math.floor(player.at)}
      aria-valuetext=${span(player.at)} onInput=${(/** @type {any} */ event) => player.playFrom(Number(event.currentTarget.value))} />
  </div>`;
}

/** The customer above the line, we below it. @param {HTMLCanvasElement} canvas @param {number[][]} channels @param {number} share */
function draw(canvas, channels, share) {
  const pen = canvas.getContext("2d");
  if (!pen) return;
  const style = getComputedStyle(canvas);
  const [played, rest] = [style.color, style.outlineColor];
  const middle = canvas.height / 2;
  pen.clearRect(0, 0, canvas.width, canvas.height);
  const [above, below = above] = channels;
  for (let bar = 0; bar < BARS; bar++) {
    pen.fillStyle = bar / BARS < share ? played : rest;
    const [up, down] = [Math.max(1, (above?.[bar] ?? 0) * middle), Math.max(1, (below?.[bar] ?? 0) * middle)];
    pen.fillRect(bar * 3, middle - up, 2, up + down);
  }
}
