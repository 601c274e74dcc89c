import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBase64Url, toBase64Url } from "../../src/marinemarket/web/static/base64url.js";

test("bytes become text that is safe in an address, without padding", () => {
  assert.equal(toBase64Url(Uint8Array.of(0xfb, 0xff, 0xbf, 0x01)), "-_-_AQ");
});

test("every byte comes back", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, value) => value);
  assert.deepEqual(fromBase64Url(toBase64Url(bytes.buffer)), bytes);
});
