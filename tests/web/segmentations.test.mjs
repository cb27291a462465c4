import assert from "node:assert/strict";
import { test } from "node:test";
import { openSeries } from "../../web/js/core/view/opening/series.js";
import { sameSegmentations } from "../../web/js/core/segmentations/same.js";
import { leavePlanes, planesOf } from "../../web/js/core/planes/arranging.js";
import * as s from "../../web/js/core/segmentations/segmentations.js";
import { kase, scene, series, view, viewport } from "./examples.mjs";

const liver = {
  key: "g1",
  study: "st-1",
  kind: "regions",
  name: "Liver, Lesion",
  number: 90,
  segments: [
    { number: 1, label: "Liver", colour: [250, 0, 6] },
    { number: 3, label: "Lesion", colour: [0, 0, 255] },
  ],
  over: ["s1", "s2"],
  spans: [
    [10, 14],
    [5, 7],
  ],
  resampled: ["s2"],
  note: "",
  why: "",
};
const elsewhere = { ...liver, key: "g2", over: [], spans: [], resampled: [], why: "It lies elsewhere." };
const thin = series({ key: "s1", images: 20, step: 5 });
const thick = series({ key: "s2", images: 10, step: 10 });
const other = series({ key: "s3", frame: "f-2" });
const k = { ...kase(thin, thick, other), segmentations: [liver, elsewhere] };
const at = scene(k);
const inSpace = { ...k, segmentations: [{ ...liver, planes: ["s1", "s2"] }] };
const start = view(viewport({ series: "s1", place: 12 }));
const on = s.switchedOn(start, at, "g1");
const shown = (v, i = 0) => v.viewports[i].segmentations ?? [];

test("what is switched on is shown with all its segments, and off again leaves nothing", () => {
  assert.deepEqual(shown(on), [{ key: "g1", opacity: 0.4, hidden: [] }]);
  assert.equal(on.viewports[0].shows.place, 12);
  assert.deepEqual(shown(s.switchedOff(on, k, "g1")), []);
});

test("contours are outlines when they are switched on: one round the body tints nothing", () => {
  const structures = { ...k, segmentations: [{ ...liver, kind: "contours" }] };
  const drawn = s.switchedOn(start, scene(structures), "g1");
  assert.deepEqual(shown(drawn), [{ key: "g1", opacity: 0.4, hidden: [], style: "outline" }]);
  assert.equal(
    s.segmentationWords(structures, drawn.viewports[0])[0].text,
    "RT structure set: Liver, Lesion · outline",
  );
});

test("it goes where something of it is, and to a series that it lies over", () => {
  const away = view(viewport({ series: "s1", place: 2 }));
  assert.equal(s.switchedOn(away, at, "g1").viewports[0].shows.place, 12);
  const elsewhereShown = s.switchedOn(view(viewport({ series: "s3", place: 1 })), at, "g1");
  assert.equal(elsewhereShown.viewports[0].shows.series, "s1");
  assert.equal(shown(elsewhereShown).length, 1);
  assert.equal(s.switchedOn(start, at, "g2"), start);
});

test("each segment is switched for itself, in every viewport that shows a series of it", () => {
  const two = { ...on, viewports: [...on.viewports, { ...on.viewports[0], id: "b" }] };
  const less = s.segmentSwitched(two, k, "g1", 3);
  assert.deepEqual(
    less.viewports.map((v) => v.segmentations[0].hidden),
    [[3], [3]],
  );
  assert.deepEqual(shown(s.segmentSwitched(less, k, "g1", 1))[0].hidden, [1, 3]);
  assert.deepEqual(shown(s.segmentSwitched(less, k, "g1", 3))[0].hidden, []);
  assert.deepEqual(shown(s.allSwitched(two, k, "g1", false))[0].hidden, [1, 3]);
  assert.equal(shown(s.faded(two, k, "g1", 0.8), 1)[0].opacity, 0.8);
});

