// What somebody has typed, kept in this browser until the server has confirmed it.
//
// A form is known by the name that its page gives it: whose it is and which, in letters that tell
// neither. Each page that is open writes under a key of its own, so that no tab overwrites another's.
// A page that opens later takes over the newest. What was sent is forgotten when the server has
// answered with its receipt, and never before.

import { readStored, removeStored, store, storedKeys } from "./storage.js";

export const MOST_DAYS = 30;
const DAY_MS = 86400000;
const PREFIX = "kept ";
const RECEIPTS = /(?:^|; )((?:__Host-)?received)=([^;]*)/;
const MOST_VERSIONS = 5;

/** A random name, for a page that is open or for something that is sent. */
export function randomName() {
  return [...crypto.getRandomValues(new Uint8Array(12))]
    .map((one) => one.toString(16).padStart(2, "0"))
    .join("");
}

export function keyOf(name, tab) {
  return `${PREFIX}${name} ${tab}`;
}

/** What is kept of a form, newest first: each with its `key`, when it was typed (`at`), and its `text`. */
export function keptVersions(name) {
  return storedKeys("local")
    .filter((key) => key.startsWith(keyOf(name, "")))
    .map((key) => ({ ...readStored("local", key), key }))
    .filter(({ text }) => typeof text === "string")
    .sort((one, other) => other.at - one.at);
}

/** All that is kept of an account, newest first. */
export function keptVersionsOf(account) {
  return allKept().filter(
    ({ key, text }) => key.startsWith(`${PREFIX}${account}.`) && typeof text === "string",
  );
}

/** Keep a version under its key. Where the browser has no room, the oldest make some; false if none is left. */
export function keepVersion(key, version) {
  while (!store("local", key, version)) {
    const oldest = allKept()
      .filter((one) => one.key !== key)
      .at(-1);
    if (!oldest) return false;
    removeStored("local", oldest.key);
  }
  const name = key.slice(PREFIX.length, key.lastIndexOf(" "));
  for (const old of keptVersions(name).slice(MOST_VERSIONS)) removeStored("local", old.key);
  return true;
}

export function forgetVersion(key) {
  removeStored("local", key);
}

/** Forget what the server has confirmed, and what nobody came back to. */
export function forgetDone(now = Date.now()) {
  const received = takeReceipts();
  for (const { key, at, receipt } of allKept()) {
    if (received.includes(receipt) || !(now - at < MOST_DAYS * DAY_MS)) removeStored("local", key);
  }
}

/** The receipts in a cookie header, and the name of their cookie. */
export function receiptsIn(cookies) {
  const [, name = "", value = ""] = RECEIPTS.exec(cookies) ?? [];
  return { name, receipts: value.split(".").filter(Boolean) };
}

function takeReceipts() {
  const { name, receipts } = receiptsIn(document.cookie);
  if (name) {
    const secure = name.startsWith("__") ? "; Secure" : "";
    // biome-ignore lint/suspicious/noDocumentCookie: not every browser has a CookieStore yet.
    document.cookie = `${name}=; Path=/; Max-Age=0; SameSite=Lax${secure}`;
  }
  return receipts;
}

function allKept() {
  return storedKeys("local")
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => ({ at: 0, ...readStored("local", key), key }))
    .sort((one, other) => other.at - one.at);
}
