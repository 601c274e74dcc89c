import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import {
  formatMessage,
  messagesFor,
  pageLanguage,
  pluralForm,
} from "../../src/marinemarket/web/static/messages.js";

const ENGLISH = [
  { text: "{count} boats", counts: [0, 2, 3, 5, 6, 7, 11, 20, 100, 1000000] },
  { text: "{count} boat", counts: [1] },
];
const RUSSIAN = [
  { text: "{count} лодок", counts: [0, 5, 6, 7, 11, 20, 100, 1000000] },
  { text: "{count} лодка", counts: [1] },
  { text: "{count} лодки", counts: [2, 3] },
];

afterEach(() => {
  delete globalThis.document;
});

test("placeholders are filled in, numbers as the language writes them", () => {
  const message = "Showing {shown} of {total} in {place}";
  const values = { shown: 100, total: 2311, place: "Maine" };
  assert.equal(formatMessage(message, values, "en"), "Showing 100 of 2,311 in Maine");
  assert.equal(formatMessage(message, values, "de"), "Showing 100 of 2.311 in Maine");
});

test("a placeholder without a value stays visible", () => {
  assert.equal(formatMessage("Saved {time}", {}, "en"), "Saved {time}");
});

test("the count chooses the plural form", () => {
  const say = (count) => formatMessage(ENGLISH, { count }, "en");
  assert.deepEqual([0, 1, 2, 21, 1234].map(say), ["0 boats", "1 boat", "2 boats", "21 boats", "1,234 boats"]);
});

test("a language with three forms uses each where it belongs", () => {
  const form = (count) => pluralForm(RUSSIAN, count, "ru");
  assert.deepEqual([1, 21, 101].map(form), Array(3).fill("{count} лодка"));
  assert.deepEqual([2, 4, 22, 34].map(form), Array(4).fill("{count} лодки"));
  assert.deepEqual([0, 5, 12, 111].map(form), Array(4).fill("{count} лодок"));
});

test("a translation without plural forms serves every count", () => {
  assert.equal(pluralForm([{ text: "{count} そう", counts: [0, 1, 2] }], 7, "ja"), "{count} そう");
});

test("messages come from the page, by script and key", () => {
  const json = JSON.stringify({ gallery: { position: "{position} of {total}" } });
  globalThis.document = {
    documentElement: { lang: "en" },
    getElementById: (id) => (id === "messages" ? { textContent: json } : null),
  };
  assert.equal(messagesFor("gallery")("position", { position: 2, total: 9 }), "2 of 9");
});

test("a language that the browser does not know gives way to the browser's own", () => {
  globalThis.document = { documentElement: { lang: "pirate talk" } };
  assert.equal(pageLanguage(), undefined);
  globalThis.document = { documentElement: { lang: "pt-br" } };
  assert.equal(pageLanguage(), "pt-BR");
});
