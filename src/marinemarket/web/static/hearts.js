// Hearts that save a boat to the watchlist without leaving the page. Without this script each is a button of
// a plain form.

import { messagesFor } from "./messages.js";

function saveInPlace(form) {
  const message = messagesFor("hearts");
  const announcer = document.createElement("p");
  announcer.className = "hidden";
  announcer.setAttribute("role", "status");
  document.body.append(announcer);

  function show(id, isWatched) {
    const label = message(isWatched ? "saved" : "save");
    for (const heart of document.querySelectorAll(`[data-heart="${CSS.escape(id)}"]`)) {
      heart.setAttribute("aria-pressed", String(isWatched));
      heart.formAction = address(id, isWatched);
      heart.querySelector(".heart-words").textContent = label;
      const name = message(isWatched ? "saved_boat" : "save_boat", { title: heart.dataset.title });
      heart.setAttribute("aria-label", name);
    }
  }

  async function toggle(heart) {
    const id = heart.dataset.heart;
    const isWatched = heart.getAttribute("aria-pressed") === "true";
    const pressed = address(id, isWatched);
    heart.dataset.isBusy = "yes";
    show(id, !isWatched);
    try {
      const body = new URLSearchParams(new FormData(form));
      const response = await fetch(pressed, { method: "POST", body, redirect: "manual" });
      if (response.type !== "opaqueredirect" && !response.ok) throw new Error(String(response.status));
      announcer.textContent = message(isWatched ? "save" : "saved");
    } catch {
      // The site itself explains best what stands in the way.
      show(id, isWatched);
      if (navigator.onLine) form.requestSubmit(heart);
    } finally {
      delete heart.dataset.isBusy;
    }
  }

  document.addEventListener("click", (event) => {
    const heart = event.target.closest("[data-heart]");
    if (!heart) return;
    event.preventDefault();
    if (!heart.dataset.isBusy) toggle(heart);
  });
}

/** Where a press of the heart leads: it saves the boat, or takes it off the list. */
function address(id, isWatched) {
  return `/watchlist/${id}${isWatched ? "/end" : ""}`;
}

const form = document.getElementById("hearts");
if (form) saveInPlace(form);
