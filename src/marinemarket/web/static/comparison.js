// Boats picked to compare, kept from page to page of this tab, with a bar that links to the comparison.
// Without this script the checkboxes are fields of a plain form.

import { readBoats, storeBoats, withChoice } from "./boat-list.js";
import { messagesFor } from "./messages.js";

const STORAGE_KEY = "compare";
const MOST = 4;
const CHECKBOX = "input[form=compare][name=boat]";

function compareBoats(bar) {
  const message = messagesFor("comparison");
  const link = bar.querySelector("a");
  const status = bar.querySelector("[role=status]");
  let chosen = readBoats("session", STORAGE_KEY, MOST);

  function show(text = "") {
    for (const checkbox of document.querySelectorAll(CHECKBOX)) {
      checkbox.checked = chosen.includes(checkbox.value);
    }
    bar.hidden = chosen.length === 0;
    link.href = `/compare?${new URLSearchParams(chosen.map((id) => ["boat", id]))}`;
    link.textContent = message("compare", { count: chosen.length });
    status.textContent = text;
  }

  function choose(ids) {
    chosen = ids;
    storeBoats("session", STORAGE_KEY, ids);
    show();
  }

  document.addEventListener("change", ({ target }) => {
    if (!target.matches?.(CHECKBOX)) return;
    const ids = withChoice(chosen, target.value, target.checked, MOST);
    if (ids) choose(ids);
    else show(message("full"));
  });
  bar.querySelector("button").addEventListener("click", () => choose([]));
  document.addEventListener("results:shown", () => show());
  // Also where the browser shows a page again as it was left: meanwhile other boats may have been picked.
  addEventListener("pageshow", () => {
    chosen = readBoats("session", STORAGE_KEY, MOST);
    show();
  });
  show();
}

const bar = document.getElementById("compare-bar");
if (bar) compareBoats(bar);
