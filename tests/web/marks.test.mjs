import assert from "node:assert/strict";
import { test } from "node:test";
import {
  clearPlace,
  cut,
  distanceTo,
  frameOf,
  hasSize,
  placeOf,
  moveAll,
  onItsPlane,
  onPlane,
} from "../../web/js/core/marks/marks.js";
import { handleAt, handles, moveHandle } from "../../web/js/core/marks/handles.js";
import { slice } from "../../web/js/core/planes/sheet.js";
import { kase, series, timed } from "./examples.mjs";

const axial = series({ key: "ax" }); // z 0, 5, ... 45
const line = {
  id: "m",
  kind: "length",
  series: "ax",
  image: 3,
  points: [
    [10, 20, 15],
    [50, 20, 15],
  ],
  label: "",
};
const frame = "f1";
const seenOn = (shape, s, f = frame) => s.grid.positions.map((_, i) => i).filter((i) => cut(shape, f, s, i));

test("a mark shows on the image it was drawn on, and on no other of its stack", () => {
  assert.deepEqual(seenOn(line, axial), [3]);
  assert.ok(cut(line, frame, axial, 3).whole);
});

test("in another stack of the frame exactly one image has it, also where it lies between two", () => {
  const thin = series({ key: "thin", images: 46, step: 1 });
  assert.deepEqual(seenOn(line, thin), [15]);
  const between = {
    ...line,
    points: [
      [10, 20, 14.5],
      [50, 20, 14.5],
    ],
  };
  assert.equal(seenOn(between, thin).length, 1);
  const falling = series({ key: "falling", images: 46, z: 45, step: -1 });
  assert.equal(seenOn(between, falling).length, 1);
});

test("another frame of reference, and a stack that ends before it, do not have it", () => {
  assert.deepEqual(seenOn(line, series({ key: "prior", frame: "f2" })), []);
  assert.deepEqual(seenOn(line, series({ key: "short", images: 3 })), []);
  assert.deepEqual(seenOn(line, series({ key: "nowhere", frame: "" }), ""), [], "no frame is no common frame");
});

test("the place of a mark is found for jumps, in each stack that has it", () => {
  assert.equal(placeOf(line, frame, axial), 3);
  assert.equal(placeOf(line, frame, series({ key: "thin", images: 46, step: 1 })), 15);
  assert.equal(placeOf(line, frame, series({ key: "prior", frame: "f2" })), -1);
  assert.equal(placeOf(line, frame, series({ key: "short", images: 3 })), -1);
});

test("what lies in a gap of a stack is on none of its images", () => {
  const gap = series({ key: "gap" });
  gap.grid = {
    ...gap.grid,
    positions: [
      [0, 0, 0],
      [0, 0, 5],
      [0, 0, 10],
      [0, 0, 40],
      [0, 0, 45],
    ],
  };
  assert.deepEqual(
    seenOn(
      {
        ...line,
        points: [
          [10, 20, 25],
          [50, 20, 25],
        ],
      },
      gap,
    ),
    [],
  );
  assert.deepEqual(slice(gap, 2), [7.5, 12.5]);
});

test("across the planes a view has the part that it cuts", () => {
  const sagittal = series({ key: "sag", images: 12, series: { slice_thickness_mm: 5 } });
  sagittal.grid = {
    ...sagittal.grid,
    right: [0, 1, 0],
    down: [0, 0, -1],
    positions: Array.from({ length: 12 }, (_, i) => [5 * i, 0, 45]),
  };
  assert.deepEqual(seenOn(line, sagittal), [2, 3, 4, 5, 6, 7, 8, 9, 10]);
  const piece = cut(line, frame, sagittal, 4);
  assert.equal(piece.whole, false);
  const [[from, to]] = piece.lines;
  assert.ok(Math.abs(from[0] - 17.5) < 1e-9 && Math.abs(to[0] - 22.5) < 1e-9);
});

test("without a place in the patient a mark is of its image alone", () => {
  const flat = series({ key: "ax", step: 0, frame: "f1" });
  flat.grid = { ...flat.grid, space: "image" };
  assert.deepEqual(
    seenOn(
      {
        ...line,
        points: [
          [1, 1, 0],
          [9, 9, 0],
        ],
      },
      flat,
    ),
    [3],
  );
  assert.deepEqual(seenOn({ ...line, series: "other" }, flat), []);
  assert.equal(frameOf(line, flat), "");
  assert.equal(frameOf(line, axial), "f1");
  assert.equal(frameOf({ ...line, frame_of_reference: "f9" }, axial), "f9");
});

