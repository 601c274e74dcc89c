// What may be meant, while typing: a combobox upon every field with data-suggests (ARIA 1.2).
// Without this script the fields are plain fields, and search as they always do.
"use strict";

const PAUSE_MS = 150;
const KINDS = { maker: "Maker", model: "Model", type: "Type", place: "Place" };

function suggestUpon(field, number) {
  const wasFocused = document.activeElement === field;
  const frame = document.createElement("div");
  frame.className = "suggesting";
  field.replaceWith(frame);
  const list = document.createElement("ul");
  Object.assign(list, { id: `suggestions-${number}`, className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  const spoken = document.createElement("p");
  spoken.className = "hidden";
  spoken.setAttribute("role", "status");
  frame.append(field, list, spoken);
  if (wasFocused) field.focus();
  field.autocomplete = "off";
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");

  let typed = field.value;
  let waiting = 0;
  let asking = null;
  let chosen = -1;

  const close = () => {
    clearTimeout(waiting);
    asking?.abort();
    list.hidden = true;
    chosen = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const mark = (place) => {
    const lines = [...list.children];
    chosen = place;
    lines.forEach((line, at) => line.setAttribute("aria-selected", String(at === place)));
    if (place < 0) {
      field.removeAttribute("aria-activedescendant");
      field.value = typed;
      return;
    }
    field.setAttribute("aria-activedescendant", lines[place].id);
    field.value = lines[place].dataset.query;
    lines[place].scrollIntoView({ block: "nearest" });
  };

  const take = (line) => {
    field.value = line.dataset.query;
    close();
    field.form.requestSubmit();
  };

  const show = (found) => {
    list.replaceChildren(
      ...found.map((one, at) => {
        const line = document.createElement("li");
        line.id = `${list.id}-${at}`;
        line.dataset.query = one.query;
        line.setAttribute("role", "option");
        line.setAttribute("aria-selected", "false");
        line.append(one.label, " ");
        const kind = line.appendChild(document.createElement("span"));
        kind.className = "kind";
        kind.textContent = KINDS[one.kind] || one.kind;
        return line;
      }),
    );
    chosen = -1;
    list.hidden = found.length === 0;
    field.setAttribute("aria-expanded", String(found.length > 0));
    field.removeAttribute("aria-activedescendant");
    spoken.textContent = found.length === 1 ? "1 suggestion" : `${found.length} suggestions`;
  };

  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(`/api/v1/suggestions?q=${encodeURIComponent(typed)}`, {
        signal: asking.signal,
      });
      // A refusal (too many, no index yet) leaves a plain field, which still searches.
      if (answer.ok && document.activeElement === field) show(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  field.addEventListener("input", () => {
    typed = field.value;
    clearTimeout(waiting);
    if (typed.trim().length < 2) return close();
    waiting = setTimeout(ask, PAUSE_MS);
  });

  field.addEventListener("keydown", (event) => {
    const many = list.children.length;
    if (list.hidden || !many || event.isComposing) return;
    if (event.key === "ArrowDown") mark(chosen + 1 === many ? -1 : chosen + 1);
    else if (event.key === "ArrowUp") mark(chosen < 0 ? many - 1 : chosen - 1);
    else if (event.key === "Enter" && chosen >= 0) take(list.children[chosen]);
    else if (event.key === "Escape") {
      field.value = typed;
      close();
    } else return;
    event.preventDefault();
  });

  // Pressed, not clicked: a click comes after the field has lost the focus and the list is gone.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const line = event.target.closest("[role=option]");
    if (line) take(line);
  });
  field.addEventListener("blur", close);
}

document.querySelectorAll("input[data-suggests]").forEach(suggestUpon);
