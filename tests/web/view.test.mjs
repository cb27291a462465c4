import assert from "node:assert/strict";
import { test } from "node:test";
import { pixel, point } from "../../web/js/core/geometry.js";
import { pixelAt, pointAt } from "../../web/js/core/view/camera.js";
import { compare, grid, partnerOf, single } from "../../web/js/core/view/opening/layouts.js";
import { openSeries } from "../../web/js/core/view/opening/series.js";
import * as v from "../../web/js/core/view/view.js";
import { kase, near, scene, series, stack, timed, view, viewport } from "./examples.mjs";

const thin = series({ key: "s1", images: 20, step: 5 });
const thick = series({ key: "s2", images: 10, step: 10, series: { description: "CT soft" } });
const colour = series({ key: "s3", frame: "", series: { colour: true, windows: [] } });
const k = kase(thin, thick, colour);
const s = scene(k);
const start = view(viewport({ place: 8 }));

test("scrolling does not go round the ends", () => {
  assert.equal(v.scroll(start, "a", s, 100).viewports[0].shows.place, 19);
  assert.equal(v.scroll(start, "a", s, -100).viewports[0].shows.place, 0);
  assert.equal(v.goTo(start, "a", s, Infinity).viewports[0].shows.place, 19);
});

test("a cine of one slice is scrolled along its times, not round the ends", () => {
  const cine = timed({ key: "cine", places: 1, labels: ["phase 1", "phase 2", "phase 3"] });
  const at = scene(kase(cine));
  const first = view(viewport({ series: "cine", place: 0 }));
  const shown = (changed) => changed.viewports[0].shows;
  assert.deepEqual(shown(v.scroll(first, "a", at, 1)), stack("cine", 0, 1));
  assert.deepEqual(shown(v.scroll(first, "a", at, 100)), stack("cine", 0, 2));
  assert.equal(v.scroll(first, "a", at, -1), first);
  assert.deepEqual(shown(v.goTo(first, "a", at, Infinity)), stack("cine", 0, 2));
  assert.deepEqual(shown(v.goTo(v.scroll(first, "a", at, 2), "a", at, 0)), stack("cine", 0, 0));
});

test("what changes nothing is the same view, so that nothing is sent", () => {
  assert.equal(v.scroll(start, "a", s, 0), start);
  assert.equal(v.activate(start, "a"), start);
  assert.equal(openSeries(start, "a", s, "s1"), start);
  assert.equal(v.scroll(start, "z", s, 1), start);
});

test("a series of the same frame of reference opens at the same place and scale", () => {
  const opened = openSeries(start, "a", s, "s2").viewports[0];
  assert.equal(opened.shows.place, 4);
  assert.deepEqual(opened.camera, start.viewports[0].camera);
});

test("another series opens whole, at its middle; colour has no window", () => {
  const opened = openSeries(start, "a", s, "s3").viewports[0];
  assert.equal(opened.shows.place, 5);
  assert.equal(opened.invert, false);
  assert.equal(opened.window, null);
  assert.equal(opened.camera.radius, 100);
  assert.equal(v.setWindow(openSeries(start, "a", s, "s3"), "a", s, { center: 1, width: 2 }).viewports[0].window, null);
});

test("reset brings back camera, window and greys, not the image", () => {
  let changed = v.invert(v.zoomBy(start, "a", s, 3), "a", s);
  changed = v.turn(v.setWindow(changed, "a", s, { center: 1, width: 2 }), "a", s, "flip-horizontal");
  const [back] = v.reset(changed, "a", s).viewports;
  assert.deepEqual([back.shows.place, back.window, back.invert], [8, { center: 40, width: 400 }, false]);
  assert.deepEqual([back.camera.right, back.camera.radius], [[1, 0, 0], 100]);
});

test("fit keeps how the picture is turned", () => {
  const fit = v.fit(v.turn(v.zoomBy(start, "a", s, 3), "a", s, "flip-horizontal"), "a", s).viewports[0];
  assert.deepEqual(
    fit.camera.right.map((x) => x + 0),
    [-1, 0, 0],
  );
  assert.ok(near(fit.camera.radius, 100));
});

test("one viewport again is that which was active, under the first id", () => {
  const two = { ...view(viewport(), viewport({ id: "b", series: "s2", place: 4 })), active: "b" };
  const one = single(two);
  assert.deepEqual([one.layout, one.active, one.link, one.viewports.length], [{ rows: 1, columns: 1 }, "a", null, 1]);
  assert.deepEqual([one.viewports[0].id, one.viewports[0].shows.series], ["a", "s2"]);
});

test("the other viewport is reached by arrows, without going round", () => {
  const two = view(viewport(), viewport({ id: "b" }));
  assert.equal(v.activateNext(two, 1).active, "b");
  assert.equal(v.activateNext(v.activateNext(two, 1), 1).active, "b");
  assert.equal(v.activateNext(two, -1).active, "a");
});

test("a series is compared with the most alike of another study", () => {
  const soft = series({ key: "p1", study: "before", series: { description: "CT soft" } });
  const lung = series({ key: "p2", study: "before" });
  const scout = series({ key: "p3", study: "before", down: [0, 0, -1] });
  assert.equal(partnerOf(kase(thin, thick, soft, lung, scout), thin).key, "p2");
  assert.equal(partnerOf(kase(thin, thick), thin), null);
});

