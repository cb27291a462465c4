import assert from "node:assert/strict";
import { test } from "node:test";
import { markWords } from "../../web/js/features/marks/mark-words.js";
import { seat } from "./consult.mjs";
import { series } from "./examples.mjs";

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
const words = (of, me = "h") => markWords(of, series(), null, { author: seat("g"), me });

test("a length is named by its value; its image and its author stand below", () => {
  const { first, second, name } = words(mark({ label: "nodule" }));
  assert.match(first, /^40/);
  assert.equal(second, "nodule · image 4 · Dr. g");
  assert.equal(name, `Length, ${first}, ${second}`);
});

test("one's own name is not shown", () => {
  assert.equal(words(mark(), "g").second, "image 4");
});

test("a text is its words; an arrow without words is an arrow", () => {
  const point = [[0, 0, 15]];
  assert.equal(words(mark({ kind: "text", label: "here", points: point })).first, "“here”");
  assert.equal(words(mark({ kind: "arrow" })).first, "Arrow");
});