test("another series of its space keeps it, one of another space does not", () => {
  assert.equal(shown(openSeries(on, "a", at, "s2")).length, 1);
  assert.equal(shown(openSeries(on, "a", at, "s3")).length, 0);
});

test("the picture names what is shown, its colours, and that pixels are not its own", () => {
  const words = (v) => s.segmentationWords(k, v.viewports[0]).map(({ text }) => text);
  assert.deepEqual(words(on), ["Segmentation: Liver, Lesion · 40\u00a0%", "Liver", "Lesion"]);
  assert.deepEqual(words(s.segmentSwitched(on, k, "g1", 1)).slice(1), ["Lesion"]);
  assert.match(words(openSeries(on, "a", at, "s2"))[1], /nearest/);
  assert.equal(s.segmentationLine(k, on.viewports[0]), "Liver, Lesion");
});

const plane = { type: "plane", volume: { series: "s1", time: 0 }, name: "axial" };

test("it is drawn over planes of the series that it names for that, and over no whole volume", () => {
  const over = (shows, kase = inSpace) => s.drawnIn(kase, { ...on.viewports[0], shows }).length;
  assert.equal(over(plane, k), 0);
  assert.equal(over(plane), 1);
  assert.equal(over({ ...plane, whole: true }), 0);
  const fusion = { type: "fusion", base: { ...plane, volume: { series: "s3" } }, over: { series: "s1" } };
  assert.equal(over(fusion), 1);
  assert.equal(over(fusion, k), 0);
});

test("planes of a series keep what was on, and the image that they are left for", () => {
  const planes = planesOf(on, scene(inSpace));
  assert.equal(planes.viewports.length, 3);
  assert.deepEqual(
    planes.viewports.map((v) => v.segmentations?.length),
    [1, 1, 1],
  );
  assert.equal(shown(leavePlanes(planes, scene(inSpace))).length, 1);
  assert.deepEqual(
    s.switchedOff(planes, inSpace, "g1").viewports.map((v) => v.segmentations),
    [[], [], []],
  );
});

test("switched on over planes, the crosshair goes where something of it is, and only then", () => {
  const z = (view) => view.crosshair.point[2];
  const planes = planesOf(view(viewport({ series: "s1", place: 2 })), scene(inSpace));
  const there = s.switchedOn(planes, scene(inSpace), "g1");
  assert.equal(z(there), thin.grid.positions[12][2]);
  assert.equal(there.layout.columns, 3);
  assert.equal(z(s.switchedOn(s.switchedOff(there, inSpace, "g1"), scene(inSpace), "g1")), z(there));
});

test("what lies on planes alone opens them", () => {
  const slanted = { ...liver, key: "g3", over: [], spans: [], planes: ["s1"], why: "Its planes are not parallel." };
  const kase3 = { ...k, segmentations: [slanted] };
  const opened = s.switchedOn(view(viewport({ series: "s3", place: 1 })), scene(kase3), "g3");
  assert.deepEqual(
    opened.viewports.map((v) => v.shows.type),
    ["plane", "plane", "plane"],
  );
  assert.deepEqual(
    opened.viewports.map((v) => v.segmentations.length),
    [1, 1, 1],
  );
});

test("filled or outlined is said by the picture", () => {
  const outlined = s.styled(on, k, "g1", "outline");
  assert.equal(shown(outlined)[0].style, "outline");
  assert.match(s.segmentationWords(k, outlined.viewports[0])[0].text, /outline$/);
  assert.ok(!sameSegmentations(shown(outlined), shown(on)));
  assert.ok(sameSegmentations(shown(s.styled(outlined, k, "g1", "fill")), shown(on)));
});

test("pictures show the same only where key, opacity and segments are the same", () => {
  const one = { key: "g1", opacity: 0.4, hidden: [] };
  assert.ok(sameSegmentations([one], [{ key: "g1" }]));
  assert.ok(!sameSegmentations([one], [{ ...one, opacity: 0.41 }]));
  assert.ok(!sameSegmentations([one], [{ ...one, hidden: [1] }]));
  assert.ok(!sameSegmentations([one], []));
});
