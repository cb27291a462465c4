import assert from "node:assert/strict";
import { test } from "node:test";
import { pixelAt, turn, zoom } from "../../web/js/core/view/camera.js";
import { point } from "../../web/js/core/geometry.js";
import { jumpTo, placed, spotAt } from "../../web/js/core/people/pointing.js";
import { compare } from "../../web/js/core/view/opening/layouts.js";
import { camera, kase, near, scene, series, stack, stamp, timed, view, viewport } from "./examples.mjs";

const axial = series({ key: "s1", frame: "f1" });
const soft = series({ key: "s2", frame: "f1", images: 19, step: 2.5 });
const sagittal = series({ key: "s3", frame: "f1", series: {} });
sagittal.grid = {
  ...sagittal.grid,
  right: [0, 1, 0],
  down: [0, 0, -1],
  positions: Array.from({ length: 10 }, (_, i) => [80 + 4 * i, 0, 60]),
};
const prior = series({ key: "s4", study: "before", frame: "f2", x: 6, y: -4, z: -37 });
const flat = series({ key: "s5", frame: "" });
flat.grid = { ...flat.grid, space: "image" };
const k = kase(axial, soft, sagittal, prior, flat);

const spot = (at = [110, 90, 15], more = {}) => ({ viewport: "a", series: "s1", image: 3, point: at, ...more });
const one = (more = {}) => stamp(1, { viewports: [viewport(more)] });
const places = (s, st, linked = false) => placed(s, st, k, linked).places;
const off = (s, st) => placed(s, st, k, false).off;

test("what was pointed at is where the picture has it, however it is zoomed, turned and shaped", () => {
  const turned = zoom(turn(camera, "rotate-right"), [0, 0, 400, 600], 3, [180, 260]);
  for (const rect of [
    [0, 0, 400, 600],
    [7, 3, 1200, 500],
  ]) {
    for (const c of [camera, turned]) {
      const st = stamp(1, { viewports: [viewport({ camera: c })] });
      st.viewports[0].rect_px = rect;
      const at = pixelAt(c, rect, [110, 90, 15]);
      const [place] = places(spotAt(st, k, at), st);
      assert.ok(near(place.at[0], at[0], 1e-6) && near(place.at[1], at[1], 1e-6));
      const found = spotAt(st, k, at);
      assert.ok(
        [110, 90].every((x, i) => near(found.point[i], x, 1e-6)),
        "in patient space",
      );
    }
  }
});

test("it is not shown on another image, and the edge says where it is", () => {
  const here = one({ place: 5 });
  assert.deepEqual(places(spot(), here), []);
  assert.deepEqual([off(spot(), here).kind, off(spot(), here).direction, off(spot(), here).place], ["image", "up", 3]);
  assert.equal(off(spot(undefined, { image: 8, point: [110, 90, 40] }), here).direction, "down");
});

test("beyond the edge it is a pill on the side where it lies", () => {
  for (const [point, direction] of [
    [[300, 99, 15], "right"],
    [[-200, 99, 15], "left"],
    [[99, -300, 15], "up"],
    [[99, 400, 15], "down"],
  ]) {
    const found = off(spot(point), one());
    assert.deepEqual([found.kind, found.direction], ["side", direction]);
    const [x, y, w, h] = found.viewport.rect_px;
    assert.ok(found.toward[0] >= x && found.toward[0] <= x + w && found.toward[1] >= y && found.toward[1] <= y + h);
  }
});

test("in another view of the same frame of reference it is hollow, on the slice that cuts it alone", () => {
  const both = (image) => stamp(1, { viewports: [viewport(), viewport({ id: "b", series: "s2", place: image })] });
  const [named, echo] = places(spot(), both(6));
  assert.deepEqual([named.viewport, named.echo, echo.viewport, echo.echo], ["a", false, "b", true]);
  assert.ok(near(echo.at[0] - 400, named.at[0]) && near(echo.at[1], named.at[1]));
  assert.equal(places(spot(), both(8)).length, 1, "2.5 mm apart: 5 mm beside it does not show it");
});

test("in another plane it lies where that plane has it", () => {
  const cam = { center: [112, 99, 15], radius: 100, right: [0, 1, 0], down: [0, 0, -1] };
  const st = stamp(1, { viewports: [viewport({ id: "a", series: "s3", place: 8, camera: cam })] });
  const [place] = places(spot([110.5, 90, 25], { image: 5 }), st);
  assert.deepEqual(place.at, pixelAt(cam, st.viewports[0].rect_px, [110.5, 90, 25]));
  assert.equal(
    places(spot([106, 90, 25], { image: 5 }), st).length,
    0,
    "the plane at 112 mm does not cut what lies 6 mm beside it",
  );
});

