// Uploads photos one after the other, each with its progress, and with what can be done where one fails.

import { messagesFor, pageLanguage } from "./messages.js";
import { problemSentence } from "./problem.js";

const LONGEST_WAIT_SECONDS = 60;

/**
 * A queue of uploads. `list` is the element that shows them; `photoCount` says how many photos the advert has;
 * `onUploaded` is awaited after each one; `announce` tells the reader.
 */
export function createUploads({ list, address, token, limits, photoCount, onUploaded, announce }) {
  const message = messagesFor("photos");
  const percent = new Intl.NumberFormat(pageLanguage(), { style: "percent" });
  const queue = [];
  let current = null;
  let done = 0;
  let total = 0;

  function add(files, key) {
    for (const file of files) {
      const upload = showUpload(list, file, message("waiting"));
      upload.key = key ?? newKey();
      const refusal = refusalOf(file);
      if (refusal) {
        showFailure(upload, refusal, { canRetry: false });
        continue;
      }
      total += 1;
      queue.push(upload);
    }
    startNext();
  }

  function refusalOf(file) {
    if (file.size > limits.bytes) return message("too_large", { size: limits.bytes / 1e6 });
    const expected = photoCount() + queue.length + (current ? 1 : 0);
    return expected >= limits.photos ? message("no_room", { most: limits.photos }) : null;
  }

  function startNext() {
    if (current) return;
    current = queue.shift() ?? null;
    if (current) {
      send(current);
      return;
    }
    done = 0;
    total = 0;
  }

  function send(upload) {
    const request = new XMLHttpRequest(); // fetch reports no progress of what it sends
    const body = new FormData();
    body.set("images", upload.file);
    request.open("POST", address);
    request.setRequestHeader("X-CSRF-Token", token());
    // A photo that is sent again after the connection broke is not added twice.
    request.setRequestHeader("Idempotency-Key", upload.key);
    request.upload.addEventListener("progress", (event) => {
      const share = event.lengthComputable ? event.loaded / event.total : 0;
      upload.bar.value = 100 * share;
      upload.state.textContent = share < 1 ? percent.format(share) : message("processing");
    });
    request.addEventListener("load", () => finish(upload, request));
    request.addEventListener("error", () => fail(upload, message("disconnected"), { canRetry: true }));
    request.send(body);
  }

  async function finish(upload, request) {
    if (request.status === 201) {
      done += 1;
      upload.item.remove();
      announceProgress();
      await onUploaded();
      current = null;
      startNext();
      return;
    }
    const retryAfter = Number(request.getResponseHeader("Retry-After"));
    if ((request.status === 429 || request.status === 503) && retryAfter) {
      upload.state.textContent = message("waiting");
      setTimeout(() => send(upload), Math.min(retryAfter, LONGEST_WAIT_SECONDS) * 1000);
      return;
    }
    const reason = problemSentence(parsed(request.responseText), "image", (problem) =>
      message("problem", { problem }),
    );
    fail(upload, reason ?? message("disconnected"), { canRetry: request.status >= 500 });
  }

  function fail(upload, reason, { canRetry }) {
    total -= 1;
    if (done) announceProgress();
    showFailure(upload, reason, { canRetry });
    current = null;
    startNext();
  }

  function announceProgress() {
    announce(message("progress", { done, count: total }));
  }

  function showFailure(upload, reason, { canRetry }) {
    upload.bar.remove();
    upload.state.textContent = "";
    const wrong = document.createElement("p");
    wrong.className = "wrong";
    wrong.setAttribute("role", "alert");
    wrong.textContent = `${upload.file.name}: ${reason}`;
    const choices = document.createElement("p");
    choices.className = "choices";
    if (canRetry)
      choices.append(choiceButton(upload, message("try_again"), () => add([upload.file], upload.key)));
    choices.append(choiceButton(upload, message("dismiss"), () => {}));
    upload.item.append(wrong, choices);
  }

  return { add, isBusy: () => current !== null || queue.length > 0 };
}

function choiceButton(upload, text, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "second";
  button.textContent = text;
  button.addEventListener("click", () => {
    upload.item.remove();
    act();
  });
  return button;
}

function showUpload(list, file, text) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  name.className = "name";
  name.textContent = file.name;
  const state = document.createElement("span");
  state.className = "state";
  state.textContent = text;
  const bar = createProgress(file.name);
  item.append(name, state, bar);
  list.append(item);
  return { file, item, state, bar };
}

/** A progress bar in percent, named for the file that is sent. */
export function createProgress(name) {
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", name);
  return bar;
}

function newKey() {
  // Browsers offer UUIDs to secure pages alone.
  return crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // from something between the browser and us
  }
}
