// Requests to the market's own API.

/**
 * Sends JSON and returns the response, whatever its status. `token` is the page's CSRF token, if it has one;
 * `more` are further headers.
 */
export function sendJson(method, path, body, token, more = {}) {
  const headers = { "Content-Type": "application/json", ...more };
  if (token) headers["X-CSRF-Token"] = token;
  return fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
}
