import assert from "node:assert/strict";
import { test } from "node:test";
import { markWords } from "../../web/js/features/marks/mark-words.js";
import { seat } from "./consult.mjs";
import { before, kase, now, series } from "./examples.mjs";

const mark = (more = {}) => ({
  id: "m",
  kind: "length",
  series: "s1",
  image: 3,
  points: [
    [0, 0, 15],
    [40, 0, 15],
  ],
  label: "",
  case: "c1",
  author: "g",
  frame_of_reference: "f1",
  ...more,
});
const words = (of, me = "h", k = kase(series()), reading = null) =>
  markWords(of, k, reading, { author: seat("g"), me });

test("a length is named by its value; its note, its author and where it is stand below", () => {
  const { first, second, where, name } = words(mark({ label: "nodule" }));
  assert.match(first, /^40/);
  assert.equal(second, "nodule · Dr. g");
  assert.equal(where, "24 Nov 2026, CURRENT · CT lung, image 4 · series 4");
  assert.equal(name, `Length, ${first}, ${second}, ${where}`);
});

test("a mark of an older study says PRIOR, its date, and how long before", () => {
  // Seen to fail on: the row of before, which said "image 4" for both.
  const of = (study) => words(mark(), "g", kase(series({ study }))).where;
  assert.equal(of("before"), "19 May 2026, PRIOR, 6 months before · CT lung, image 4 · series 4");
  const near = { ...before, date: "2026-11-12" };
  assert.match(
    words(mark(), "g", { ...kase(series({ study: "before" })), studies: [now, near] }).where,
    /12 days before/,
  );
  const sameDay = { ...now, key: "before", time: "14:30:00" };
  const both = { ...kase(series({ study: "before" })), studies: [now, sameDay] };
  assert.doesNotMatch(words(mark(), "g", both).where, /PRIOR/);
  assert.match(words(mark(), "g", both).where, /24 Nov 2026 14:30/);
});

test("a mark says the patient's side where it was read, and else none", () => {
  const read = (side) =>
    words(mark(), "g", kase(series()), { mark: "m", points: mark().points, pixels: 0, side }).where;
  assert.match(read("L"), / · left side$/);
  assert.match(read("R"), / · right side$/);
  assert.doesNotMatch(read(""), /side/);
});

test("one's own name is not shown", () => {
  assert.equal(words(mark(), "g").second, "");
});

test("a text is its words; an arrow without words is an arrow", () => {
  const point = [[0, 0, 15]];
  assert.equal(words(mark({ kind: "text", label: "here", points: point })).first, "“here”");
  assert.equal(words(mark({ kind: "arrow" })).first, "Arrow");
});