const dwi = timed({
  key: "dwi",
  places: 5,
  labels: ["b 0", "b 500", "b 1000"],
  missing: [
    [1, 2],
    [2, 3],
    [2, 4],
  ],
});
const t = scene(kase(dwi, thin));
const at = (place, time) =>
  view(viewport({ series: "dwi", place, time, window: { center: 1, width: 9 }, invert: true }));
const shows = (seen) => seen.viewports[0].shows;

test("stepping the time keeps place, camera and window, and does not go round the ends", () => {
  const next = v.scrollTime(at(1, 0), "a", t, 1);
  assert.deepEqual(next.viewports, [{ ...at(1, 0).viewports[0], shows: stack("dwi", 1, 1) }]);
  assert.deepEqual(shows(v.scrollTime(at(1, 0), "a", t, 9)), stack("dwi", 1, 2));
  const last = at(1, 2);
  assert.equal(v.scrollTime(last, "a", t, 1), last);
  const plain = view(viewport());
  assert.equal(v.scrollTime(plain, "a", scene(k), 1), plain, "a series without a second axis has one time");
});

test("what is missing is stepped over, in time and along the stack", () => {
  assert.deepEqual(shows(v.scrollTime(at(2, 0), "a", t, 1)), stack("dwi", 2, 2));
  const end = at(3, 1);
  assert.equal(v.scrollTime(end, "a", t, 1), end);
  assert.deepEqual(shows(v.scroll(at(1, 1), "a", t, 1)), stack("dwi", 3, 1));
  assert.deepEqual(shows(v.scroll(at(3, 1), "a", t, -1)), stack("dwi", 1, 1));
  assert.deepEqual(shows(v.goTo(at(0, 2), "a", t, Infinity)), stack("dwi", 2, 2));
});

test("an image is gone to by its place and time, and a series opens at a time that has its image", () => {
  assert.deepEqual(shows(v.goToImage(at(0, 0), "a", t, 9)), stack("dwi", 0, 2));
  const late = timed({ key: "late", frame: "", missing: [[0, 2]] });
  assert.deepEqual(shows(openSeries(at(0, 0), "a", scene(kase(dwi, late)), "late")), stack("late", 2, 1));
});

const FOUR = { rows: 2, columns: 2 };

test("two by two has what is shown, then the case's next series, and nothing is linked", () => {
  const two = {
    ...view(viewport({ series: "s2", place: 4 }), viewport({ id: "b", series: "s1" })),
    active: "b",
    link: {},
  };
  const filled = grid(two, s, FOUR);
  assert.deepEqual([filled.layout, filled.active, filled.link], [{ rows: 2, columns: 2 }, "b", null]);
  assert.deepEqual(
    filled.viewports.map((w) => [w.id, w.shows.series]),
    [
      ["a", "s2"],
      ["b", "s1"],
      ["c", "s3"],
      ["d", "s2"],
    ],
  );
  assert.deepEqual(grid(filled, s, FOUR).viewports, filled.viewports);
  assert.deepEqual([single(filled).viewports.length, compare(filled, s).viewports.length], [1, 2]);
});

test("a grid of any size is filled, and a smaller one keeps the active picture", () => {
  const nine = grid(view(viewport({ series: "s1" })), s, { rows: 3, columns: 3 });
  assert.deepEqual(nine.viewports.map((w) => w.id).join(""), "abcdefghi");
  assert.deepEqual(
    nine.viewports.slice(0, 4).map((w) => w.shows.series),
    ["s1", "s2", "s3", "s1"],
  );
  const last = { ...nine, active: "i", viewports: nine.viewports.map((w, i) => ({ ...w, invert: i === 8 })) };
  const row = grid(last, s, { rows: 1, columns: 3 });
  assert.deepEqual([row.active, row.viewports.map((w) => w.invert)], ["c", [false, false, true]]);
});

test("the other viewport is the next, and the first after the last", () => {
  const all = ["a", "b", "c"].map((active) => ({ ...view(...["a", "b", "c"].map((id) => viewport({ id }))), active }));
  assert.deepEqual(
    all.map((one) => v.activateOther(one).active),
    ["b", "c", "a"],
  );
});

test("a tilted stack keeps its matrix on the screen while one scrolls, and its points in the patient", () => {
  const tilted = series({ images: 5 });
  tilted.grid.positions = tilted.grid.positions.map(([x, y, z], i) => [x, y + 1.25 * i, z]);
  const sc = scene(kase(tilted));
  const at = ({ viewports: [shown] }) => pixel(tilted.grid, shown.shows.place, shown.camera.center);
  const before = view(viewport({ place: 1 }));
  const there = v.scroll(before, "a", sc, 3);
  assert.equal(there.viewports[0].shows.place, 4);
  assert.ok(at(before).every((value, i) => near(value, at(there)[i])));
  const mark = point(tilted.grid, 4, 10, 20);
  const rect = sc.rects.get("a");
  const [x, y] = pixelAt(there.viewports[0].camera, rect, mark);
  const onScreen = pixelAt(before.viewports[0].camera, rect, point(tilted.grid, 1, 10, 20));
  assert.ok(near(x, onScreen[0]) && near(y, onScreen[1]), "the same image pixel lies at the same place of the screen");
  const back = pointAt(there.viewports[0].camera, rect, x, y);
  assert.ok(near(back[0], mark[0]) && near(back[1], mark[1]));
  const home = v.goTo(there, "a", sc, 1).viewports[0].camera;
  assert.ok(home.center.every((value, i) => near(value, before.viewports[0].camera.center[i])));
});