test("where nothing is in common the series is named, and nothing is placed", () => {
  for (const other of ["s4", "s5"]) {
    const found = placed(spot(), one({ series: other }), k, false);
    assert.deepEqual([found.places.length, found.off.kind], [0, "series"]);
  }
  assert.deepEqual(placed(spot(undefined, { series: "of another case" }), one(), k, true), { places: [], off: null });
});

test("an image without a place in the patient shows its own cursors alone", () => {
  const s = spot([40, 50, 0], { series: "s5" });
  assert.equal(places(s, one({ series: "s5" })).length, 1);
  assert.equal(places(s, one({ series: "s5", place: 4 })).length, 0);
});

test("linked viewports of different frames of reference echo at the same distance from the middle", () => {
  const other = { ...camera, center: [105, 95, -22] };
  const st = stamp(1, { viewports: [viewport(), viewport({ id: "b", series: "s4", camera: other })] });
  assert.equal(places(spot(), st).length, 1, "not linked");
  const [named, echo] = places(spot(), st, true);
  assert.ok(echo.echo && near(echo.at[0] - 400, named.at[0]) && near(echo.at[1], named.at[1]));
});

test("the pointer's own viewport has the name where two show the same series", () => {
  const st = stamp(1, { viewports: [viewport(), viewport({ id: "b" })] });
  const [named] = places(spot(undefined, { viewport: "b" }), st);
  assert.deepEqual([named.viewport, named.echo], ["b", false]);
});

test("a jump goes to the image, and moves the picture only where the place is out of sight", () => {
  const start = view(viewport({ place: 7 }));
  const sc = scene(k);
  const st = one({ place: 7 });
  const seen = jumpTo(start, sc, spot(), off(spot(), st));
  assert.deepEqual([seen.viewports[0].shows.place, seen.viewports[0].camera], [3, camera]);
  const far = spot([400, 90, 15]);
  const moved = jumpTo(start, sc, far, off(far, st));
  assert.ok(moved.viewports[0].camera.center.every((x, i) => near(x, [400, 90, 15][i], 1e-6)));
});

test("a jump to another series opens it, or goes to the viewport that has it", () => {
  const s = spot([110, 90, -22], { series: "s4", viewport: "b" });
  const st = one();
  const sc = scene(k);
  const opened = jumpTo(view(viewport()), sc, s, off(s, st));
  assert.deepEqual([opened.viewports[0].shows.series, opened.viewports[0].shows.place], ["s4", 3]);
  const two = compare(view(viewport()), sc);
  const there = jumpTo(two, sc, s, off(s, st));
  assert.deepEqual([there.active, there.viewports[1].shows.series, there.viewports[1].shows.place], ["b", "s4", 3]);
});

test("on a series with a second axis a cursor belongs to its own time, and the pill says which", () => {
  const dwi = timed({ frame: "f1" });
  const c = kase(dwi, axial);
  const at = (time) => stamp(1, { viewports: [viewport({ series: "dwi", place: 2, time })] });
  const s = spotAt(at(1), c, [200, 300]);
  assert.deepEqual([s.series, s.image], ["dwi", 7]);
  assert.equal(placed(s, at(1), c, false).places.length, 1);
  const there = placed(s, at(0), c, false);
  assert.deepEqual([there.places.length, there.off.kind, there.off.direction], [0, "image", "down"]);
  assert.deepEqual([there.off.place, there.off.time], [2, 1]);
  const jumped = jumpTo(view(viewport({ series: "dwi", place: 4 })), scene(c), s, there.off).viewports[0];
  assert.deepEqual(jumped.shows, stack("dwi", 2, 1));
  const plain = stamp(1, { viewports: [viewport({ place: 2 })] });
  assert.equal(placed(s, plain, c, false).places.length, 1, "the same slice of another series shows it at any time");
});

test("the point under a pixel is on the image's plane", () => {
  const grid = axial.grid;
  const st = one({ camera: { ...camera, center: point(grid, 3, 50, 50) } });
  assert.ok(near(spotAt(st, k, [200, 300]).point[2], 15));
  assert.ok(near(spotAt(one({ place: 7 }), k, [200, 300]).point[2], 35), "also after scrolling away from the camera");
  assert.equal(spotAt(st, k, [401, 300]), null);
});
