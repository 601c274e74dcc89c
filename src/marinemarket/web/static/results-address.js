// Addresses of searches: every page of results has one of its own.

/** Where a search form leads: fields that were left empty are not in the address. */
export function formAddress(action, entries) {
  const query = new URLSearchParams([...entries].filter(([, value]) => value !== "")).toString();
  return query ? `${action}?${query}` : action;
}

/** The first page of a search with some parameters changed; null takes one out. */
export function firstPageOf(href, changes) {
  const address = new URL(href);
  for (const [name, value] of Object.entries({ after: null, ...changes })) {
    if (value === null) address.searchParams.delete(name);
    else address.searchParams.set(name, value);
  }
  return address.href;
}
