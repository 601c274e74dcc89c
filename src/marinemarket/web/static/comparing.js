// Ticks to compare, kept from page to page of this tab, with a bar that leads to the comparison.
// Without this script the ticks are fields of a plain form.
"use strict";

(() => {
  const bar = document.getElementById("compare-bar");
  if (!bar) return;
  const KEY = "compare";
  const MOST = 4;
  const link = bar.querySelector("a");
  const said = bar.querySelector("[role=status]");

  const read = () => {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
      return Array.isArray(kept) ? kept.filter((id) => typeof id === "string").slice(0, MOST) : [];
    } catch {
      return [];
    }
  };
  let chosen = read();

  const ticks = () => document.querySelectorAll("input[form=compare][name=boat]");
  const show = (words = "") => {
    ticks().forEach((tick) => (tick.checked = chosen.includes(tick.value)));
    bar.hidden = chosen.length === 0;
    link.href = `/compare?${new URLSearchParams(chosen.map((id) => ["boat", id]))}`;
    const pattern = chosen.length === 1 ? bar.dataset.one : bar.dataset.many;
    link.textContent = pattern.replace("0", String(chosen.length));
    said.textContent = words;
  };
  const choose = (ids, words) => {
    chosen = ids;
    try {
      sessionStorage.setItem(KEY, JSON.stringify(ids));
    } catch {
      // Then they are forgotten with this page.
    }
    show(words);
  };

  document.addEventListener("change", (event) => {
    const tick = event.target;
    if (!tick.matches?.("input[form=compare][name=boat]")) return;
    const others = chosen.filter((id) => id !== tick.value);
    if (!tick.checked) choose(others);
    else if (others.length < MOST) choose([...others, tick.value]);
    else show(bar.dataset.full);
  });
  bar.querySelector("button").addEventListener("click", () => choose([]));
  document.addEventListener("results:shown", () => show());
  addEventListener("pageshow", () => {
    chosen = read();
    show();
  });
  show();
})();
