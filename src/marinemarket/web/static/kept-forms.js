// Keeps what is typed into forms in this browser, until the server has taken it: the session may end,
// the connection break, the battery run out. Without this script, the answer to the form brings it back.

import { forgetDone, forgetVersion, keepVersion, keptVersions, keyOf, randomName } from "./kept-words.js";
import { messagesFor, pageLanguage } from "./messages.js";
import { readStored, store } from "./storage.js";

const PAUSE_MS = 300;
const TYPED = new Set([
  "text",
  "email",
  "tel",
  "url",
  "search",
  "number",
  "textarea",
  "select-one",
  "checkbox",
  "radio",
]);
const SECRET = /password|code|token|challenge|website/;
const PERSONAL = /\b(name|email|tel)\b/;

/**
 * Whether a field holds words that may be kept: no password, no code, no file, nothing of ours. Of a visitor
 * no name and no address, since the next visitor in this browser may be somebody else.
 */
export function isTyped({ name, type, autocomplete = "" }, isVisitor = false) {
  const never = isVisitor ? [SECRET, PERSONAL] : [SECRET];
  return name !== "" && TYPED.has(type) && !never.some((one) => one.test(`${name} ${autocomplete}`));
}

/** What is written in a form, as one text. */
export function typedText(elements, isVisitor = false) {
  const text = new URLSearchParams();
  for (const field of elements) {
    if (!isTyped(field, isVisitor)) continue;
    const isChoice = field.type === "checkbox" || field.type === "radio";
    if (!isChoice || field.checked) text.append(field.name, field.value);
  }
  return text.toString();
}

/** Write a text of `typedText` into a form again. */
export function fillIn(elements, text, isVisitor = false) {
  const values = new URLSearchParams(text);
  for (const field of elements) {
    if (!isTyped(field, isVisitor)) continue;
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = values.getAll(field.name).includes(field.value);
    } else if (values.has(field.name)) field.value = values.get(field.name);
  }
}

function keepForm(form) {
  const message = messagesFor("kept_forms");
  const [name, ...earlierNames] = form.dataset.keep.split(" ");
  // A form of somebody who is signed in has a name of theirs, and one of before.
  const isVisitor = earlierNames.length === 0;
  const key = keyOf(name, randomName());
  const loadedText = typedText(asLoaded().elements, isVisitor);
  let keptText = null;
  let receipt = "";
  let timer = 0;
  let isKeepingTold = false;

  // Somebody may have typed before this script ran.
  function asLoaded() {
    const copy = form.cloneNode(true);
    copy.reset();
    return copy;
  }

  function currentText() {
    return typedText(form.elements, isVisitor);
  }

  function keepNow() {
    clearTimeout(timer);
    const text = currentText();
    if (text === keptText) return;
    receipt = "";
    if (text === loadedText) forget();
    else keep(text);
  }

  function keep(text) {
    keptText = text;
    store("session", `kept ${name}`, true);
    if (keepVersion(key, { at: Date.now(), text, receipt }) || isKeepingTold) return;
    isKeepingTold = true;
    showNotice(message("no_room"));
  }

  function forget() {
    keptText = null;
    forgetVersion(key);
  }

  // What a visitor typed in this tab is theirs after they have signed in; of another tab nobody knows.
  function versionsOfWriter() {
    const names = [name, ...earlierNames.filter((one) => readStored("session", `kept ${one}`))];
    return names.flatMap(keptVersions);
  }

  function restore() {
    const typedAlready = currentText();
    const [newest, ...older] = versionsOfWriter();
    if (!newest) return;
    if (newest.text === loadedText) {
      forgetVersion(newest.key);
      // The server shows the words itself, since it could not take them.
      if (newest.receipt) keep(loadedText);
      return;
    }
    if (typedAlready !== loadedText) return;
    show(newest, older);
  }

  function show(version, others) {
    fillIn(form.elements, version.text, isVisitor);
    forgetVersion(version.key);
    keep(currentText());
    const time = new Date(version.at).toLocaleString(pageLanguage(), {
      dateStyle: "medium",
      timeStyle: "short",
    });
    const buttons = [button(message("discard"), discard)];
    const [next, ...rest] = others;
    if (next) {
      buttons.unshift(
        button(message("other_version"), () => {
          keepVersion(version.key, version);
          show(next, [...rest, version]);
        }),
      );
    }
    showNotice(message("restored", { time }), buttons);
  }

  function discard() {
    form.reset();
    forget();
    form.parentNode.querySelector("[data-kept-notice]")?.remove();
  }

  function button(text, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "plain";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }

  function showNotice(text, buttons = []) {
    form.parentNode.querySelector("[data-kept-notice]")?.remove();
    const notice = document.createElement("p");
    notice.className = "news";
    notice.dataset.keptNotice = "";
    notice.setAttribute("role", "status");
    notice.append(text, ...buttons.flatMap((one) => [" ", one]));
    form.before(notice);
    for (let box = form.parentElement; box; box = box.parentElement)
      if (box.tagName === "DETAILS") box.open = true;
  }

  function addReceipt() {
    keepNow();
    const text = currentText();
    if (keptText === null && text === loadedText) return;
    receipt = randomName();
    keep(text);
    let field = form.querySelector("input[name=kept]");
    if (!field) {
      field = form.appendChild(document.createElement("input"));
      field.type = "hidden";
      field.name = "kept";
    }
    field.value = receipt;
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keepNow, PAUSE_MS);
  });
  form.addEventListener("change", keepNow);
  form.addEventListener("submit", addReceipt);
  addEventListener("pagehide", () => {
    if (currentText() !== loadedText) keepNow();
  });
  addEventListener("storage", (event) => {
    // Another tab has taken the words over: they are not written again unless somebody types here.
    if (event.key === key && event.newValue === null) keptText = currentText();
  });
  restore();
  if (currentText() !== loadedText) keepNow();
}

if (typeof document !== "undefined") {
  forgetDone();
  for (const form of document.querySelectorAll("form[data-keep]:not([data-autosave])")) keepForm(form);
}
