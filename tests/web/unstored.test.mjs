import assert from "node:assert/strict";
import { test } from "node:test";
import { fromKept, isWhole, MAX_KEPT, offerWords, toKeep } from "../../web/js/core/marks/unstored.js";

const length = (id, x = 9, more = {}) => ({
  id,
  kind: "length",
  series: "s",
  image: 3,
  points: [
    [0, 0, 1],
    [x, 0, 1],
  ],
  label: "",
  ...more,
});

test("what was drawn and not stored comes back", () => {
  const [one, other] = [length("a"), length("b", 4)];
  assert.deepEqual(fromKept(toKeep("case-1", [one, other]), "case-1", []), [one, other]);
});

test("what has been stored since is not offered, but for a later change of it", () => {
  const kept = toKeep("case-1", [length("a"), length("b", 4)]);
  const stored = [length("a"), length("b", 5)].map((shape) => ({
    ...shape,
    case: "case-1",
    author: "me",
    frame_of_reference: "",
  }));
  assert.deepEqual(
    fromKept(kept, "case-1", stored).map((s) => s.id),
    ["b"],
  );
});

test("nothing of another case comes back", () => {
  assert.deepEqual(fromKept(toKeep("case-1", [length("a")]), "case-2", []), []);
});

test("what is broken is nothing", () => {
  for (const text of [
    null,
    "",
    "{",
    "7",
    '{"case":"c"}',
    '{"case":"c","shapes":[{}, null]}',
    '{"case":"c","shapes":[{"id":"a","kind":"length","points":[]}]}',
  ]) {
    assert.deepEqual(fromKept(text, "c", []), [], text);
  }
});

test("what has no size or no words yet is not kept; nothing is kept as nothing", () => {
  assert.equal(isWhole(length("a", 0)), false);
  assert.equal(isWhole({ ...length("t"), kind: "text", points: [[0, 0, 0]] }), false);
  assert.equal(isWhole({ ...length("t"), kind: "text", points: [[0, 0, 0]], label: "here" }), true);
  assert.equal(toKeep("case-1", [length("a", 0)]), null);
  assert.equal(
    JSON.parse(
      toKeep(
        "c",
        Array.from({ length: 99 }, (_, i) => length(`m${i}`)),
      ),
    ).shapes.length,
    MAX_KEPT,
  );
});

test("the offer shows what it is about", () => {
  assert.deepEqual(offerWords([length("a")]), {
    text: "Your mark is not stored yet: Length.",
    keep: "Keep it",
    drop: "Discard it",
  });
  assert.equal(offerWords([length("a"), length("b")]).text, "2 of your marks are not stored yet.");
});
