import assert from "node:assert/strict";
import { test } from "node:test";
import * as c from "../../web/js/core/view/camera.js";
import { orientationOf } from "../../web/js/core/view/shows.js";
import { camera, grid, near, series } from "./examples.mjs";

const rect = [10, 20, 400, 300];

test("the smaller half of a viewport spans the radius", () => {
  assert.equal(c.mmPerPixel(camera, rect), 200 / 300);
  assert.equal(c.mmPerPixel(camera, [0, 0, 300, 900]), 200 / 300);
});

test("what lies under the pointer stays there while the picture is zoomed", () => {
  const about = [77, 205];
  const held = c.pointAt(camera, rect, ...about);
  const zoomed = c.zoom(camera, rect, 1.7, about);
  const [x, y] = c.pixelAt(zoomed, rect, held);
  assert.ok(near(x, 77) && near(y, 205));
  assert.ok(near(zoomed.radius, 100 / 1.7));
});

test("zoom stops at the limits of the protocol", () => {
  assert.equal(c.zoom(camera, rect, 1e9).radius, c.MIN_RADIUS_MM);
  assert.equal(c.zoom(camera, rect, 1e-9).radius, c.MAX_RADIUS_MM);
});

test("a pan moves the picture with the pointer, one to one", () => {
  const at = c.pointAt(camera, rect, 100, 100);
  const [x, y] = c.pixelAt(c.pan(camera, rect, 30, -12), rect, at);
  assert.ok(near(x, 130) && near(y, 88));
});

test("one to one is one image pixel on one device pixel, exactly", () => {
  const stack = grid({ spacing: 0.681 });
  assert.equal(c.scaleOf(stack, c.oneToOne(camera, stack, rect), rect), 1);
  assert.ok(c.scaleOf(stack, { ...camera, radius: 500 }, rect) < 1);
});

test("a fitted image is whole on every screen: half the longer side is the radius, as on the server", () => {
  const stack = grid({ size: 100, spacing: 2, rows: 40 });
  assert.equal(c.fitRadius(stack), 100);
  assert.deepEqual(c.fitted(stack, 2).center, [99, 39, 10]);
});

test("turning to the right brings what was on top to the right; letters follow", () => {
  const stack = grid();
  assert.deepEqual(c.edgeLetters(camera, stack), { left: "R", right: "L", top: "A", bottom: "P" });
  const right = c.turn(camera, "rotate-right");
  assert.deepEqual(c.edgeLetters(right, stack), { left: "P", right: "A", top: "R", bottom: "L" });
  assert.deepEqual(c.turn(right, "rotate-left"), camera);
  assert.deepEqual(c.edgeLetters(c.turn(camera, "flip-horizontal"), stack), {
    left: "L",
    right: "R",
    top: "A",
    bottom: "P",
  });
  assert.deepEqual(c.edgeLetters(c.turn(camera, "flip-vertical"), stack), {
    left: "R",
    right: "L",
    top: "P",
    bottom: "A",
  });
});

test("there are no letters without geometry", () => {
  assert.equal(c.edgeLetters(camera, grid({ space: "image" })), null);
});

test("a radiograph has the letters of PatientOrientation, and they follow every turn", () => {
  const flat = grid({ space: "image" });
  const upright = c.fitted(flat, 0);
  const letters = (how) =>
    Object.values(c.edgeLetters(how ? c.turn(upright, how) : upright, flat, ["L", "F"])).join("");
  assert.equal(letters(), "RLHF", "left, right, top, bottom");
  assert.equal(letters("rotate-right"), "FHRL");
  assert.equal(letters("rotate-left"), "HFLR");
  assert.equal(letters("flip-horizontal"), "LRHF");
  assert.equal(letters("flip-vertical"), "RLFH");
  const oblique = c.edgeLetters(upright, flat, ["P", "FL"]);
  assert.deepEqual(Object.values(oblique), ["A", "P", "HR", "FL"], "of a mammogram");
  const aslant = { ...upright, right: [Math.SQRT1_2, Math.SQRT1_2, 0], down: [-Math.SQRT1_2, Math.SQRT1_2, 0] };
  assert.deepEqual(Object.values(c.edgeLetters(aslant, flat, ["L", "F"])), ["", "", "", ""]);
});

