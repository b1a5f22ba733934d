// Icons: strokes on a field of 24, in the colour of the text beside them.

import { html } from "../app/dom.js";

/** @type {Record<string, string>} */
const PATHS = {
  wall: "M3 4h8v7H3z M13 4h8v4h-8z M13 10h8v10h-8z M3 13h8v7H3z",
  desk: "M4 13v-1a8 8 0 0 1 16 0v1 M4 13h3v6H5a1 1 0 0 1-1-1z M20 13h-3v6h2a1 1 0 0 0 1-1z M17 19c0 1.5-2 2-4 2",
  team: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z M2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6 M16 4.5a3.5 3.5 0 0 1 0 6.5 M17.5 14.2c2.3.6 3.7 2.6 4 5.8",
  history: "M3 12a9 9 0 1 0 3-6.7 M3 4v4h4 M12 7v5l3.5 2",
  report: "M4 20V4 M4 20h16 M8 16v-4 M12 16V8 M16 16v-6",
  customers: "M4 4h14a2 2 0 0 1 2 2v14H6a2 2 0 0 1-2-2z M12 12a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z M8 17c.4-2 1.8-3 4-3s3.600 1 4 3",
  callback: "M4 5c0 8.500 6.500 15 15 15v-4l-4-1.500-2 2A12 12 0 0 1 7.500 11l2-2L8 5z M20 4l-6 6 M14 5v5h5",
  campaign: "M4 10v4h3l7 4V6l-7 4z M17 9a4 4 0 0 1 0 6 M8 14.500V19h2.500v-3.300",
  settings: "M4 7h9 M17 7h3 M15 4.500v5 M4 12h3 M11 12h9 M9 9.500v5 M4 17h9 M17 17h3 M15 14.500v5",
  phone: "M5 4c0 9 6 15 15 15v-4l-4-1.500-2 2A11 11 0 0 1 8.500 10l2-2L9 4z",
  phoneIn: "M5 4c0 9 6 15 15 15v-4l-4-1.500-2 2A11 11 0 0 1 8.500 10l2-2L9 4z M20 4l-5 5 M15 5v4h4",
  hangUp: "M3 14c5-5 13-5 18 0l-2.500 2.500-3.500-1.500v-2.500c-2-.7-4-.7-6 0V15l-3.500 1.500z",
  transfer: "M4 8h13 M13 4l4 4-4 4 M20 16H7 M11 12l-4 4 4 4",
  listen: "M4 13v-1a8 8 0 0 1 16 0v1 M4 13h3v6H4z M20 13h-3v6h3z",
  whisper: "M5 5h14v10H10l-4 4v-4H5z M9 10h.01 M12 10h.01 M15 10h.01",
  barge: "M4 6h10v8H8l-3 3v-3H4z M17 9h3v7h-1v3l-3-3h-4v-2",
  takeOver: "M12 12a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7z M5.500 20c.5-3.500 3-5.500 6.500-5.500 1.500 0 2.800.4 3.800 1 M17 20l4-3-4-3 M21 17h-7",
  mute: "M9 9V6a3 3 0 0 1 6 0v5 M9 9v2a3 3 0 0 0 4.500 2.600 M6 11a6 6 0 0 0 9.500 4.900 M18 11a6 6 0 0 1-.3 2 M12 17v3 M4 4l16 16",
  mic: "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3z M6 11a6 6 0 0 0 12 0 M12 17v3",
  hold: "M8 5v14 M16 5v14",
  play: "M7 4l13 8-13 8z",
  record: "M12 17a5 5 0 1 0 0-10 5 5 0 0 0 0 10z",
  note: "M5 4h14v12l-4 4H5z M15 20v-4h4 M8.500 9h7 M8.500 13h4",
  search: "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13z M15.500 15.500L20 20",
  plus: "M12 5v14 M5 12h14",
  upload: "M12 16V5 M7 10l5-5 5 5 M5 19h14",
  download: "M12 5v11 M7 11l5 5 5-5 M5 20h14",
  edit: "M5 19l1-4L16 5l3 3L9 18z M14 7l3 3",
  trash: "M5 7h14 M9 7V4h6v3 M7 7l1 13h8l1-13",
  close: "M6 6l12 12 M18 6L6 18",
  check: "M5 12.500l4.500 4.500L19 7",
  warn: "M12 4L2.500 20h19z M12 10v4 M12 17v.01",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M12 11v5 M12 8v.01",
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
  down: "M5 9l7 7 7-7",
  out: "M14 5H6v14h8 M10 12h10 M17 8.500l3.500 3.500L17 15.500",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M12 3v2 M12 19v2 M3 12h2 M19 12h2 M5.600 5.600L7 7 M17 17l1.400 1.400 M18.400 5.600L17 7 M7 17l-1.400 1.400",
  moon: "M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10z",
  auto: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M12 3v18 M12 7h5 M12 12h9 M12 17h5",
  language: "M4 6h9 M8.500 4v2 M11 6c-.8 4-3 7-7 9 M6 9c1 2.500 3 4.500 6 5.500 M12.500 20l4-10 4 10 M14 17h5",
  cards: "M4 4h7v7H4z M13 4h7v7h-7z M4 13h7v7H4z M13 13h7v7h-7z",
  rows: "M4 6h16 M4 12h16 M4 18h16",
  why: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.7.300-1 .900-1 1.700 M12 16.500v.01",
  block: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M5.700 5.700l12.600 12.600",
  lost: "M3 8c5-4.500 13-4.500 18 0 M6.500 12c3-2.600 8-2.600 11 0 M10 16c1.200-1 2.800-1 4 0 M12 19v.01 M4 20L20 4",
};

/** @param {{ name: string, label?: string }} props With a label it stands for itself; without one it only accompanies a text. */
export const Icon = ({ name, label }) => html`<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.7"
  stroke-linecap="round" stroke-linejoin="round" role=${label ? "img" : undefined} aria-label=${label} aria-hidden=${label ? undefined : "true"}>
  <path d=${PATHS[name] ?? ""} />
</svg>`;
