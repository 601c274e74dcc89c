import assert from "node:assert/strict";
import { test } from "node:test";
import { moveChoice } from "../../src/marinemarket/web/static/combobox.js";

test("the arrow down goes through the options and back to what was typed", () => {
  assert.deepEqual(
    [-1, 0, 1].map((chosen) => moveChoice(chosen, 2, "ArrowDown")),
    [0, 1, -1],
  );
});

test("the arrow up goes the other way", () => {
  assert.deepEqual(
    [-1, 1, 0].map((chosen) => moveChoice(chosen, 2, "ArrowUp")),
    [1, 0, -1],
  );
});
