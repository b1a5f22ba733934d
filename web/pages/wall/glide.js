// What has got another place glides there, so that the eye can follow.

import { useLayoutEffect, useRef } from "../../app/dom.js";

const TIME = 260;
/** With more than these on the wall they change places at once: to measure them all would cost more than it tells. */
const MOST = 80;

/** @param {{ current: HTMLElement | null }} board @param {string[]} shown */
export function useGlide(board, shown) {
  const places = useRef(/** @type {Map<string, { left: number, top: number }>} */ (new Map()));
  useLayoutEffect(() => {
    const cards = /** @type {HTMLElement[]} */ ([...(board.current?.children ?? [])]);
    const before = places.current;
    const next = new Map();
    if (cards.length <= MOST && !matchMedia("(prefers-reduced-motion: reduce)").matches) {
      for (const card of cards) next.set(card.dataset.id ?? "", { left: card.offsetLeft, top: card.offsetTop });
      for (const card of cards) {
        const [was, is] = [before.get(card.dataset.id ?? ""), next.get(card.dataset.id ?? "")];
        if (!is) continue;
        if (!was && before.size) card.animate([{ opacity: 0 }, { opacity: 1 }], { duration: TIME });
        else if (was && (was.left !== is.left || was.top !== is.top)) {
          const from = `translate(${was.left - is.left}px, ${was.top - is.top}px)`;
          card.animate([{ transform: from }, { transform: "none" }], { duration: TIME, easing: "ease-out" });
        }
      }
    }
    places.current = next;
  }, [shown]);
}
