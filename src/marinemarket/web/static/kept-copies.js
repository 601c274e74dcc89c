// Shows what this browser keeps of an account that can no longer sign in, to be copied.

import { isTyped } from "./kept-forms.js";
import { keptVersionsOf } from "./kept-words.js";
import { pageLanguage } from "./messages.js";

/** What was written in a form, without its ticks and choices: a text for people. */
export function writtenLines(text) {
  return [...new URLSearchParams(text)]
    .filter(([name, value]) => isTyped({ name, type: "text" }) && value.trim() && !SHORT.has(name))
    .map(([, value]) => value)
    .join("\n");
}

const SHORT = new Set(["unit"]);

function showCopies(box) {
  for (const { at, text } of keptVersionsOf(box.dataset.keptOf)) {
    const field = box.appendChild(document.createElement("div"));
    field.className = "field";
    const time = new Date(at).toLocaleString(pageLanguage(), { dateStyle: "medium", timeStyle: "short" });
    const copy = document.createElement("textarea");
    copy.readOnly = true;
    copy.rows = 6;
    copy.append(writtenLines(text));
    field.appendChild(document.createElement("label")).append(time, copy);
    box.hidden = false;
  }
}

if (typeof document !== "undefined") {
  for (const box of document.querySelectorAll("[data-kept-of]")) showCopies(box);
}
