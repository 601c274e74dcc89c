import assert from "node:assert/strict";
import { test } from "node:test";
import { firstPageOf, formAddress } from "../../src/marinemarket/web/static/results-address.js";

test("fields left empty are not in the address", () => {
  const fields = [
    ["q", ""],
    ["type", "sailboat"],
    ["type", "trawler"],
    ["max_price", ""],
  ];
  assert.equal(formAddress("http://market/boats", fields), "http://market/boats?type=sailboat&type=trawler");
  assert.equal(formAddress("http://market/boats", [["q", ""]]), "http://market/boats");
});

test("a changed search begins at its first page and keeps its other filters", () => {
  const address = firstPageOf("http://market/boats?q=ketch&after=abc&box=1,2,3,4", { box: "5,6,7,8" });
  assert.deepEqual(Object.fromEntries(new URL(address).searchParams), { q: "ketch", box: "5,6,7,8" });
});

test("a filter set to null is taken out", () => {
  const address = firstPageOf("http://market/boats?box=1,2,3,4&q=ketch", { box: null, polygon: null });
  assert.equal(address, "http://market/boats?q=ketch");
});