test("a point is dropped onto its image, in round numbers", () => {
  assert.deepEqual(onPlane(axial.grid, 3, [1.00000001, -0.00000001, 7]), [1, 0, 15]);
});

const ellipse = {
  ...line,
  kind: "ellipse",
  points: [
    [0, 0, 15],
    [10, 0, 15],
    [0, 4, 15],
  ],
};

test("a handle of an ellipse moves its end, and the end across stays", () => {
  assert.deepEqual(handles(ellipse), [
    [10, 0, 15],
    [-10, 0, 15],
    [0, 4, 15],
    [0, -4, 15],
  ]);
  const wider = moveHandle(ellipse, 0, [20, 3, 15]);
  assert.deepEqual(handles(wider).slice(0, 2), [
    [20, 0, 15],
    [-10, 0, 15],
  ]);
  const left = moveHandle(ellipse, 1, [-20, 0, 15]);
  assert.deepEqual(handles(left).slice(0, 2), [
    [10, 0, 15],
    [-20, 0, 15],
  ]);
  const taller = moveHandle(ellipse, 3, [0, -14, 15]);
  assert.deepEqual(handles(taller).slice(2), [
    [0, 4, 15],
    [0, -14, 15],
  ]);
  assert.ok(hasSize(moveHandle(ellipse, 0, [-30, 0, 15]), 0), "it is not turned inside out");
});

test("a handle of another moves its point, and moving all moves all", () => {
  assert.deepEqual(moveHandle(line, 1, [60, 0, 15]).points, [
    [10, 20, 15],
    [60, 0, 15],
  ]);
  assert.deepEqual(moveAll(line, [1, 2, 0]).points, [
    [11, 22, 15],
    [51, 22, 15],
  ]);
});

test("the nearest handle within reach is taken", () => {
  const project = ([x, y]) => [x, y];
  assert.equal(handleAt(line, project, [12, 21], 6), 0);
  assert.equal(handleAt(line, project, [30, 20], 6), -1);
  assert.equal(
    distanceTo(
      [30, 24],
      [
        [10, 20],
        [50, 20],
      ],
    ),
    4,
  );
  assert.equal(distanceTo([3, 4], [[0, 0]]), 5);
});

test("what has no size is no mark", () => {
  assert.ok(hasSize(line, 0.1));
  assert.ok(
    !hasSize(
      {
        ...line,
        points: [
          [1, 1, 1],
          [1, 1, 1],
        ],
      },
      0.1,
    ),
  );
  assert.ok(
    !hasSize(
      {
        ...line,
        kind: "angle",
        points: [
          [1, 1, 1],
          [5, 1, 1],
          [5, 1, 1],
        ],
      },
      0.1,
    ),
  );
  assert.ok(hasSize({ ...line, kind: "probe", points: [[1, 1, 1]] }, 0.1));
});

test("a text makes way for others, and stays where there is no way", () => {
  const box = [10, 50, 40, 20];
  assert.equal(clearPlace(box, [], [0, 200]), 50);
  assert.equal(clearPlace(box, [[60, 50, 40, 20]], [0, 200]), 50, "beside it is room");
  assert.equal(clearPlace(box, [[10, 45, 40, 20]], [0, 200]), 67, "below");
  assert.equal(
    clearPlace(
      box,
      [
        [10, 45, 40, 20],
        [10, 65, 40, 20],
      ],
      [0, 200],
    ),
    23,
    "above",
  );
  assert.equal(clearPlace(box, [[0, 0, 100, 200]], [0, 200]), 50);
});

test("on a series with a second axis a mark belongs to its own time; elsewhere its place counts", () => {
  const dwi = timed();
  const mark = { ...line, series: "dwi", image: 8 };
  assert.ok(cut(mark, frame, dwi, 3, 1).whole);
  assert.equal(cut(mark, frame, dwi, 3, 0), null);
  assert.equal(placeOf(mark, frame, dwi), 3);
  assert.deepEqual(onItsPlane({ ...mark, points: [[1, 2, 99]] }, kase(dwi)).points, [[1, 2, 15]]);
  for (const time of [0, 1]) assert.ok(cut(line, frame, dwi, 3, time).whole, "of another series of the frame");
});
