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

/**
 * A measurement in the other unit: feet or pounds become metres or kilograms for `m`, and back for `ft`.
 * It has just enough decimals to be the same when it is converted back. What only the server can read,
 * such as `32 ft 6 in`, and what may mean two things, such as a length of `12.500`, stays as it was typed.
 */
export function convertMeasurement(name, text, unit) {
  const isWeight = name === "displacement";
  const value = plainNumber(text.trim(), isWeight);
  if (value === null) return text;
  const factor = isWeight ? KILOGRAMS_PER_POUND : METRES_PER_FOOT;
  if (unit !== "m") return shortest(value / factor, isWeight ? 0 : 2);
  const metric = value * factor;
  const [few, enough, kept] = isWeight ? [0, 1, 0] : [2, 4, 2];
  const short = shortest(metric, few);
  const isSame = (Number(short) / factor).toFixed(kept) === value.toFixed(kept);
  return isSame ? short : metric.toFixed(enough);
}

/** A number as somebody typed it, or null: a mark before three digits parts the thousands of weights only. */
function plainNumber(text, isWeight) {
  if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(text)) {
    return isWeight ? Number(text.replace(/[.,]/, "")) : null;
  }
  return /^\d+([.,]\d+)?$/.test(text) ? Number(text.replace(",", ".")) : null;
}

const shortest = (number, places) => String(Number(number.toFixed(places)));

/** A suggested model without its manufacturer, which has a field of its own. */
export function modelName(label, manufacturer) {
  const prefix = `${manufacturer.trim().toLowerCase()} `;
  return label.toLowerCase().startsWith(prefix) ? label.slice(prefix.length) : label;
}
