import assert from "node:assert/strict";
import { test } from "node:test";
import { listingIds, withChoice, withFirst } from "../../src/marinemarket/web/static/boat-list.js";

const id = (digit) => `${String(digit).repeat(8)}-0000-4000-8000-000000000000`;

test("only listing ids are read, and no more than fit", () => {
  assert.deepEqual(listingIds([id(1), 7, "<script>", null, id(2), id(3)], 2), [id(1), id(2)]);
  assert.deepEqual(listingIds({ length: 3 }, 2), []);
  assert.deepEqual(listingIds(null, 2), []);
});

test("the boat viewed last comes first, once, and the oldest drops out", () => {
  assert.deepEqual(withFirst([id(1), id(2), id(3)], id(3), 3), [id(3), id(1), id(2)]);
  assert.deepEqual(withFirst([id(1), id(2), id(3)], id(4), 3), [id(4), id(1), id(2)]);
});

test("a boat is picked and unpicked", () => {
  assert.deepEqual(withChoice([id(1)], id(2), true, 4), [id(1), id(2)]);
  assert.deepEqual(withChoice([id(1), id(2)], id(1), false, 4), [id(2)]);
});

test("a full comparison takes no other boat, but keeps those it has", () => {
  const full = [id(1), id(2)];
  assert.equal(withChoice(full, id(3), true, 2), null);
  assert.deepEqual(withChoice(full, id(2), true, 2), full);
});
