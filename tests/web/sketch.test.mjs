import assert from "node:assert/strict";
import { test } from "node:test";
import { Sketch } from "../../web/js/core/marks/sketch.js";

const near = (given, wanted) => {
  for (const [i, point] of given.entries())
    for (const [axis, v] of point.entries()) assert.ok(Math.abs(v - wanted[i][axis]) < 1e-9, `${given}`);
};

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

const click = (s, at) => {
  s.press(at);
  return s.release(false);
};

test("a bidirectional: the long axis, then how far the short one reaches", () => {
  const s = begin("bidirectional");
  s.move([20, 0, 5]);
  assert.equal(s.release(true), "more");
  s.move([15, 4, 5]);
  assert.equal(s.release(true), "done");
  near(s.shape.points, [
    [0, 0, 5],
    [20, 0, 5],
    [15, 4, 5],
    [15, -4, 5],
  ]);
});

test("a Cobb angle: two lines, each by drag", () => {
  const s = begin("cobb");
  s.move([10, 1, 5]);
  assert.equal(s.release(true), "more");
  s.move([3, 20, 5]); // on the way to the second line
  s.press([0, 30, 5]);
  s.move([10, 28, 5]);
  assert.equal(s.release(true), "done");
  near(s.shape.points, [
    [0, 0, 5],
    [10, 1, 5],
    [0, 30, 5],
    [10, 28, 5],
  ]);
});

test("a Cobb angle by four clicks", () => {
  const s = begin("cobb");
  assert.equal(s.release(false), "more");
  assert.equal(click(s, [10, 1, 5]), "more");
  assert.equal(click(s, [0, 30, 5]), "more");
  s.move([5, 29, 5]);
  assert.equal(click(s, [10, 28, 5]), "done");
  near(s.shape.points, [
    [0, 0, 5],
    [10, 1, 5],
    [0, 30, 5],
    [10, 28, 5],
  ]);
});

test("a circle about where it was pressed, a rectangle from corner to corner", () => {
  const round = begin("circle");
  round.move([3, 4, 5]);
  assert.equal(round.release(true), "done");
  near(round.shape.points, [
    [0, 0, 5],
    [5, 0, 5],
    [0, 5, 5],
  ]);
  const box = begin("rectangle");
  box.move([6, -4, 5]);
  assert.equal(box.release(true), "done");
  near(box.shape.points, [
    [0, 0, 5],
    [6, 0, 5],
    [6, -4, 5],
    [0, -4, 5],
  ]);
  for (const kind of ["circle", "rectangle", "freehand"]) assert.equal(begin(kind).release(false), "nothing");
});

test("a freehand line has no more points than a shape may have, over all of it", () => {
  const s = new Sketch({ id: "m", kind: "freehand", series: "s", image: 1 }, [100, 0, 5], axes, {
    least: 0.5,
    near: 1,
  });
  for (let i = 1; i < 2000; i++) {
    const turn = (2 * Math.PI * i) / 2000;
    s.move([100 * Math.cos(turn), 100 * Math.sin(turn), 5]);
    assert.ok(s.shape.points.length <= 128);
  }
  assert.equal(s.release(true), "done");
  assert.ok(s.shape.points.length > 40);
  const gaps = s.shape.points.map((p, i, all) => Math.hypot(p[0] - all.at(i - 1)[0], p[1] - all.at(i - 1)[1]));
  assert.ok(Math.max(...gaps) < 25, "no part of it is left out");
});

const path = (...points) => {
  const s = new Sketch({ id: "m", kind: "polyline", series: "s", image: 1 }, points[0], axes, { least: 0.5, near: 1 });
  assert.equal(s.release(false), "more");
  const outcomes = points.slice(1).map((point) => click(s, point));
  return [s.shape, outcomes.at(-1)];
};

test("a polyline ends at its last point, and is closed at its first", () => {
  const open = path([0, 0, 5], [10, 0, 5], [10, 10, 5], [10.4, 10.3, 5]);
  assert.deepEqual([open[0].kind, open[0].points.length, open[1]], ["polyline", 3, "done"]);
  const closed = path([0, 0, 5], [10, 0, 5], [10, 10, 5], [0.3, -0.2, 5]);
  assert.deepEqual([closed[0].kind, closed[0].points.length, closed[1]], ["polygon", 3, "done"]);
  const going = path([0, 0, 5], [10, 0, 5], [10, 10, 5]);
  assert.deepEqual([going[0].points.length, going[1]], [4, "more"]);
});

test("a polyline is ended by a key, without the point that only follows the pointer", () => {
  const s = new Sketch({ id: "m", kind: "polyline", series: "s", image: 1 }, [0, 0, 5], axes, { least: 0.5, near: 1 });
  s.release(false);
  s.move([4, 4, 5]);
  assert.equal(s.end(), "nothing");
  click(s, [10, 0, 5]);
  s.move([12, 5, 5]);
  assert.equal(s.end(), "done");
  near(s.shape.points, [
    [0, 0, 5],
    [10, 0, 5],
  ]);
});
