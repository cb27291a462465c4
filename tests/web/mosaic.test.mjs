/** A mosaic: consecutive images of one series in one grid, scrolled as one. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { stateBadges } from "../../web/js/core/view/badges.js";
import { started, stopped } from "../../web/js/core/view/cine/playing.js";
import { compactCorners, corners } from "../../web/js/core/view/corner.js";
import { cellPlaces, honest, mostStep, pageOf } from "../../web/js/core/view/mosaic/cells.js";
import { grid, mosaic, single } from "../../web/js/core/view/opening/layouts.js";
import { openSeries } from "../../web/js/core/view/opening/series.js";
import * as v from "../../web/js/core/view/view.js";
import { kase, scene, series, stamp, timed, view, viewport } from "./examples.mjs";

const { mosaics } = JSON.parse(readFileSync(new URL("../mosaics.json", import.meta.url), "utf8"));
const FOUR = { rows: 2, columns: 2 };
const NINE = { rows: 3, columns: 3 };
const long = series({ key: "s1", images: 20 });
const short = series({ key: "s2", images: 3, series: { number: 5 } });
const other = series({ key: "s3", images: 12, frame: "f9" });
const k = kase(long, short, other);
const s = scene(k);
const places = (of) => of.viewports.map(({ shows }) => shows.place);
const start = mosaic(view(viewport({ place: 8 })), s, { layout: FOUR, step: 1 });

for (const { name, places: count, missing, time, step, cells, leader, shows } of mosaics)
  test(`which places the cells show: ${name}`, () => {
    const of = timed({ places: count, missing: missing.map((place) => [1, place]) });
    assert.deepEqual(cellPlaces(of, { place: leader[1], time }, { at: leader[0], cells, step }), shows);
  });

test("it begins with the image that is shown; the same in all but the image", () => {
  assert.deepEqual(places(start), [8, 9, 10, 11]);
  assert.deepEqual([start.layout, start.mosaic, start.active, start.link], [FOUR, { step: 1 }, "a", null]);
  const looks = start.viewports.map(({ id: _, shows: __, ...look }) => look);
  for (const look of looks) assert.deepEqual(look, looks[0]);
});

test("whichever cell is scrolled, all go on, and stop at the ends together", () => {
  assert.deepEqual(places(v.scroll(start, "c", s, 1)), [9, 10, 11, 12]);
  assert.deepEqual(places(v.scroll(start, "d", s, -3)), [5, 6, 7, 8]);
  assert.deepEqual(places(v.goTo(start, "b", s, Infinity)), [16, 17, 18, 19]);
  assert.deepEqual(places(v.goTo(start, "d", s, 0)), [0, 1, 2, 3]);
  assert.deepEqual(places(v.goToImage(start, "b", s, 15)), [14, 15, 16, 17]);
});

test("a large step is a page, of what is between the cells too", () => {
  assert.equal(pageOf(start), 4);
  assert.equal(pageOf(view(viewport())), 5);
  const wide = mosaic(start, s, { layout: FOUR, step: 3 });
  assert.deepEqual([places(wide), pageOf(wide)], [[8, 11, 14, 17], 12]);
  assert.deepEqual(places(v.scroll(start, "a", s, pageOf(start))), [12, 13, 14, 15]);
});

test("window, zoom, inversion and turn of one are those of all", () => {
  for (const change of [
    (of) => v.setWindow(of, "c", s, { center: 1, width: 2 }),
    (of) => v.invert(of, "b", s),
    (of) => v.zoomBy(of, "a", s, 2),
    (of) => v.panBy(of, "b", s, 5, 9),
    (of) => v.turn(of, "a", s, "flip-horizontal"),
  ]) {
    const next = change(start);
    const [first, ...more] = next.viewports.map(({ id: _, shows: __, ...look }) => look);
    assert.notDeepEqual(first, { ...start.viewports[0], id: undefined, shows: undefined });
    for (const look of more) assert.deepEqual(look, first);
    assert.deepEqual(places(next), places(start));
  }
});

test("a tilted stack stays where it is on the screen, cell by cell", () => {
  const tilted = series({ key: "s1", images: 20 });
  tilted.grid.positions = tilted.grid.positions.map(([x, y, z], i) => [x, y + i, z]);
  const at = scene(kase(tilted));
  const [a, , , d] = mosaic(view(viewport({ place: 8 })), at, { layout: FOUR, step: 2 }).viewports;
  assert.deepEqual(d.camera.center, [a.camera.center[0], a.camera.center[1] + 6, a.camera.center[2]]);
});

test("the step gives way to a short series; of too few images there is none", () => {
  assert.equal(mostStep(long, 0, 4), 6);
  assert.deepEqual(places(mosaic(start, s, { layout: FOUR, step: 99 })), [1, 7, 13, 19]);
  const few = view(viewport({ series: "s2", place: 1 }));
  assert.equal(mosaic(few, s, { layout: FOUR, step: 1 }), few);
});

test("another series takes all cells; where it is too short, it is in its own alone, and no mosaic", () => {
  const next = openSeries(start, "b", s, "s3");
  assert.deepEqual([next.viewports.map(({ shows }) => shows.series), next.mosaic], [Array(4).fill("s3"), { step: 1 }]);
  const mixed = openSeries(start, "b", s, "s2");
  assert.deepEqual([mixed.viewports.map(({ shows }) => shows.series), mixed.mosaic], [["s1", "s2", "s1", "s1"], null]);
});

test("what is no mosaic any more is not called one", () => {
  assert.equal(honest(start, k), start);
  assert.equal(honest(single(start), k).mosaic, null);
  assert.equal(grid(start, s, FOUR).mosaic ?? null, null);
  const one = v.withViewport(start, { ...start.viewports[2], shows: { type: "stack", series: "s1", place: 3 } });
  assert.equal(honest(one, k).mosaic, null);
  const playing = { along: "place", first: 0, last: 19, rate: 1, since: 5 };
  assert.equal(honest(v.withViewport(start, { ...start.viewports[2], playing }), k).mosaic, null);
});

test("all cells play through time together", () => {
  const times = timed({ key: "s1", places: 9, labels: ["0 ms", "50 ms", "100 ms"] });
  const at = scene(kase(times));
  const nine = mosaic(view(viewport({ place: 2 })), at, { layout: NINE, step: 1 });
  assert.deepEqual(places(nine), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  const later = v.scrollTime(nine, "e", at, 1);
  assert.deepEqual(
    later.viewports.map(({ shows }) => shows.time),
    Array(9).fill(1),
  );
  const plays = started(later, "b", { along: "time", first: 0, last: 2, rate: 1 });
  assert.ok(plays.viewports.every(({ playing }) => playing.along === "time"));
  assert.ok(stopped(plays, "i").viewports.every(({ playing }) => playing === null));
});

test("one cell says who it is and how it is shown, the others which image they show", () => {
  const [first, second] = stamp(1, { viewports: start.viewports }).viewports;
  const shown = { kase: k, series: long, comparing: true, mosaic: start.mosaic };
  assert.equal(corners({ ...shown, viewport: first, identity: true }).topLeft[0].text, "DEMO, Anna");
  const cell = corners({ ...shown, viewport: second, identity: false });
  assert.deepEqual([cell.topLeft, cell.topRight, cell.bottomLeft], [[], [], []]);
  assert.match(cell.bottomRight.map(({ text }) => text).join(" "), /Loc.*Image.10.\/.20/);
  assert.equal(compactCorners({ ...shown, viewport: second, identity: false }).topRight.length, 1);
});

test("the picture says that it is a mosaic, and warns of images that are left out", () => {
  const [first] = stamp(1, { viewports: start.viewports }).viewports;
  const words = (step) =>
    stateBadges(first, long, { role: "", comparing: true, loading: null, mosaic: step ? { step } : null })[0];
  assert.deepEqual(words(1), { text: "MOSAIC", tone: "plain" });
  assert.deepEqual(words(5), { text: "MOSAIC, ONE OF 5 SHOWN", tone: "warn" });
  assert.equal(words(0), undefined);
});
