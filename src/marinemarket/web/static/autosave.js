// Saves a draft while it is being typed. Without this script, the Save button does it.

import {
  convertMeasurement,
  isSellersField,
  MEASUREMENTS,
  retryDelay,
  saveOutcome,
  writtenText,
} from "./draft-form.js";
import { messagesFor, pageLanguage } from "./messages.js";
import { readStored, removeStored, store } from "./storage.js";

const PAUSE_MS = 1500;
const MOST_BYTES_KEPT_ALIVE = 60000;
const message = messagesFor("autosave");

function saveAutomatically(form) {
  const status = form.querySelector("[data-saved]");
  const address = form.dataset.autosave;
  const storageKey = `draft ${address}`;
  let timer = 0;
  let isSaving = false;
  let failures = 0;
  let isStopped = false;
  let savedText = writtenText(new FormData(asLoaded()));

  // Somebody may have typed before this script ran.
  function asLoaded() {
    const copy = form.cloneNode(true);
    copy.reset();
    return copy;
  }

  function currentText() {
    return writtenText(new FormData(form));
  }

  function showStatus(text, { isTrouble = false, action = null } = {}) {
    status.classList.toggle("is-trouble", isTrouble);
    status.textContent = text;
    if (action) status.append(" ", action);
  }

  function showSaved(moment) {
    const time = new Date(moment).toLocaleTimeString(pageLanguage(), { hour: "2-digit", minute: "2-digit" });
    showStatus(message("saved", { time }));
  }

  function keepOnDevice() {
    const { version, of_version: ofVersion } = form.elements;
    store("local", storageKey, [version.value, ofVersion.value, currentText()]);
  }

  function schedule(delay) {
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  }

  async function save() {
    if (isStopped || isSaving) return;
    const text = currentText();
    if (text === savedText) return;
    clearTimeout(timer);
    showStatus(message("saving"));
    keepOnDevice();
    isSaving = true;
    try {
      const response = await fetch(address, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { Accept: "application/json" },
        keepalive: text.length < MOST_BYTES_KEPT_ALIVE,
      });
      await handle(response, text);
    } catch {
      retry(message("offline"));
    } finally {
      isSaving = false;
    }
    if (!isStopped && failures === 0 && currentText() !== savedText) schedule(PAUSE_MS);
  }

  async function handle(response, text) {
    switch (saveOutcome(response)) {
      case "signed-out":
        return stopSignedOut();
      case "conflict":
        return stopForConflict();
      case "failed":
        return retry(message("failed"), Number(response.headers.get("Retry-After")));
      case "invalid": {
        failures = 0;
        savedText = text;
        const { wrong } = await response.json();
        return showStatus(Object.values(wrong).join(" "), { isTrouble: true });
      }
      default:
        return acceptSaved(await response.json(), text);
    }
  }

  function acceptSaved(draft, text) {
    failures = 0;
    savedText = text;
    form.elements.version.value = draft.version;
    form.elements.of_version.value = draft.ofVersion;
    if (currentText() === text) removeStored("local", storageKey);
    showSaved(draft.at);
    showCompleteness(draft);
  }

  function retry(text, retryAfterSeconds = 0) {
    keepOnDevice();
    showStatus(text, { isTrouble: true });
    schedule(retryDelay(failures, retryAfterSeconds));
    failures += 1;
  }

  function stopForConflict() {
    isStopped = true;
    const button = document.createElement("button");
    button.type = "submit";
    button.className = "plain";
    button.textContent = message("compare");
    showStatus(message("conflict"), { isTrouble: true, action: button });
  }

  function stopSignedOut() {
    isStopped = true;
    const link = document.createElement("a");
    link.href = `/account/sign-in?next=${encodeURIComponent(location.pathname)}`;
    link.textContent = message("sign_in");
    showStatus(message("signed_out"), { isTrouble: true, action: link });
  }

  function restoreFromDevice() {
    const kept = readStored("local", storageKey);
    if (!kept) return;
    const [version, ofVersion, text] = kept;
    if (text === savedText) {
      removeStored("local", storageKey);
      return;
    }
    fillIn(new URLSearchParams(text));
    // The version this was typed on: if the draft has moved on since, the seller is shown both.
    form.elements.version.value = version;
    form.elements.of_version.value = ofVersion;
    showStatus(message("restored"));
    schedule(PAUSE_MS);
  }

  function fillIn(values) {
    for (const field of form.elements) {
      if (!isSellersField(field.name)) continue;
      if (field.type === "checkbox" || field.type === "radio") {
        field.checked = values.getAll(field.name).includes(field.value);
      } else if (values.has(field.name)) field.value = values.get(field.name);
    }
  }

  form.addEventListener("input", () => schedule(PAUSE_MS));
  form.addEventListener("change", () => schedule(PAUSE_MS));
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) {
      event.preventDefault();
      retry(message("offline"));
      return;
    }
    isStopped = true;
    clearTimeout(timer);
    removeStored("local", storageKey);
  });
  addEventListener("online", () => {
    if (failures) save();
  });
  addEventListener("pagehide", () => {
    if (isStopped || currentText() === savedText) return;
    keepOnDevice();
    save();
  });
  if (form.dataset.savedAt) showSaved(form.dataset.savedAt);
  restoreFromDevice();
  if (currentText() !== savedText) schedule(PAUSE_MS);
}

/** How complete the advert is, as the server counts it. */
function showCompleteness({ percent, must, should }) {
  const panel = document.querySelector("[data-complete]");
  panel.querySelector("progress").value = percent;
  for (const element of document.querySelectorAll("[data-percent], [data-standing]")) {
    element.textContent = element.textContent.replace(/\d+/, percent);
  }
  for (const [name, gaps] of Object.entries({ must, should })) {
    panel.querySelector(`[data-${name}-box]`).hidden = gaps.length === 0;
    panel.querySelector(`[data-${name}]`).replaceChildren(...gaps.map(linkToGap));
  }
  panel.querySelector("[data-ready]").hidden = must.length > 0;
}

function linkToGap({ address, words }) {
  const item = document.createElement("li");
  const link = item.appendChild(document.createElement("a"));
  link.href = address;
  link.textContent = words;
  return item;
}

function convertWithUnit(form) {
  let unit = form.elements.unit.value;
  form.addEventListener("change", (event) => {
    if (event.target.name !== "unit" || event.target.value === unit) return;
    unit = event.target.value;
    for (const name of MEASUREMENTS) {
      const field = form.elements.namedItem(name); // `elements.length` is their number
      field.value = convertMeasurement(name, field.value, unit);
    }
  });
}

for (const form of document.querySelectorAll("form[data-autosave]")) {
  // First, so that the form is saved with the converted measurements.
  convertWithUnit(form);
  saveAutomatically(form);
}
