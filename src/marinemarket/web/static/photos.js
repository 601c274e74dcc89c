// Photos of an advert: uploaded as they are chosen or dropped, put in order by dragging, their captions saved
// as the reader leaves the field. What is shown always comes from the page, fetched again, so this script does
// not know what a photo looks like.

import { sendJson } from "./api.js";
import { messagesFor } from "./messages.js";
import { orderAfterDrop } from "./photo-order.js";
import { createProgress, createUploads } from "./photo-uploads.js";

const page = document.getElementById("photos-page");
const status = document.getElementById("photos-status");
const imagesAddress = `/api/v1/listings/${page.dataset.listing}/images`;
const message = messagesFor("photos");

// What is sent names its photo, or all photos in their order: other changes to the advert do not matter to it.
const anyVersion = { "If-Match": "*" };

const token = () => page.querySelector("input[name=csrf_token]").value;
const photos = () => [...page.querySelectorAll(".photos-one[data-photo]")];
const order = () => photos().map((photo) => photo.dataset.photo);
const positionOf = (id) => order().indexOf(id) + 1;

function announce(text) {
  status.textContent = text;
}

function parsePage(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

// -- Showing the page as it is now ---------------------------------------------------------------

/** Shows the photos of a page as just fetched; false where it is another page. Captions being typed stay. */
function showPhotos(html) {
  const fresh = parsePage(html);
  const section = fresh.getElementById("photos-have");
  if (!section) return false;
  const focusedId = document.activeElement?.id;
  const unsaved = [...page.querySelectorAll(".photos-caption input")].filter(
    (field) => field.value !== field.defaultValue,
  );
  document.getElementById("photos-have").replaceWith(document.adoptNode(section));
  for (const { id, value } of unsaved) {
    const field = document.getElementById(id);
    if (field) field.value = value;
  }
  showUploadForm(fresh);
  prepareDragging();
  restoreFocus(focusedId);
  return true;
}

/** The form to upload with, or the notice that there is no room for more. */
function showUploadForm(fresh) {
  const selector = "#photos-form, .photos-full";
  const shown = page.querySelector(selector);
  const wanted = fresh.querySelector(selector);
  // The form is replaced only by the notice, and back: a file chosen in it stays.
  if (shown && wanted && shown.id !== wanted.id) shown.replaceWith(document.adoptNode(wanted));
}

function restoreFocus(id) {
  const element = id && document.getElementById(id);
  if (!element || element === document.activeElement) return;
  const target = element.disabled ? element.closest(".photos-one") : element;
  target.focus({ preventScroll: true });
}

async function refresh() {
  const response = await fetch(location.pathname);
  if (response.ok) showPhotos(await response.text());
}

// -- Uploading -----------------------------------------------------------------------------------

const uploads = createUploads({
  list: document.getElementById("photos-uploads"),
  address: imagesAddress,
  token,
  limits: { photos: Number(page.dataset.most), bytes: Number(page.dataset.largest) },
  photoCount: () => photos().length,
  onUploaded: () => refresh().catch(() => {}),
  announce,
});

page.addEventListener("change", ({ target }) => {
  if (target.id !== "photos-files") return;
  uploads.add([...target.files]);
  target.value = "";
});

// Files may be dropped anywhere on the page.
const holdsFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
document.addEventListener("dragover", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  page.classList.add("is-dropping");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) page.classList.remove("is-dropping");
});
document.addEventListener("drop", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  page.classList.remove("is-dropping");
  uploads.add([...event.dataTransfer.files]);
});

addEventListener("beforeunload", (event) => {
  if (uploads.isBusy()) event.preventDefault();
});

// A video takes time: it is sent as its form would send it, with its progress shown.
function uploadVideo(form) {
  const bar = createProgress(form.video.files[0].name);
  const button = form.querySelector("button");
  form.append(bar);
  button.disabled = true;
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  const fail = (reason) => {
    bar.remove();
    button.disabled = false;
    announce(reason);
    status.scrollIntoView({ block: "center" });
  };
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    bar.value = (100 * loaded) / total;
  });
  request.addEventListener("error", () => fail(message("disconnected")));
  request.addEventListener("load", () => {
    const fresh = parsePage(request.responseText);
    const videos = fresh.getElementById("videos");
    if (request.status === 200 && videos) {
      document.getElementById("videos").replaceWith(document.adoptNode(videos));
      return;
    }
    fail(fresh.querySelector(".photos-page .notices li")?.textContent || message("not_saved"));
  });
  request.send(new FormData(form));
}

