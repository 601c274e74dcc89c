import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { readBoats, storeBoats } from "../../src/marinemarket/web/static/boat-list.js";
import { readStored, removeStored, store } from "../../src/marinemarket/web/static/storage.js";

function fakeStorage(values = {}) {
  const kept = new Map(Object.entries(values));
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
    kept,
  };
}

const ID = "0b6f1a52-2f0e-4a55-9a3c-0a7d5b1c2e3f";

afterEach(() => {
  delete globalThis.localStorage;
  delete globalThis.sessionStorage;
});

test("a value comes back as it was stored, from its own area", () => {
  globalThis.localStorage = fakeStorage();
  globalThis.sessionStorage = fakeStorage();
  store("local", "draft", ["v1", "name=Ann"]);
  assert.deepEqual(readStored("local", "draft"), ["v1", "name=Ann"]);
  assert.equal(readStored("session", "draft"), null);
  removeStored("local", "draft");
  assert.equal(readStored("local", "draft"), null);
});

test("a browser that allows no storage keeps nothing and breaks nothing", () => {
  Object.defineProperty(globalThis, "localStorage", {
    configurable: true,
    get() {
      throw new Error("denied");
    },
  });
  store("local", "seen", []);
  removeStored("local", "seen");
  assert.equal(readStored("local", "seen"), null);
});

test("a full storage is no error", () => {
  globalThis.sessionStorage = {
    setItem() {
      throw new Error("full");
    },
  };
  store("session", "place", 300);
});

test("what is not JSON counts as nothing", () => {
  globalThis.localStorage = fakeStorage({ seen: "[broken" });
  assert.equal(readStored("local", "seen"), null);
  assert.deepEqual(readBoats("local", "seen", 12), []);
});

test("an empty list of boats leaves nothing behind", () => {
  globalThis.localStorage = fakeStorage();
  storeBoats("local", "seen", [ID]);
  assert.deepEqual(readBoats("local", "seen", 12), [ID]);
  storeBoats("local", "seen", []);
  assert.equal(globalThis.localStorage.kept.size, 0);
});
