// Boats seen lately. Which ones they are stays in this browser; the site is asked for their cards
// where they are shown, and keeps nothing of it.
"use strict";

(() => {
  const KEY = "seen";
  const MOST = 12;
  const read = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
      return Array.isArray(kept) ? kept.filter((id) => /^[0-9a-f-]{36}$/.test(id)) : [];
    } catch {
      return [];
    }
  };
  const write = (ids) => {
    try {
      if (ids.length) localStorage.setItem(KEY, JSON.stringify(ids));
      else localStorage.removeItem(KEY);
    } catch {
      // A browser that keeps nothing has seen nothing.
    }
  };

  const here = /^\/boats\/([0-9a-f-]{36})(?:\/|$)/.exec(location.pathname)?.[1];
  if (here && document.querySelector("article.boat")) {
    write([here, ...read().filter((id) => id !== here)].slice(0, MOST));
  }

  const fill = async (strip) => {
    const ids = read().filter((id) => id !== here);
    if (!ids.length) {
      strip.hidden = true;
      return;
    }
    try {
      const answer = await fetch(`/boats/seen?${new URLSearchParams(ids.map((id) => ["boat", id]))}`);
      if (!answer.ok) return;
      const part = new DOMParser().parseFromString(await answer.text(), "text/html");
      const cards = [...part.querySelectorAll(".card")];
      strip.querySelector("[data-seen-cards]").replaceChildren(...cards);
      strip.hidden = cards.length === 0;
    } catch {
      // Without a connection there is no strip.
    }
  };

  document.querySelectorAll("[data-seen]").forEach((strip) => {
    strip.querySelector("[data-forget]").addEventListener("click", () => {
      write([]);
      strip.hidden = true;
      document.getElementById("content").focus?.();
    });
    // Below what one came for: after that is there.
    if ("requestIdleCallback" in window) requestIdleCallback(() => fill(strip));
    else setTimeout(() => fill(strip), 200);
    // A page that the browser had kept is shown again as it was, and more was seen meanwhile.
    addEventListener("pageshow", (event) => event.persisted && fill(strip));
  });
})();