test("each image of a series has its own PatientOrientation, or none", () => {
  const shows = (place) => ({ type: "stack", series: "s1", place, time: 0 });
  const two = {
    ...series({ images: 2 }),
    orientations: [
      ["L", "F"],
      ["", ""],
    ],
  };
  assert.deepEqual(orientationOf(two, shows(0)), ["L", "F"]);
  assert.equal(orientationOf(two, shows(1)), null);
  assert.deepEqual(orientationOf({ ...two, orientations: [["P", "F"]] }, shows(1)), ["P", "F"]);
  assert.equal(orientationOf({ ...two, orientations: undefined }, shows(1)), null);
});

test("flipped and rotated are distinguished", () => {
  const stack = grid();
  const turns = (...how) => how.reduce(c.turn, camera);
  const found = (k) => [c.isFlipped(k, stack), c.isRotated(k, stack)];
  assert.deepEqual(found(camera), [false, false]);
  assert.deepEqual(found(turns("flip-horizontal")), [true, false]);
  assert.deepEqual(found(turns("flip-vertical")), [true, false]);
  assert.deepEqual(found(turns("flip-vertical", "flip-horizontal")), [false, true]);
  assert.deepEqual(found(turns("rotate-right")), [false, true]);
  assert.deepEqual(found(turns("rotate-right", "rotate-right", "rotate-left", "rotate-left")), [false, false]);
});

/** Where the first device pixel's centre lies in the image, [column, row]. */
const first = (k, g, r) =>
  c
    .pointAt(k, r, r[0] + 0.5, r[1] + 0.5)
    .slice(0, 2)
    .map((mm) => mm / g.column_spacing);
const isWhole = (x) => near(x, Math.round(x), 1e-7);

test("at one to one each device pixel is an image pixel, on even and odd viewports, turned or not", () => {
  const stack = grid({ spacing: 0.681 });
  for (const [w, h] of [
    [400, 300],
    [401, 300],
    [400, 301],
    [403, 299],
  ]) {
    for (const how of [[], ["rotate-right"], ["flip-horizontal"], ["rotate-left", "flip-vertical"]]) {
      const r = [0, 0, w, h];
      const turned = how.reduce(c.turn, { ...camera, center: [33.3, 31.7, 0] });
      const k = c.snap(c.oneToOne(turned, stack, r), stack, 0, r);
      assert.equal(c.scaleOf(stack, k, r), 1);
      assert.ok(first(k, stack, r).every(isWhole), `${w}x${h} ${how}`);
      assert.ok(Math.hypot(k.center[0] - 33.3, k.center[1] - 31.7) <= 0.681 * 0.7072, "half a pixel at most");
      assert.ok(first(c.snap(c.pan(k, r, 7, -5), stack, 0, r), stack, r).every(isWhole));
    }
  }
});

test("at another scale, and aslant, the camera stays where it is", () => {
  const stack = grid({ spacing: 0.681 });
  const k = { ...c.oneToOne(camera, stack, rect), center: [33.3, 31.7, 0] };
  assert.equal(c.snap({ ...k, radius: k.radius * 1.5 }, stack, 0, rect).center[0], 33.3);
  const s = Math.SQRT1_2;
  assert.equal(c.snap({ ...k, right: [s, s, 0], down: [-s, s, 0] }, stack, 0, rect).center[0], 33.3);
});

test("pixels that are not square: only the axis that is one to one keeps to its pixels", () => {
  const stack = grid({ spacing: 0.681, row_spacing: 1.3 });
  const k = c.snap({ ...c.oneToOne(camera, stack, rect), center: [33.3, 31.7, 0] }, stack, 0, rect);
  assert.ok(isWhole(first(k, stack, rect)[0]));
  assert.equal(k.center[1], 31.7);
});
