// The live wall: every call that lives, as a card or a row.

import { cls, html, useEffect, useRef, useState } from "../../app/dom.js";
import { keep, kept } from "../../app/kept.js";
import { query } from "../../app/router.js";
import { w } from "../../app/words.js";
import { connection } from "../../live/connection.js";
import { changes, ids, known, present } from "../../live/floor.js";
import { ordered } from "../../live/order.js";
import { Card } from "./card.js";
import { Counters } from "./counters.js";
import { Tools } from "./tools.js";
import { useGlide } from "./glide.js";

/** How often the order is looked at, in milliseconds. */
const ORDERLY = 500;

export function Wall() {
  const asked = query.value;
  const filter = { status: asked.get("status") ?? "", text: asked.get("q") ?? "", agent: asked.get("agent") ?? "" };
  const order = asked.get("sort") ?? "urgency";
  const [view, setView] = useState(/** @type {"cards" | "rows"} */ (kept("wall") ?? "cards"));
  const board = useRef(/** @type {HTMLElement | null} */ (null));
  const shown = useOrder(filter, order, board);
  useGlide(board, shown);
  const choose = (/** @type {"cards" | "rows"} */ next) => {
    setView(next);
    keep("wall", next);
  };
  const all = ids.value.length;
  return html`<div class="page wide">
    <h1 class="unseen">${w().nav.wall}</h1>
    <${Counters} />
    <${Tools} filter=${filter} order=${order} view=${view} choose=${choose} />
    ${shown.length
      ? html`<div class=${cls("wall", view, connection.value === "lost" && "stale")} ref=${board} role="list">
          ${shown.map((id) => html`<${Card} key=${id} id=${id} />`)}
        </div>`
      : html`<p class="empty" role="status">${!known.value ? w().common.loading : all ? w().wall.noneFound : w().wall.none}</p>`}
    <p class="unseen" role="status">${known.value ? w().wall.shown(shown.length, all) : ""}</p>
  </div>`;
}

/**
 * The ids in their order, looked at twice a second at most, and left as it is while somebody points at or is within it.
 * @param {import("../../live/order.js").Filter} filter @param {string} order @param {{ current: HTMLElement | null }} board
 */
function useOrder(filter, order, board) {
  const [shown, setShown] = useState(/** @type {string[]} */ ([]));
  const wanted = JSON.stringify([filter, order]);
  const state = useRef({ shown, wanted, seen: -1, moved: 0 });
  useEffect(() => {
    const look = (/** @type {boolean} */ chosen) => {
      const held = !chosen && Boolean(board.current?.matches(":hover, :focus-within"));
      const mine = state.current;
      if (!chosen && mine.seen === changes.peek() && (held || !mine.moved)) return;
      const next = ordered(present(), order, filter, mine.shown, held);
      mine.seen = changes.peek();
      mine.moved = held ? 1 : 0;
      if (next.length === mine.shown.length && next.every((id, place) => id === mine.shown[place])) return;
      mine.shown = next;
      setShown(next);
    };
    look(true);
    const timer = setInterval(() => document.hidden || look(false), ORDERLY);
    return () => clearInterval(timer);
  }, [wanted]);
  // The first calls are not waited for.
  const some = known.value;
  useEffect(() => {
    const next = ordered(present(), order, filter, [], false);
    state.current.shown = next;
    setShown(next);
  }, [some]);
  return shown;
}
