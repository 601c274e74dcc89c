// What autosave needs to know about the form of a draft, without touching the page.

const NOT_WRITTEN_BY_SELLER = /^(csrf_token|version|of_version|kept|was\..*)$/;
const RETRY_MS = [3000, 10000, 30000];
const METRES_PER_FOOT = 0.3048;
const KILOGRAMS_PER_POUND = 0.45359237;

export const MEASUREMENTS = ["length", "loa", "beam", "draft", "air_draft", "displacement"];

export function isSellersField(name) {
  return name !== "" && !NOT_WRITTEN_BY_SELLER.test(name);
}

/** What the seller has written, as one text: two forms are the same when these are. */
export function writtenText(entries) {
  return new URLSearchParams([...entries].filter(([name]) => isSellersField(name))).toString();
}

const OUTCOMES = new Map([
  [401, "signed-out"],
  [403, "old-token"],
  [404, "gone"],
  [409, "refused"],
  [412, "conflict"],
  [413, "too-large"],
  [422, "invalid"],
]);

/** What a response to a save means: `saved`, one of those above, or `failed`. */
export function saveOutcome({ status, ok, redirected }) {
  if (redirected) return "signed-out";
  return OUTCOMES.get(status) ?? (ok ? "saved" : "failed");
}

/** Milliseconds until the next attempt: as long as the server asks for, or longer with each failure. */
export function retryDelay(failures, retryAfterSeconds) {
  return retryAfterSeconds * 1000 || RETRY_MS[Math.min(failures, RETRY_MS.length - 1)];
}

/** A measurement in the other unit: feet or pounds become metres or kilograms for `m`, and back for `ft`. */
export function convertMeasurement(name, text, unit) {
  if (!/^\d+([.,]\d+)?$/.test(text.trim())) return text;
  const isWeight = name === "displacement";
  const factor = isWeight ? KILOGRAMS_PER_POUND : METRES_PER_FOOT;
  const value = Number(text.replace(",", "."));
  const converted = unit === "m" ? value * factor : value / factor;
  return String(Number(converted.toFixed(isWeight ? 0 : 2)));
}

/** A suggested model without its manufacturer, which has a field of its own. */
export function modelName(label, manufacturer) {
  const prefix = `${manufacturer.trim().toLowerCase()} `;
  return label.toLowerCase().startsWith(prefix) ? label.slice(prefix.length) : label;
}
