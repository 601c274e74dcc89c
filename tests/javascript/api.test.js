import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { sendJson } from "../../src/marinemarket/web/static/api.js";

test("a change carries its body as JSON and the page's token", async () => {
  const fetch = mock.method(globalThis, "fetch", async () => new Response("{}"));
  await sendJson("PUT", "/api/v1/listings/1/images/order", { order: ["a"] }, "secret");
  const [path, { method, headers, body }] = fetch.mock.calls[0].arguments;
  assert.equal(path, "/api/v1/listings/1/images/order");
  assert.equal(method, "PUT");
  assert.deepEqual(headers, { "Content-Type": "application/json", "X-CSRF-Token": "secret" });
  assert.equal(body, '{"order":["a"]}');
  fetch.mock.restore();
});

test("without a token or a body, neither is sent", async () => {
  const fetch = mock.method(globalThis, "fetch", async () => new Response("{}"));
  await sendJson("POST", "/api/v1/auth/passkeys/login/options");
  const [, { headers, body }] = fetch.mock.calls[0].arguments;
  assert.deepEqual(headers, { "Content-Type": "application/json" });
  assert.equal(body, undefined);
  fetch.mock.restore();
});
