/** What a drag with each tool makes of the view, and two fingers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Drag } from "../../web/js/stage/pointer/drag.js";
import { Pinch } from "../../web/js/stage/pointer/pinch.js";
import { settings } from "../../web/js/transport/storage.js";
import { camera, kase, near, scene, series, view, viewport } from "./examples.mjs";

const first = view(viewport());
const around = scene(kase(series({ images: 20 })));
/** A device pixel of the example's camera on its rect of 400 x 600, in mm. */
const MM = (2 * camera.radius) / 400;

function dragged(tool, points, ratio = 1, start = first, within = around) {
  const drag = new Drag(tool, "a", start, points[0], ratio);
  return points.slice(1).reduce((now, at) => drag.move(now, within, at), start).viewports[0];
}

test("to the side the window widens, down its centre rises; from where it began, not step by step", () => {
  const once = dragged("window", [
    [0, 0],
    [60, 30],
  ]);
  assert.deepEqual(
    once.window,
    dragged("window", [
      [0, 0],
      [17, 4],
      [33, 99],
      [60, 30],
    ]).window,
  );
  assert.ok(once.window.width > 400 && once.window.center > 40);
  assert.deepEqual(
    dragged(
      "window",
      [
        [0, 0],
        [120, 60],
      ],
      2,
    ).window,
    once.window,
    "in CSS pixels",
  );
});

test("a viewport in colour has no window to drag", () => {
  const coloured = view(viewport({ window: null }));
  assert.equal(
    dragged(
      "window",
      [
        [0, 0],
        [60, 30],
      ],
      1,
      coloured,
    ),
    coloured.viewports[0],
  );
});

test("the picture goes with the pointer, by whole device pixels in all", () => {
  const { center } = dragged("pan", [
    [100, 100],
    [100.4, 100],
    [100.8, 100],
    [101.2, 100],
  ]).camera;
  assert.ok(near(center[0], camera.center[0] - MM), "steps below a pixel do not round away");
  assert.ok(near(center[1], camera.center[1]));
});

test("down by 150 px halves, up doubles; what lay under the press stays there", () => {
  const smaller = dragged("zoom", [
    [100, 100],
    [100, 250],
  ]);
  assert.ok(near(smaller.camera.radius, 2 * camera.radius, 1e-6));
  const larger = dragged("zoom", [
    [100, 100],
    [100, 25],
    [100, -50],
  ]);
  assert.ok(near(larger.camera.radius, camera.radius / 2, 1e-6));
  const under = (v) => v.center[0] + (100 - 200) * ((2 * v.radius) / 400);
  assert.ok(near(under(larger.camera), under(camera), 1e-6));
});

test("a short stack scrolls by an image over 14 CSS pixels, a long one over 3", () => {
  assert.equal(
    dragged("stack", [
      [0, 0],
      [0, 14 * 5 + 3],
    ]).shows.place,
    8,
  );
  assert.equal(
    dragged(
      "stack",
      [
        [0, 0],
        [0, 28 * 5],
      ],
      2,
    ).shows.place,
    8,
    "in CSS pixels",
  );
  assert.equal(
    dragged("stack", [
      [0, 0],
      [0, 9999],
    ]).shows.place,
    19,
    "to the end and no farther",
  );
  const long = scene(kase(series({ images: 900 })));
  assert.equal(
    dragged(
      "stack",
      [
        [0, 0],
        [0, 30],
      ],
      1,
      first,
      long,
    ).shows.place,
    13,
  );
});

test("the laser moves nothing", () => {
  assert.equal(
    dragged("laser", [
      [0, 0],
      [50, 50],
    ]),
    first.viewports[0],
  );
});

test("two fingers: their middle pans, their distance zooms about it", () => {
  const pinch = new Pinch("a", [100, 200], [200, 200]);
  const wider = pinch.move(first, around, [50, 200], [250, 200]).viewports[0].camera;
  assert.ok(near(wider.radius, camera.radius / 2, 1e-6));
  const under = (c) => c.center[0] + (150 - 200) * ((2 * c.radius) / 400);
  assert.ok(near(under(wider), under(camera), 1e-6));
  const moved = new Pinch("a", [100, 200], [200, 200]).move(first, around, [110, 220], [210, 220]).viewports[0].camera;
  assert.ok(near(moved.radius, camera.radius, 1e-6));
  assert.ok(near(moved.center[0], camera.center[0] - 10 * MM) && near(moved.center[1], camera.center[1] - 20 * MM));
});

test("fingers that meet do not zoom without end", () => {
  const { radius } = new Pinch("a", [100, 200], [200, 200]).move(first, around, [150, 200], [150, 200]).viewports[0]
    .camera;
  assert.ok(near(radius, 10 * camera.radius, 1e-6));
});

test("who wants it has a drag down make the picture brighter", () => {
  const down = [
    [0, 0],
    [0, 30],
  ];
  const before = viewport().window.center;
  assert.ok(dragged("window", down).window.center > before, "the centre rises: darker");
  settings.dragDown = "brighter";
  try {
    assert.ok(dragged("window", down).window.center < before);
  } finally {
    settings.dragDown = "darker";
  }
});
