// Short lists of boats that the browser keeps: those viewed recently, and those picked to compare.

import { readStored, removeStored, store } from "./storage.js";

const LISTING_ID = /^[0-9a-f-]{36}$/;

/** The ids in a stored value, whatever somebody may have put there. */
export function listingIds(value, most) {
  if (!Array.isArray(value)) return [];
  return value.filter((id) => typeof id === "string" && LISTING_ID.test(id)).slice(0, most);
}

/** The list with this id in front, once. */
export function withFirst(ids, id, most) {
  return [id, ...ids.filter((other) => other !== id)].slice(0, most);
}

/** The list with this id added or removed, or null where it is full. */
export function withChoice(ids, id, isChosen, most) {
  const others = ids.filter((other) => other !== id);
  if (!isChosen) return others;
  return others.length < most ? [...others, id] : null;
}

export function readBoats(area, key, most) {
  return listingIds(readStored(area, key), most);
}

export function storeBoats(area, key, ids) {
  if (ids.length) store(area, key, ids);
  else removeStored(area, key);
}
