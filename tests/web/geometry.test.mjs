import assert from "node:assert/strict";
import { test } from "node:test";
import * as g from "../../web/js/core/geometry.js";
import { grid, near } from "./examples.mjs";

test("a point goes to its pixel and back", () => {
  const stack = grid({ x: -10, y: 20, z: 30, spacing: 0.7 });
  const [column, row] = g.pixel(stack, 4, g.point(stack, 4, 12.5, 7.25));
  assert.ok(near(column, 12.5) && near(row, 7.25));
});

test("the nearest image is found by location, and the ends hold", () => {
  const stack = grid({ images: 5, z: 100, step: 10 });
  assert.equal(g.nearest(stack, 121), 2);
  assert.equal(g.nearest(stack, -1e6), 0);
  assert.equal(g.nearest(stack, 1e6), 4);
  assert.equal(g.location(stack, 3), 130);
});

test("letters name directions, the strongest first, and an axis alone within five degrees", () => {
  assert.equal(g.orientationLetters([1, 0, 0]), "L");
  assert.equal(g.orientationLetters([0, -1, 0]), "A");
  assert.equal(g.orientationLetters([0, 0, -1]), "F");
  assert.equal(g.orientationLetters([0.6, -0.8, 0]), "AL");
  assert.equal(g.orientationLetters([0.999, 0.04, 0]), "L");
  assert.equal(g.orientationLetters([-0.7071, 0, 0.7071]), "HR");
});

test("stacks are linked only in parallel planes of patient space", () => {
  assert.equal(g.parallel(grid(), grid({ z: 5 })), true);
  assert.equal(g.parallel(grid(), grid({ space: "image" })), false);
  assert.equal(g.parallel(grid(), grid({ down: [0, 0, -1] })), false);
});
