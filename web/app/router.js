// Where one is: the address is the page's state, so that it can be reloaded, gone back from, and sent to a colleague.

import { computed, signal } from "./dom.js";

const place = signal(new URL(location.href));
addEventListener("popstate", () => {
  place.value = new URL(location.href);
});

/** The path. */
export const path = computed(() => place.value.pathname);

/** What follows the question mark. */
export const query = computed(() => place.value.searchParams);

/** Goes there. @param {string} address @param {{ replace?: boolean }} [how] */
export function go(address, { replace = false } = {}) {
  if (address === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", address);
  const moved = place.value.pathname !== location.pathname;
  place.value = new URL(location.href);
  if (moved) scrollTo(0, 0);
}

/** Changes what follows the question mark; what is empty is left out. @param {Record<string, string | number | null>} changed */
export function refine(changed) {
  const next = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changed)) {
    if (value === null || value === "") next.delete(name);
    else next.set(name, String(value));
  }
  const text = next.toString();
  go(location.pathname + (text ? `?${text}` : ""), { replace: true });
}

/** Links within the page are followed without loading it anew. */
addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || event.defaultPrevented || link.target || link.hasAttribute("download")) return;
  if (link.origin !== location.origin || /^\/(api|docs|assets)(\/|$)/.test(link.pathname) || link.hash) return;
  event.preventDefault();
  go(link.pathname + link.search);
});
