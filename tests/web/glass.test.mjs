/** What lies below the magnifier: the image's own pixels, each as large as the next. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { glassAt, glassScale } from "../../web/js/core/pictures/glass.js";
import { openPlanes } from "../../web/js/core/planes/layouts.js";
import { pixel } from "../../web/js/core/geometry.js";
import { kase, near, series, viewport } from "./examples.mjs";

const ct = series({ key: "s1", images: 10, series: { no_planes: "" } });
const of = kase(ct);
const rect = [0, 0, 400, 300];
// 200 mm over 300 pixels
const painted = { ...viewport({ place: 3 }), rect_px: rect, scale: 3 };

test("it is twice as large as the picture, and never smaller than one to one", () => {
  assert.deepEqual([0.2, 0.43, 0.8, 1, 1.6, 3, 40].map(glassScale), [1, 1, 2, 2, 3, 6, 16]);
});

test("the pixel of the image that is under the pointer is in its middle", () => {
  const seen = glassAt(painted, of, [200, 150], 240);
  assert.equal(seen.scale, 6);
  near(seen.viewport.camera.radius, (2 * 240) / 2 / 6);
  const at = pixel(ct.grid, 3, seen.viewport.camera.center);
  assert.deepEqual(at.map(Math.round), [50, 50]);
  assert.deepEqual(glassAt(painted, of, [200.4, 150.4], 240), seen, "a small move asks for nothing new");
  const right = glassAt(painted, of, [230, 150], 240).viewport.camera;
  near(right.center[0] - seen.viewport.camera.center[0], 20);
});

test("one to one it lies on the pixels of the screen", () => {
  const small = { ...painted, scale: 0.4, camera: { ...painted.camera, radius: 500 } };
  const { scale, viewport: shown } = glassAt(small, of, [200, 150], 240);
  assert.equal(scale, 1);
  const [column, row] = pixel(ct.grid, 3, shown.camera.center);
  near(Math.abs(column % 1), 0.5);
  near(Math.abs(row % 1), 0.5);
});

test("it shows what the picture shows: turned, windowed, in colours, without what is left out", () => {
  const how = {
    window: { center: 1, width: 2 },
    invert: true,
    without: ["overlay"],
    palette: "pet",
    segmentations: [{ key: "x" }],
    mask_shift: [0.5, -1],
    mask_frames: [2, 4],
  };
  const turned = { ...painted, ...how, camera: { ...painted.camera, right: [0, 1, 0], down: [-1, 0, 0] } };
  const { viewport: shown } = glassAt(turned, of, [200, 150], 240);
  for (const [key, value] of Object.entries(how)) assert.deepEqual(shown[key], value);
  assert.deepEqual(
    [shown.camera.right, shown.camera.down],
    [
      [0, 1, 0],
      [-1, 0, 0],
    ],
  );
  assert.ok(!("rect_px" in shown) && !("scale" in shown), "it is a viewport of a view, as the server checks it");
});

test("a plane is magnified by its voxels, and nothing whose lists are not here", () => {
  const [axial] = openPlanes(ct).viewports;
  const seen = glassAt({ ...axial, rect_px: rect, scale: 1.5 }, of, [100, 100], 240);
  assert.equal(seen.scale, 3);
  near(seen.viewport.camera.radius, (2 * 240) / 2 / 3);
  const unlisted = kase({ ...ct, unlisted: { places: 10, times: 1 } });
  assert.equal(glassAt(painted, unlisted, [100, 100], 240), null);
});
