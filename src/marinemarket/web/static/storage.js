// Values that the browser keeps for us. A browser may refuse, or have no room: then nothing is kept,
// and reading finds nothing.

/** What is kept under a key in `local` or `session` storage, or null. */
export function readStored(area, key) {
  try {
    return JSON.parse(storage(area).getItem(key));
  } catch {
    return null;
  }
}

/** Keep a value; false if the browser did not. */
export function store(area, key, value) {
  try {
    storage(area).setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false; // The page works without it.
  }
}

/** The keys of all that is kept. */
export function storedKeys(area) {
  try {
    return Object.keys(storage(area));
  } catch {
    return [];
  }
}

export function removeStored(area, key) {
  try {
    storage(area).removeItem(key);
  } catch {
    // Nothing was kept.
  }
}

// Even to name the storage may throw, so this is called within the `try` blocks above.
function storage(area) {
  return area === "local" ? localStorage : sessionStorage;
}
