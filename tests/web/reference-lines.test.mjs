/** Where the active picture cuts the others: on screens, in device pixels. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPlanes } from "../../web/js/core/planes/layouts.js";
import { referenceLines } from "../../web/js/core/pictures/reference-lines.js";
import { kase, near, series, view, viewport } from "./examples.mjs";

// 100 x 100 pixels of 2 mm, z from 0 to 45
const axial = series({ key: "ax", images: 10, step: 5 });
// right is to the back, down is to the feet; x from 0 on; 60 high
const sagittal = series({
  key: "sag",
  right: [0, 1, 0],
  down: [0, 0, -1],
  rows: 30,
  positions: Array.from({ length: 5 }, (_, i) => [40 + i * 10, 0, 50]),
});
const elsewhere = series({ key: "far", frame: "f2" });
const of = kase(axial, sagittal, elsewhere);
const RECTS = { a: [0, 0, 400, 400], b: [400, 0, 400, 400], c: [0, 400, 400, 400] };
const AXIAL = { center: [99, 99, 10], radius: 100, right: [1, 0, 0], down: [0, 1, 0] };
const SAGITTAL = { center: [60, 99, 21], radius: 100, right: [0, 1, 0], down: [0, 0, -1] };

const painted = (v) => v.viewports.map((w) => ({ ...w, rect_px: RECTS[w.id], scale: 2 }));
const lines = (v, k = of) => referenceLines(painted(v), v, k);
const shown = (active) => ({
  ...view(
    viewport({ id: "a", series: "ax", place: 2, camera: AXIAL }),
    viewport({ id: "b", series: "sag", place: 2, camera: SAGITTAL }),
  ),
  active,
});

test("an axial image is a line across the sagittal one, as far as the image reaches", () => {
  const [line, ...more] = lines(shown("a"));
  assert.equal(more.length, 0);
  assert.deepEqual([line.viewport.id, line.name], ["b", "axial"]);
  // z 10 is 11 mm below the middle; 2 pixels a mm; y from -1 to 199 about 99
  const ends = [line.from, line.to].sort((p, q) => p[0] - q[0]);
  for (const [at, expected] of [
    [ends[0], [400 + 200 - 200, 200 + 22]],
    [ends[1], [400 + 200 + 200, 200 + 22]],
  ])
    at.forEach((value, i) => void near(value, expected[i]));
});

test("the other way round it ends where the sagittal image ends", () => {
  const [line] = lines(shown("b"));
  assert.deepEqual([line.viewport.id, line.name], ["a", "sagittal"]);
  const ends = [line.from, line.to].sort((p, q) => p[1] - q[1]);
  near(ends[0][0], 200 + (60 - 99) * 2);
  near(ends[0][1], 200 + (-1 - 99) * 2);
  near(ends[1][1], 200 + (199 - 99) * 2);
});

test("none where the image ends before the other begins", () => {
  const high = { ...shown("a"), viewports: shown("a").viewports.map((w, i) => (i ? w : at(w, 9))) };
  const far = series({ key: "ax", images: 10, step: 50 });
  assert.equal(lines(high, kase(far, sagittal)).length, 1, "a line outside of the picture's own rows is still one");
  const low = { ...sagittal, grid: { ...sagittal.grid, columns: 10 } };
  assert.equal(lines(shown("b"), kase(axial, low)).length, 1);
});

const at = (w, place) => ({ ...w, shows: { ...w.shows, place } });

test("none in another frame of reference, in parallel, or without a place in the patient", () => {
  const two = (key) => ({ ...shown("a"), viewports: [shown("a").viewports[0], viewport({ id: "b", series: key })] });
  assert.deepEqual(lines(two("far")), []);
  assert.deepEqual(lines(two("ax")), []);
  assert.deepEqual(lines(shown("a"), kase(axial, { ...sagittal, frame_of_reference: "" })), []);
  assert.deepEqual(lines(shown("a"), kase(axial, { ...sagittal, grid: { ...sagittal.grid, space: "image" } })), []);
  assert.deepEqual(lines(shown("a"), kase(axial, { ...sagittal, unlisted: { places: 5, times: 1 } })), []);
});

test("planes of one crosshair have its lines alone; an image beside them has those of the active plane", () => {
  const volume = { ...axial, no_planes: "" };
  const planes = { ...openPlanes(volume), active: "b" };
  assert.deepEqual(lines(planes, kase(volume)), []);
  const image = viewport({ id: "a", series: "ax", place: 2, camera: AXIAL });
  const mixed = { ...planes, viewports: [image, ...planes.viewports.slice(1)] };
  assert.deepEqual(
    lines(mixed, kase(volume)).map((l) => [l.viewport.id, l.name]),
    [["a", "sagittal"]],
  );
});
