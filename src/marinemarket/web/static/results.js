// Results without loading the page again: a change of a filter, an order or a page fetches the same address
// and replaces what differs. Without this script the form and the links do the same.

import { formAddress } from "./results-address.js";
import { readStored, store } from "./storage.js";

const PAUSE_MS = 500;
const TYPED = "input:not([type=checkbox], [type=radio])";

const layout = document.getElementById("results-layout");
const form = document.getElementById("filters");
const status = document.getElementById("results-status");
const failure = document.getElementById("results-failed");
const drawer = document.getElementById("show-filters");
let pending = null;
let timer = 0;
let requested = location.href;

// -- What must survive a replacement -------------------------------------------------------------

/** A selector that finds an element of the page again in the next one. */
function selectorOf(element) {
  if (!element?.closest("[data-live]")) return null;
  if (element.id) return `#${CSS.escape(element.id)}`;
  if (!element.name) return null;
  const value = element.matches(TYPED) ? "" : `[value="${CSS.escape(element.value)}"]`;
  const within = form.contains(element) ? "#filters " : "";
  return `${within}[name="${CSS.escape(element.name)}"]${value}`;
}

/** The focus, with its cursor and what is being typed there, and the groups of filters that are open. */
function capture() {
  const active = document.activeElement;
  const isTyping = Boolean(active?.matches?.(TYPED));
  return {
    selector: selectorOf(active),
    isReplaced: active !== document.body && Boolean(active?.closest("[data-live]")),
    cursor: isTyping ? active.selectionStart : null,
    text: isTyping && form.contains(active) ? active.value : null,
    open: new Set([...form.querySelectorAll("details[open]")].map(titleOf)),
  };
}

function restore({ selector, isReplaced, cursor, text, open }) {
  for (const details of form.querySelectorAll("details")) {
    if (open.has(titleOf(details))) details.open = true;
  }
  const found = isReplaced && selector && document.querySelector(selector);
  if (found) {
    found.focus({ preventScroll: true });
    if (cursor !== null && found.matches(TYPED)) found.setSelectionRange?.(cursor, cursor);
  }
  if (text !== null && document.activeElement?.matches(TYPED)) document.activeElement.value = text;
}

function titleOf(details) {
  return details.querySelector("summary").textContent.trim();
}

// -- Replacing what differs ----------------------------------------------------------------------

function replaceLiveParts(page) {
  const before = capture();
  for (const part of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(part.id);
    if (!fresh) continue;
    keepSearchField(part, fresh);
    part.replaceWith(document.adoptNode(fresh));
  }
  document.title = page.title;
  restore(before);
  labelShowButton();
}

/** The search field stays the same element, since its suggestions are attached to it. */
function keepSearchField(part, fresh) {
  const combobox = form.querySelector(".suggesting");
  const replacement = combobox && part.contains(combobox) && fresh.querySelector("[data-suggests]");
  if (!replacement) return;
  const field = combobox.querySelector("input");
  if (field !== document.activeElement) field.value = replacement.value;
  replacement.replaceWith(combobox);
}

function labelShowButton() {
  const button = document.getElementById("show-boats");
  button.textContent = button.dataset.label;
}

function announceResults(address) {
  const next = document.querySelector("#hearts [name=next]");
  if (next) next.value = address.pathname + address.search;
  status.textContent = document.querySelector("#results-head .count").textContent;
  document.dispatchEvent(new CustomEvent("results:shown"));
}

function focusHeading() {
  const heading = document.querySelector("#results-head h1");
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  document.querySelector("#results-head").scrollIntoView({ block: "start" });
}

/** Shows the results of an address. `isLink` moves the focus to the heading; `scrollPosition` returns there. */
async function goTo(href, { push = true, isLink = false, scrollPosition = null } = {}) {
  clearTimeout(timer);
  pending?.abort();
  pending = new AbortController();
  const { signal } = pending;
  const address = new URL(href, location.href);
  requested = address.href;
  failure.hidden = true;
  layout.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(address, { signal, headers: { Accept: "text/html" } });
    if (!response.ok) throw new Error(String(response.status));
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    // Another layout has other styles and scripts.
    if (page.getElementById("results-layout")?.dataset.view !== layout.dataset.view) {
      location.assign(address);
      return;
    }
    if (push && address.href !== location.href) {
      storeScroll();
      history.pushState(null, "", address);
    }
    replaceLiveParts(page);
    layout.removeAttribute("aria-busy");
    announceResults(address);
    if (scrollPosition !== null) scrollTo(0, scrollPosition);
    else if (isLink) focusHeading();
  } catch (error) {
    if (error.name === "AbortError") return;
    layout.removeAttribute("aria-busy");
    failure.hidden = false;
    document.getElementById("results-retry").onclick = () => goTo(address, { push, isLink, scrollPosition });
  }
}

// -- What asks for other results -----------------------------------------------------------------

const currentFormAddress = () => formAddress(form.action, new FormData(form));

// Leaving a field reports a change that typing in it has reported already.
function goToForm() {
  const address = currentFormAddress();
  if (address !== requested) goTo(address);
}

form.addEventListener("change", ({ target }) => {
  if (target.id !== "show-filters") goToForm();
});
form.addEventListener("input", ({ target }) => {
  if (!target.matches(TYPED) || target.matches("[name=q], [name=near]")) return;
  clearTimeout(timer);
  timer = setTimeout(goToForm, PAUSE_MS);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(timer);
  closeDrawer();
  const address = currentFormAddress();
  if (address === requested) focusHeading();
  else goTo(address, { isLink: true });
});
layout.addEventListener("click", (event) => {
  const link = event.target.closest("[data-live] a");
  const hasModifier = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link || hasModifier || link.closest(".card, .views, .feed")) return;
  if (new URL(link.href).pathname !== location.pathname) return;
  event.preventDefault();
  goTo(link.href, { isLink: !form.contains(link) });
});
document.addEventListener("results:go", (event) => goTo(event.detail));

// -- Returning to where one was ------------------------------------------------------------------

// A browser that keeps whole pages needs none of this; for the others the position is stored.
const scrollKey = () => `place ${location.href}`;
const storeScroll = () => store("session", scrollKey(), Math.round(scrollY));
const storedScroll = () => Number(readStored("session", scrollKey()) ?? 0);

addEventListener("pagehide", storeScroll);
addEventListener("popstate", () => goTo(location.href, { push: false, scrollPosition: storedScroll() }));
const [navigation] = performance.getEntriesByType("navigation");
if (navigation?.type === "back_forward" && scrollY === 0 && storedScroll() > 0) scrollTo(0, storedScroll());

// -- The drawer of filters on a phone ------------------------------------------------------------

const OUTSIDE_DRAWER = ".masthead, .results, .recently-viewed, .footer, .filter-toggle";

function closeDrawer() {
  if (!drawer.checked) return;
  drawer.checked = false;
  drawer.dispatchEvent(new Event("change"));
}

drawer.addEventListener("change", () => {
  const isOpen = drawer.checked;
  document.documentElement.classList.toggle("drawer-open", isOpen);
  for (const element of document.querySelectorAll(OUTSIDE_DRAWER)) element.inert = isOpen;
  if (isOpen) form.querySelector("input").focus();
  else drawer.focus();
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeDrawer();
});

labelShowButton();
