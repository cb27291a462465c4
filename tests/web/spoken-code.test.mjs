import assert from "node:assert/strict";
import { test } from "node:test";
import { codeProblem, codeTyped, pinProblem } from "../../web/js/core/joining/spoken-code.js";
import { codeWords } from "../../web/js/core/joining/invitations.js";
import { minutesText } from "../../web/js/core/format.js";

test("six digits stand in two groups, whatever is typed between them", () => {
  assert.deepEqual(["4", "418", "4182", "418-205", "418 205 9", "a418b"].map(codeTyped), [
    "4",
    "418",
    "418 2",
    "418 205",
    "418 205",
    "418",
  ]);
});

test("what is wrong with a code is said below it, and what is not about it is not", () => {
  assert.match(codeProblem("unknown_code"), /opens nothing/);
  assert.match(codeProblem("bad_code"), /six digits/);
  assert.match(codeProblem("too_often", 41.2), /in 42 s/);
  assert.equal(codeProblem("over"), "");
});

test("a wrong PIN says how many tries are left, and that none is", () => {
  assert.equal(pinProblem({ code: "wrong_pin", tries_left: 4 }), "Wrong PIN. Tries left: 4.");
  assert.match(pinProblem({ code: "wrong_pin", tries_left: 0 }), /Wait ten minutes/);
  assert.match(pinProblem({ code: "wrong_pin", tries_left: 0, retry_after_s: 9 }), /Wait ten minutes/);
  assert.match(pinProblem({ code: "no_pin" }), /^Enter the PIN/);
  assert.equal(pinProblem({ code: "full" }), "");
});

test("a code is shown with how long it works, and no longer", () => {
  const spoken = { code: "418 205", until: 600, invitation: "i", url: "https://hospital.example/join" };
  const words = codeWords(spoken, 558);
  assert.equal(words.code, "418 205");
  assert.match(words.about, /hospital\.example\/join, .* 0:42 left\.$/);
  assert.equal(codeWords(spoken, 600), null);
});

test("minutes and seconds", () => {
  assert.deepEqual([0, 9.9, 60, 725, -3].map(minutesText), ["0:00", "0:09", "1:00", "12:05", "0:00"]);
});
