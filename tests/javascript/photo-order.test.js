import assert from "node:assert/strict";
import { test } from "node:test";
import { orderAfterDrop } from "../../src/marinemarket/web/static/photo-order.js";

test("a photo dropped further on takes that place", () => {
  assert.deepEqual(orderAfterDrop(["a", "b", "c", "d"], "a", "c"), ["b", "c", "a", "d"]);
});

test("a photo dropped further back takes that place", () => {
  assert.deepEqual(orderAfterDrop(["a", "b", "c", "d"], "d", "b"), ["a", "d", "b", "c"]);
});

test("the first and the last place can be reached", () => {
  assert.deepEqual(orderAfterDrop(["a", "b", "c"], "c", "a"), ["c", "a", "b"]);
  assert.deepEqual(orderAfterDrop(["a", "b", "c"], "a", "c"), ["b", "c", "a"]);
});
