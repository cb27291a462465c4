import assert from "node:assert/strict";
import { test } from "node:test";
import { handles, moveHandle } from "../../web/js/core/marks/handles.js";

const shape = (kind, points) => ({ id: "m", kind, series: "s", image: 1, points, label: "" });
const near = (given, wanted) => {
  for (const [i, point] of given.entries())
    for (const [axis, v] of point.entries()) assert.ok(Math.abs(v - wanted[i][axis]) < 1e-9, `${given}`);
};
const minus = (a, b) => a.map((v, i) => v - b[i]);
const dot = (a, b) => a.reduce((sum, v, i) => sum + v * b[i], 0);
const far = (a) => Math.hypot(...a);

test("a circle stays round about its centre", () => {
  const round = shape("circle", [
    [1, 1, 5],
    [4, 1, 5],
    [1, 4, 5],
  ]);
  assert.equal(handles(round).length, 4);
  for (let i = 0; i < 4; i++)
    near(moveHandle(round, i, [1, -4, 5]).points, [
      [1, 1, 5],
      [6, 1, 5],
      [1, 6, 5],
    ]);
});

test("a corner of a rectangle moves, the one across stays, also past it", () => {
  const box = shape("rectangle", [
    [0, 0, 5],
    [4, 0, 5],
    [4, 3, 5],
    [0, 3, 5],
  ]);
  near(moveHandle(box, 2, [6, 7, 5]).points, [
    [0, 0, 5],
    [6, 0, 5],
    [6, 7, 5],
    [0, 7, 5],
  ]);
  near(moveHandle(box, 1, [9, -2, 5]).points, [
    [0, -2, 5],
    [9, -2, 5],
    [9, 3, 5],
    [0, 3, 5],
  ]);
  near([moveHandle(box, 2, [-5, -6, 5]).points[2]], [[-5, -6, 5]]);
});

const cross = shape("bidirectional", [
  [0, 0, 5],
  [20, 0, 5],
  [10, -3, 5],
  [10, 4, 5],
]);
const isRight = ({ points: [a, b, c, d] }) => Math.abs(dot(minus(b, a), minus(d, c))) < 1e-9;

test("both axes of a bidirectional stay perpendicular whichever end is moved", () => {
  const turned = moveHandle(cross, 1, [0, 30, 5]);
  assert.ok(isRight(turned));
  near(turned.points.slice(0, 2), [
    [0, 0, 5],
    [0, 30, 5],
  ]);
  assert.ok(Math.abs(far(minus(turned.points[2], turned.points[3])) - 7) < 1e-9, "the short one is as long as before");
  const slid = moveHandle(cross, 2, [14, -6, 5]);
  near(slid.points, [
    [0, 0, 5],
    [20, 0, 5],
    [14, -6, 5],
    [14, 4, 5],
  ]);
  const beyond = moveHandle(cross, 3, [40, 8, 5]);
  assert.ok(isRight(beyond));
  near([beyond.points[3]], [[20, 8, 5]]);
});

test("a freehand contour has a dozen handles, and what lies beside one follows it", () => {
  const ring = Array.from({ length: 96 }, (_, i) => {
    const turn = (2 * Math.PI * i) / 96;
    return [50 * Math.cos(turn), 50 * Math.sin(turn), 5];
  });
  const contour = shape("freehand", ring);
  assert.equal(handles(contour).length, 12);
  const moved = moveHandle(contour, 0, [60, 0, 5]).points;
  near([moved[0]], [[60, 0, 5]]);
  assert.ok(moved[4][0] - ring[4][0] > 4 && moved[4][0] - ring[4][0] < 6, "half way half of it");
  assert.ok(Math.abs(moved[92][0] - moved[4][0]) < 1e-9, "on both sides");
  near(moved.slice(8, 89), ring.slice(8, 89));
});
