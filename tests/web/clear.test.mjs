import assert from "node:assert/strict";
import { test } from "node:test";
import { clearCorner, clearShift, cornerShifts, isClear, meets } from "../../web/js/core/view/clear.js";

const area = [0, 0, 200, 100];

test("boxes that touch do not cover each other", () => {
  assert.ok(meets([0, 0, 10, 10], [9, 9, 10, 10]));
  assert.ok(!meets([0, 0, 10, 10], [10, 0, 10, 10]));
});

test("a box goes to the nearest clear place above or below", () => {
  assert.equal(clearShift([0, 50, 20, 10], [], [0, 100]), 0);
  assert.equal(clearShift([0, 50, 20, 10], [[0, 45, 20, 10]], [0, 100]), 7, "below what it covered");
  assert.equal(clearShift([0, 50, 20, 10], [[0, 45, 20, 10]], [0, 60]), -17, "above, where below is no room");
  assert.equal(clearShift([0, 50, 20, 10], [[0, 0, 20, 100]], [0, 100]), null);
});

test("a name takes the first place that covers nothing", () => {
  const at = [
    [100, 50],
    [20, 50],
  ];
  assert.deepEqual(clearCorner(at, [40, 10], [], area), [100, 50]);
  assert.deepEqual(clearCorner(at, [40, 10], [[110, 40, 20, 20]], area), [20, 50]);
  const [x, y] = clearCorner(at, [40, 10], [[0, 40, 200, 20]], area);
  assert.ok(isClear([x, y, 40, 10], [[0, 40, 200, 20]]));
  assert.equal(clearCorner(at, [40, 10], [[0, 0, 200, 100]], area), null, "rather none than over a letter");
  assert.deepEqual(clearCorner([[190, -5]], [40, 10], [], area), [160, 0], "within the picture");
});

test("a corner's text goes below or above the words of the picture, and into nothing else", () => {
  const corners = [
    [0, 0, 60, 30],
    [140, 0, 60, 30],
    [0, 70, 60, 30],
    [140, 70, 60, 30],
  ];
  assert.deepEqual(cornerShifts(corners, [], [], 100), [0, 0, 0, 0]);
  assert.deepEqual(cornerShifts(corners, [[10, 5, 80, 8]], [], 100), [15, 0, 0, 0]);
  assert.deepEqual(cornerShifts(corners, [[10, 80, 80, 15]], [], 100), [0, 0, -22, 0], "above them");
  assert.deepEqual(cornerShifts(corners, [[10, 5, 80, 8]], [[0, 40, 10, 10]], 100), [0, 0, 0, 0], "no room: it stays");
});
