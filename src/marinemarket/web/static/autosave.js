// Saves a draft while it is being typed. Without this script, the Save button does it.

import {
  convertMeasurement,
  isSellersField,
  MEASUREMENTS,
  retryDelay,
  saveOutcome,
  writtenText,
} from "./draft-form.js";
import { forgetVersion, keepVersion, keptVersions, keyOf, randomName } from "./kept-words.js";
import { messagesFor, pageLanguage } from "./messages.js";
import { waitingTime } from "./waiting-time.js";

const PAUSE_MS = 1500;
const MOST_BYTES_KEPT_ALIVE = 60000;
const message = messagesFor("autosave");

function saveAutomatically(form) {
  const status = form.querySelector("[data-saved]");
  const address = form.dataset.autosave;
  const [keptName] = form.dataset.keep.split(" ");
  const storageKey = keyOf(keptName, randomName());
  let timer = 0;
  let isSaving = false;
  let failures = 0;
  let isStopped = false;
  let isSignedOut = false;
  let receipt = "";
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

  function showStatus(text, { isTrouble = false, actions = [] } = {}) {
    status.classList.toggle("is-trouble", isTrouble);
    status.textContent = text;
    for (const action of actions) status.append(" ", action);
  }

  function showSaved(moment) {
    const time = new Date(moment).toLocaleTimeString(pageLanguage(), { hour: "2-digit", minute: "2-digit" });
    showStatus(message("saved", { time }));
  }

  function keepOnDevice() {
    const { version, of_version: ofVersion } = form.elements;
    const versions = { version: version.value, ofVersion: ofVersion.value };
    keepVersion(storageKey, { at: Date.now(), text: currentText(), receipt, ...versions });
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
      case "old-token":
        return renewToken();
      case "conflict":
        return stopForConflict();
      case "gone":
        return stopGone();
      case "refused":
        return refuse((await response.json()).why, text);
      case "too-large":
        return refuse(message("too_large"), text);
      case "failed":
        return retryAfter(Number(response.headers.get("Retry-After")));
      case "invalid": {
        failures = 0;
        const { wrong } = await response.json();
        return refuse(Object.values(wrong).join(" "), text);
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
    if (currentText() === text) forgetVersion(storageKey);
    showSaved(draft.at);
    showCompleteness(draft);
  }

  function retry(text, retryAfterSeconds = 0) {
    keepOnDevice();
    showStatus(text, { isTrouble: true });
    schedule(retryDelay(failures, retryAfterSeconds));
    failures += 1;
  }

  function retryAfter(seconds) {
    const text = seconds > 5 ? message("failed_until", { wait: waitingTime(seconds) }) : message("failed");
    retry(text, seconds);
  }

  // The server cannot take it as it is: it is tried again once it reads differently.
  function refuse(why, text) {
    failures = 0;
    savedText = text;
    keepOnDevice();
    showStatus(why, { isTrouble: true });
  }

  function stopForConflict() {
    isStopped = true;
    keepOnDevice();
    showStatus(message("conflict"), { isTrouble: true, actions: [submitButton(message("compare"))] });
  }

  function stopGone() {
    isStopped = true;
    keepOnDevice();
    showStatus(message("gone"), { isTrouble: true, actions: [submitButton(message("save_anew"), "/sell")] });
  }

  function submitButton(text, action = form.action) {
    const button = document.createElement("button");
    button.type = "submit";
    button.className = "plain";
    button.textContent = text;
    button.formAction = action;
    return button;
  }

  function stopSignedOut() {
    isStopped = true;
    isSignedOut = true;
    keepOnDevice();
    showStatus(message("signed_out"), { isTrouble: true, actions: [signInLink()] });
  }

  function signInLink() {
    const link = document.createElement("a");
    link.href = `/account/sign-in?next=${encodeURIComponent(location.pathname)}`;
    link.textContent = message("sign_in");
    return link;
  }

  // Somebody signed in again in another tab: this page goes on with the token of the new session, if
  // it is the same person.
  async function renewToken() {
    const response = await fetch("/account/form-token", { headers: { Accept: "application/json" } });
    if (!response.ok) return retryAfter(Number(response.headers.get("Retry-After")));
    const { token, whose, isSignedIn } = await response.json();
    if (!isSignedIn) return stopSignedOut();
    if (!keptName.startsWith(`${whose}.`)) return stopForOtherAccount();
    if (token === form.elements.csrf_token.value) return retryAfter(0);
    for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token;
    isStopped = false;
    isSignedOut = false;
    schedule(0);
  }

  function stopForOtherAccount() {
    isStopped = true;
    isSignedOut = true;
    keepOnDevice();
    showStatus(message("other_account"), { isTrouble: true });
  }

  async function resume() {
    if (!isSignedOut || document.visibilityState !== "visible") return;
    try {
      await renewToken();
    } catch {
      // The next look at this page tries again.
    }
  }

  function restoreFromDevice() {
    const [newest] = keptVersions(keptName);
    if (!newest) return;
    const { key, text, version, ofVersion } = newest;
    forgetVersion(key);
    if (text === savedText) return;
    fillIn(new URLSearchParams(text));
    // The version this was typed on: if the draft has moved on since, the seller is shown both.
    form.elements.version.value = version;
    form.elements.of_version.value = ofVersion;
    keepOnDevice();
    showStatus(message("restored"), { actions: [discardButton()] });
    schedule(PAUSE_MS);
  }

  function discardButton() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.textContent = message("discard");
    button.addEventListener("click", () => {
      form.reset();
      forgetVersion(storageKey);
      if (currentText() === savedText) showStatus("");
      else schedule(0);
    });
    return button;
  }

  // What is sent is forgotten when the server has answered with this receipt.
  function addReceipt() {
    receipt = randomName();
    keepOnDevice();
    let field = form.querySelector("input[name=kept]");
    if (!field) {
      field = form.appendChild(document.createElement("input"));
      field.type = "hidden";
      field.name = "kept";
    }
    field.value = receipt;
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
    addReceipt();
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) isStopped = false;
  });
  addEventListener("focus", resume);
  document.addEventListener("visibilitychange", resume);
  addEventListener("online", () => {
    if (failures) save();
  });
  addEventListener("pagehide", () => {
    if (isStopped || currentText() === savedText) return;
    keepOnDevice();
    save();
  });
  form.addEventListener("input", () => {
    // Where nothing is saved any more, it is still kept here.
    if (isStopped) keepOnDevice();
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
