import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { writtenLines } from "../../src/marinemarket/web/static/kept-copies.js";
import { fillIn, isTyped, typedText } from "../../src/marinemarket/web/static/kept-forms.js";
import {
  forgetDone,
  keepVersion,
  keptVersions,
  keptVersionsOf,
  keyOf,
  MOST_DAYS,
  randomName,
  receiptsIn,
} from "../../src/marinemarket/web/static/kept-words.js";

const DAY = 86400000;
const FORM = "ann.reply";

/** A storage with room for so many characters. */
function storageOf(room = 10000) {
  const methods = {
    getItem: (key) => kept[key] ?? null,
    setItem(key, value) {
      const others = Object.entries(kept).filter(([name]) => name !== key);
      const used = others.flat().join("").length;
      if (used + key.length + value.length > room) throw new Error("QuotaExceededError");
      kept[key] = value;
    },
    removeItem: (key) => delete kept[key],
  };
  const kept = Object.create(methods);
  return kept;
}

beforeEach(() => {
  globalThis.localStorage = storageOf();
  globalThis.document = { cookie: "" };
});

afterEach(() => {
  delete globalThis.localStorage;
  delete globalThis.document;
});

test("each page keeps its own version, and the newest comes first", () => {
  keepVersion(keyOf(FORM, "one"), { at: 1, text: "message=older" });
  keepVersion(keyOf(FORM, "two"), { at: 2, text: "message=newer" });
  keepVersion(keyOf("bob.reply", "three"), { at: 3, text: "message=of+somebody+else" });
  const found = keptVersions(FORM).map(({ text }) => text);
  assert.deepEqual(found, ["message=newer", "message=older"]);
});

test("words are forgotten when their receipt comes, and others are not", () => {
  const now = 100 * DAY;
  keepVersion(keyOf(FORM, "sent"), { at: now, text: "a", receipt: "receipt1" });
  keepVersion(keyOf(FORM, "other"), { at: now, text: "b", receipt: "receipt2" });
  keepVersion(keyOf(FORM, "typed"), { at: now, text: "c", receipt: "" });
  globalThis.document = { cookie: "device=d; received=receipt1.receipt9" };
  forgetDone(now);
  assert.deepEqual(
    keptVersions(FORM)
      .map(({ text }) => text)
      .sort(),
    ["b", "c"],
  );
  assert.match(document.cookie, /^received=; Path=\/; Max-Age=0/);
});

test("words that nobody came back to are forgotten after their time", () => {
  keepVersion(keyOf(FORM, "old"), { at: 0, text: "a" });
  keepVersion(keyOf(FORM, "young"), { at: DAY, text: "b" });
  forgetDone(MOST_DAYS * DAY);
  assert.deepEqual(
    keptVersions(FORM).map(({ text }) => text),
    ["b"],
  );
});

test("a full browser gives the oldest words up, and says when it can keep none", () => {
  globalThis.localStorage = storageOf(220);
  keepVersion(keyOf("ann.old", "one"), { at: 1, text: "x".repeat(100) });
  assert.equal(keepVersion(keyOf(FORM, "two"), { at: 2, text: "y".repeat(120) }), true);
  assert.deepEqual(keptVersions("ann.old"), []);
  assert.equal(keepVersion(keyOf(FORM, "three"), { at: 3, text: "z".repeat(300) }), false);
});

test("the cookie over TLS has another name", () => {
  assert.deepEqual(receiptsIn("a=b; __Host-received=one.two"), {
    name: "__Host-received",
    receipts: ["one", "two"],
  });
  assert.deepEqual(receiptsIn("a=b"), { name: "", receipts: [] });
  assert.match(randomName(), /^[0-9a-f]{24}$/);
});

test("no password, code, token or file is kept", () => {
  const field = (name, type, autocomplete = "") => ({ name, type, autocomplete });
  assert.ok(isTyped(field("message", "textarea")));
  for (const never of [
    field("password", "password"),
    field("x", "text", "one-time-code"),
    field("code", "text"),
    field("csrf_token", "hidden"),
    field("photo", "file"),
    field("website", "text"),
    field("", "text"),
  ]) {
    assert.ok(!isTyped(never), never.name);
  }
});

test("of a visitor neither name nor address is kept", () => {
  const name = { name: "name", type: "text", autocomplete: "name" };
  const email = { name: "email", type: "email", autocomplete: "email" };
  const message = { name: "message", type: "textarea", autocomplete: "" };
  assert.deepEqual(
    [name, email, message].map((field) => [isTyped(field), isTyped(field, true)]),
    [
      [true, false],
      [true, false],
      [true, true],
    ],
  );
});

test("what is written comes back into the same fields", () => {
  const fields = () => [
    { name: "message", type: "textarea", value: "" },
    { name: "ask", type: "checkbox", value: "yes", checked: true },
    { name: "password", type: "password", value: "" },
  ];
  const written = fields();
  written[0].value = "Two lines\nof words & more";
  written[1].checked = false;
  written[2].value = "secret";
  const back = fields();
  fillIn(back, typedText(written));
  assert.deepEqual([back[0].value, back[1].checked, back[2].value], [written[0].value, false, ""]);
});

test("what is kept of an account is found for it alone, newest first, and read as text", () => {
  keepVersion(keyOf("ann.one", "a"), { at: 1, text: "unit=ft&title=Ketch&description=Two%0Alines" });
  keepVersion(keyOf("ann.two", "b"), { at: 2, text: "message=Dry%3F&ask-price=" });
  keepVersion(keyOf("annette.one", "c"), { at: 3, text: "message=Not+hers" });
  assert.deepEqual(
    keptVersionsOf("ann").map(({ text }) => writtenLines(text)),
    ["Dry?", "Ketch\nTwo\nlines"],
  );
});
