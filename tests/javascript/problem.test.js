import assert from "node:assert/strict";
import { test } from "node:test";
import { asSentence, problemSentence } from "../../src/marinemarket/web/static/problem.js";

const aboutPhoto = (problem) => `It ${problem}.`;

test("an error of the field itself continues the sentence about it", () => {
  const problem = { errors: [{ field: "image", message: "is no picture" }], detail: "1 error" };
  assert.equal(problemSentence(problem, "image", aboutPhoto), "It is no picture.");
});

test("other errors and details become sentences of their own", () => {
  const problem = { errors: [{ field: "order", message: "must name every photo" }] };
  assert.equal(problemSentence(problem, "image", aboutPhoto), "Must name every photo.");
  assert.equal(problemSentence({ detail: "too many photos" }, "image", aboutPhoto), "Too many photos.");
});

test("what says nothing gives nothing", () => {
  assert.equal(problemSentence(null, "image", aboutPhoto), null);
  assert.equal(problemSentence({ errors: [] }, "image", aboutPhoto), null);
});

test("a sentence that has its end keeps it", () => {
  assert.equal(asSentence("try again later!"), "Try again later!");
});
