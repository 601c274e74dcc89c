import assert from "node:assert/strict";
import { test } from "node:test";
import {
  convertMeasurement,
  isSellersField,
  modelName,
  retryDelay,
  saveOutcome,
  writtenText,
} from "../../src/marinemarket/web/static/draft-form.js";

test("versions and tokens are not what the seller wrote", () => {
  const fields = [
    ["csrf_token", "t"],
    ["version", "3"],
    ["of_version", "2"],
    ["was.price", "1"],
    ["price", "2"],
    ["feature", "GPS"],
    ["feature", "Radar"],
  ];
  assert.equal(writtenText(fields), "price=2&feature=GPS&feature=Radar");
  assert.equal(isSellersField(""), false); // a button
  assert.equal(isSellersField("version_notes"), true);
});

test("each response to a save has one meaning", () => {
  const outcome = (status, redirected = false) =>
    saveOutcome({ status, ok: status >= 200 && status < 300, redirected });
  assert.equal(outcome(200), "saved");
  assert.equal(outcome(401), "signed-out");
  assert.equal(outcome(200, true), "signed-out"); // sent to the page that signs in
  assert.equal(outcome(412), "conflict");
  assert.equal(outcome(422), "invalid");
  assert.equal(outcome(403), "old-token");
  assert.equal(outcome(404), "gone");
  assert.equal(outcome(409), "refused");
  assert.equal(outcome(413), "too-large");
  assert.equal(outcome(429), "failed");
  assert.equal(outcome(503), "failed");
});

test("attempts become rarer, up to a limit, unless the server names a time", () => {
  assert.deepEqual(
    [0, 1, 2, 3, 99].map((failures) => retryDelay(failures, 0)),
    [3000, 10000, 30000, 30000, 30000],
  );
  assert.equal(retryDelay(2, 7), 7000);
});

test("lengths become metres, weights kilograms, and both come back", () => {
  assert.equal(convertMeasurement("length", "35.01", "m"), "10.67");
  assert.equal(convertMeasurement("length", "12,19", "ft"), "39.99");
  assert.equal(convertMeasurement("displacement", "12000", "m"), "5443");
  assert.equal(convertMeasurement("displacement", "5443", "ft"), "12000");
  assert.equal(convertMeasurement("displacement", "9,500", "m"), "4309");
});

test("a measurement is the same when it is converted back", () => {
  for (let hundredths = 1; hundredths < 8000; hundredths += 7) {
    const feet = String(hundredths / 100);
    const metres = convertMeasurement("length", feet, "m");
    assert.equal(convertMeasurement("length", metres, "ft"), feet);
    assert.doesNotMatch(metres, /^[1-9]\d{0,2}\.\d{3}$/); // which would be asked about
  }
  for (let pounds = 1; pounds < 60000; pounds += 77) {
    const kilograms = convertMeasurement("displacement", String(pounds), "m");
    assert.equal(convertMeasurement("displacement", kilograms, "ft"), String(pounds));
  }
});

test("what is no plain number, or may mean two, is left as it is", () => {
  for (const text of ["", "about 40", "40'", "1e3", "1.2.3", "12.500", "9,750"]) {
    assert.equal(convertMeasurement("beam", text, "m"), text);
  }
});

test("a model is offered without its manufacturer", () => {
  assert.equal(modelName("Catalina 34 MkII", " catalina "), "34 MkII");
  assert.equal(modelName("Catalina 34", "Cat"), "Catalina 34");
});