// -- The buttons and the caption of a photo ------------------------------------------------------

async function submitInPlace(form, button) {
  const { photo } = form.closest(".photos-one").dataset;
  const body = new FormData(form);
  if (button?.name) body.append(button.name, button.value);
  try {
    const response = await fetch(button?.formAction || form.action, { method: "POST", body });
    const caption = form.querySelector("[name=caption]");
    if (!button?.name && response.ok) caption.defaultValue = caption.value;
    if (!showPhotos(await response.text())) throw new Error("the response is another page");
    if (button?.name === "to") announce(message("moved", { position: positionOf(photo) }));
  } catch {
    announce(message("not_saved"));
  }
}

page.addEventListener("submit", (event) => {
  const { target: form, submitter: button } = event;
  if (form.classList.contains("photos-video-form")) {
    event.preventDefault();
    uploadVideo(form);
  } else if (form.closest("#photos-grid")) {
    event.preventDefault();
    const isRemoval = button?.classList.contains("photos-remove");
    if (!isRemoval || confirm(message("confirm_removal"))) submitInPlace(form, button);
  }
});

page.addEventListener("focusout", async ({ target: field }) => {
  if (field.name !== "caption" || field.value === field.defaultValue) return;
  const { photo } = field.closest(".photos-one").dataset;
  const caption = field.value.trim() || null;
  try {
    const response = await sendJson("PATCH", `${imagesAddress}/${photo}`, { caption }, token(), anyVersion);
    if (!response.ok) throw new Error(String(response.status));
    field.defaultValue = field.value;
    announce(message("caption_saved"));
  } catch {
    announce(message("not_saved"));
  }
});

// -- Putting photos in order by dragging ---------------------------------------------------------

let dragged = null;

function prepareDragging() {
  for (const photo of photos()) {
    photo.querySelector(".photo").draggable = true;
    photo.querySelector("img").draggable = false;
  }
}

function photoAt(event) {
  return event.target.closest?.(".photos-one[data-photo]") ?? null;
}

page.addEventListener("dragstart", (event) => {
  dragged = photoAt(event);
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.photo);
  dragged.classList.add("is-dragged");
});
page.addEventListener("dragover", (event) => {
  const over = photoAt(event);
  if (!dragged || !over) return;
  event.preventDefault();
  for (const photo of page.querySelectorAll(".is-target")) photo.classList.remove("is-target");
  if (over !== dragged) over.classList.add("is-target");
});
page.addEventListener("dragend", () => {
  for (const photo of page.querySelectorAll(".is-target, .is-dragged")) {
    photo.classList.remove("is-target", "is-dragged");
  }
  dragged = null;
});
page.addEventListener("drop", async (event) => {
  const over = photoAt(event);
  if (!dragged || !over || over === dragged) return;
  event.preventDefault();
  const { photo } = dragged.dataset;
  const newOrder = orderAfterDrop(order(), photo, over.dataset.photo);
  // Until the new order is shown, the buttons name the photos by their old positions.
  const grid = document.getElementById("photos-grid");
  grid.inert = true;
  const follower = newOrder[newOrder.indexOf(photo) + 1];
  grid.insertBefore(dragged, follower ? document.getElementById(`photo-${follower}`) : null);
  try {
    const response = await sendJson(
      "PUT",
      `${imagesAddress}/order`,
      { order: newOrder },
      token(),
      anyVersion,
    );
    if (!response.ok) throw new Error(String(response.status));
    announce(message("moved", { position: positionOf(photo) }));
  } catch {
    announce(message("not_saved"));
  }
  await refresh().catch(() => {});
  grid.inert = false;
});

page.classList.add("is-scripted");
prepareDragging();
