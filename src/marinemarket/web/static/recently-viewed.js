// Boats viewed recently. Which ones they are stays in this browser: the site is asked for their cards where
// they are shown, and keeps no record of it.

import { readBoats, storeBoats, withFirst } from "./boat-list.js";

const STORAGE_KEY = "seen";
const MOST = 12;
const IDLE_MS = 200;

const readIds = () => readBoats("local", STORAGE_KEY, MOST);
const storeIds = (ids) => storeBoats("local", STORAGE_KEY, ids);

const currentId = /^\/boats\/([0-9a-f-]{36})(?:\/|$)/.exec(location.pathname)?.[1];
if (currentId && document.querySelector("article.boat")) storeIds(withFirst(readIds(), currentId, MOST));

async function fill(strip) {
  const ids = readIds().filter((id) => id !== currentId);
  if (!ids.length) {
    strip.hidden = true;
    return;
  }
  try {
    const response = await fetch(`/boats/seen?${new URLSearchParams(ids.map((id) => ["boat", id]))}`);
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const cards = [...page.querySelectorAll(".card")];
    strip.querySelector("[data-cards]").replaceChildren(...cards);
    strip.hidden = cards.length === 0;
  } catch {
    // Without a connection there is no strip.
  }
}

for (const strip of document.querySelectorAll("[data-recently-viewed]")) {
  strip.querySelector("[data-clear]").addEventListener("click", () => {
    storeIds([]);
    strip.hidden = true;
    document.getElementById("content").focus?.();
  });
  // The strip is below what the reader came for, so it waits until that is there.
  if ("requestIdleCallback" in window) requestIdleCallback(() => fill(strip));
  else setTimeout(() => fill(strip), IDLE_MS);
  // Where the browser shows a page again as it was left, more boats may have been viewed meanwhile.
  addEventListener("pageshow", (event) => {
    if (event.persisted) fill(strip);
  });
}
