import assert from "node:assert/strict";
import { test } from "node:test";
import { Sketch } from "../../web/js/core/marks/sketch.js";

const axes = { right: [1, 0, 0], down: [0, 1, 0] };
const begin = (kind, at = [0, 0, 5]) => new Sketch({ id: "m", kind, series: "s", image: 1 }, at, axes);

test("a length by drag", () => {
  const s = begin("length");
  s.move([3, 4, 5]);
  assert.equal(s.release(true), "done");
  assert.deepEqual(s.shape.points, [
    [0, 0, 5],
    [3, 4, 5],
  ]);
});

test("a length by two clicks", () => {
  const s = begin("length");
  assert.equal(s.release(false), "more");
  s.move([7, 0, 5]);
  assert.equal(s.release(true), "done");
  assert.deepEqual(s.shape.points[1], [7, 0, 5]);
});

test("an angle: one side, then the other", () => {
  const s = begin("angle");
  s.move([10, 0, 5]);
  assert.equal(s.release(true), "more");
  s.move([10, 9, 5]);
  assert.equal(s.release(true), "done");
  assert.deepEqual(s.shape.points, [
    [0, 0, 5],
    [10, 0, 5],
    [10, 9, 5],
  ]);
});

test("an ellipse fills the rectangle from corner to corner, on the screen's axes", () => {
  const s = begin("ellipse");
  s.move([-10, 6, 5]);
  assert.equal(s.release(true), "done");
  assert.deepEqual(s.shape.points, [
    [-5, 3, 5],
    [-10, 3, 5],
    [-5, 6, 5],
  ]);
  assert.equal(begin("ellipse").release(false), "nothing");
});

test("a probe and a text are one press", () => {
  for (const kind of ["probe", "text"]) {
    const s = begin(kind);
    s.move([1, 1, 5]);
    assert.equal(s.release(false), "done");
    assert.deepEqual(s.shape.points, [[1, 1, 5]]);
  }
});
