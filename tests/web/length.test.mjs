/** Limits of texts, as the server counts: characters. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { lengthProblem, limited } from "../../web/js/kit/dom.js";

test("characters count, not what UTF-16 makes of them", () => {
  assert.equal(lengthProblem("👍".repeat(20), 20), "");
  assert.equal(lengthProblem(`  ${"x".repeat(20)}\n`, 20), "", "what is around it is not sent");
  assert.equal(
    lengthProblem("𠮷".repeat(21), 20),
    "At most 20 characters fit; these are 21. Nothing is cut off by itself.",
  );
});

test("a field says what is too much, and takes it back", () => {
  const field = Object.assign(new EventTarget(), {
    value: "x".repeat(21),
    setCustomValidity(text) {
      this.problem = text;
    },
  });
  limited(field, 20);
  field.dispatchEvent(new Event("input"));
  assert.match(field.problem, /these are 21/);
  field.value = "x";
  field.dispatchEvent(new Event("input"));
  assert.equal(field.problem, "");
});
