// Suggestions while typing: a combobox on every field with data-suggests (ARIA 1.2). Without this script the
// fields are plain fields, and search as always.

import { makeCombobox, moveChoice } from "./combobox.js";
import { messagesFor } from "./messages.js";

const PAUSE_MS = 150;
const FEWEST_CHARACTERS = 2;

function suggest(field, number) {
  const message = messagesFor("suggestions");
  const { list, announcer } = makeCombobox(field, `suggestions-${number}`, message("label"));
  let typed = field.value;
  let timer = 0;
  let pending = null;
  let chosen = -1;

  function close() {
    clearTimeout(timer);
    pending?.abort();
    list.hidden = true;
    chosen = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function choose(index) {
    const options = [...list.children];
    chosen = index;
    for (const [at, option] of options.entries()) option.setAttribute("aria-selected", String(at === index));
    if (index < 0) {
      field.removeAttribute("aria-activedescendant");
      field.value = typed;
      return;
    }
    field.setAttribute("aria-activedescendant", options[index].id);
    field.value = options[index].dataset.query;
    options[index].scrollIntoView({ block: "nearest" });
  }

  function searchFor(option) {
    field.value = option.dataset.query;
    close();
    field.form.requestSubmit();
  }

  function createOption({ query, label, kind }, index) {
    const option = document.createElement("li");
    option.id = `${list.id}-${index}`;
    option.dataset.query = query;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const name = document.createElement("span");
    name.className = "kind";
    name.textContent = message(kind);
    option.append(label, " ", name);
    return option;
  }

  function show(suggestions) {
    const count = suggestions.length;
    list.replaceChildren(...suggestions.map(createOption));
    chosen = -1;
    list.hidden = count === 0;
    field.setAttribute("aria-expanded", String(count > 0));
    field.removeAttribute("aria-activedescendant");
    announcer.textContent = message("count", { count });
  }

  async function fetchSuggestions() {
    pending?.abort();
    pending = new AbortController();
    const { signal } = pending;
    try {
      const response = await fetch(`/api/v1/suggestions?q=${encodeURIComponent(typed)}`, { signal });
      // After a refusal (too many requests, no index yet) it is a plain field, which still searches.
      if (response.ok && document.activeElement === field) show(await response.json());
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  function handleKey(event) {
    const count = list.children.length;
    if (list.hidden || !count || event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") choose(moveChoice(chosen, count, event.key));
    else if (event.key === "Enter" && chosen >= 0) searchFor(list.children[chosen]);
    else if (event.key === "Escape") {
      field.value = typed;
      close();
    } else return;
    event.preventDefault();
  }

  field.addEventListener("input", () => {
    typed = field.value;
    clearTimeout(timer);
    if (typed.trim().length < FEWEST_CHARACTERS) close();
    else timer = setTimeout(fetchSuggestions, PAUSE_MS);
  });
  field.addEventListener("keydown", handleKey);
  field.addEventListener("blur", close);
  // Pressing an option must not take the focus from the field, which would close the list before the click.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) searchFor(option);
  });
}

for (const [number, field] of document.querySelectorAll("input[data-suggests]").entries())
  suggest(field, number);
