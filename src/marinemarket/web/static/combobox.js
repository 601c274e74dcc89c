// A text field with a list of options below it, as ARIA 1.2 describes a combobox.

/** Makes a field a combobox. Returns its list, and an element that announces changes to screen readers. */
export function makeCombobox(field, id, label) {
  const wasFocused = document.activeElement === field;
  const frame = document.createElement("div");
  frame.className = "suggesting";
  field.replaceWith(frame);
  const list = document.createElement("ul");
  Object.assign(list, { id, className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label);
  const announcer = document.createElement("p");
  announcer.className = "hidden";
  announcer.setAttribute("role", "status");
  frame.append(field, list, announcer);
  if (wasFocused) field.focus();
  field.autocomplete = "off";
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", id);
  field.setAttribute("aria-expanded", "false");
  return { list, announcer };
}

/** The option after an arrow key. -1 is the text as typed, which lies between the last option and the first. */
export function moveChoice(chosen, count, key) {
  if (key === "ArrowDown") return chosen + 1 === count ? -1 : chosen + 1;
  return chosen < 0 ? count - 1 : chosen - 1;
}
