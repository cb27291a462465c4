/** How a file asks to be shown: presets by the part of the body, masks, overlays, notes, regions, both sides whole. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAge } from "../../web/js/core/format.js";
import { valueText } from "../../web/js/core/marks/measure.js";
import { stateBadges } from "../../web/js/core/view/badges.js";
import { isSubtracted } from "../../web/js/core/view/series.js";
import { mmPerPixel } from "../../web/js/core/view/camera.js";
import { corners, seriesName } from "../../web/js/core/view/corner.js";
import { compare, ONE } from "../../web/js/core/view/opening/layouts.js";
import { openSeries } from "../../web/js/core/view/opening/series.js";
import { maskFrames, shiftMask } from "../../web/js/core/view/cine/mask.js";
import * as views from "../../web/js/core/view/view.js";
import { MaskControl } from "../../web/js/features/viewing/mask-control.js";
import { dragWindow, isMeasured, presetsOf, sameWindow } from "../../web/js/core/view/windows.js";
import { scaleBar } from "../../web/js/core/view/scale-bar.js";

const grid = (more = {}) => ({
  space: "image",
  rows: 100,
  columns: 100,
  row_spacing: 1,
  column_spacing: 1,
  unit: "px",
  right: [1, 0, 0],
  down: [0, 1, 0],
  positions: [
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ],
  ...more,
});
const series = (more = {}) => ({
  key: "s",
  study: "st",
  modality: "XA",
  number: 1,
  description: "DSA",
  images: 3,
  grid: grid(),
  windows: [{ window: { center: 40, width: 400 } }],
  ...more,
});
const kase = (...all) => ({
  id: "c1",
  title: "",
  patient: { name: "DEMO^ANNA", id: "1" },
  studies: [
    { key: "st", description: "", date: "2026-11-24", time: "" },
    { key: "old", description: "", date: "2026-05-24", time: "", prior: true },
  ],
  series: all,
});
const camera = { center: [49.5, 49.5, 0], radius: 50, right: [1, 0, 0], down: [0, 1, 0] };
const viewport = (more = {}) => ({
  id: "a",
  shows: { type: "stack", series: "s", place: 1, time: 0 },
  camera,
  window: { center: 40, width: 400 },
  invert: false,
  ...more,
});
const texts = (badges) => badges.map((b) => b.text);
const more = { prior: false, comparing: false, loading: null };
const view = (v) => ({ layout: ONE, viewports: [v], active: "a", link: null });

test("a head is offered brain and subdural first, a chest lung, each with its own key", () => {
  const ct = (body_part) => series({ modality: "CT", unit: "HU", body_part });
  const names = (part) => presetsOf(ct(part)).map((p) => p.name);
  assert.deepEqual(names("HEAD").slice(0, 3), ["Brain", "Subdural", "Stroke"]);
  assert.deepEqual(names("CHEST").slice(0, 2), ["Lung", "Mediastinum"]);
  assert.equal(names("")[0], "Soft tissue");
  assert.equal(presetsOf(ct("HEAD"))[0].key, "5");
  assert.equal(new Set(names("HEAD")).size, names("HEAD").length);
});

test("a measured window is called so, never from the file", () => {
  const windows = [{ window: { center: 50, width: 100 }, measured: true }];
  const ct = series({ modality: "CT", unit: "HU", windows });
  assert.equal(presetsOf(ct).at(-1).name, "Measured");
  assert.ok(isMeasured(ct, { center: 50, width: 100 }));
  assert.match(
    corners({ kase: kase(ct), series: ct, viewport: { ...viewport({ window: windows[0].window }), scale: 1 } })
      .bottomLeft[0].text,
    /measured/,
  );
});

test("VOI LUTs are presets by their explanation, and a drag keeps the LUT", () => {
  const window = { center: 2048, width: 4096, lut: 2 };
  const dx = series({ modality: "DX", windows: [{ window, explanation: "HARDER" }] });
  assert.deepEqual(
    presetsOf(dx).map((p) => p.name),
    ["HARDER"],
  );
  assert.equal(dragWindow(window, 10, 0).lut, 2);
  assert.ok(!sameWindow(window, { ...window, lut: 1 }));
});

test("a mask says whether it is subtracted, and with it goes the window", () => {
  const windows = [
    { window: { center: -50, width: 200 }, measured: true, subtracted: true },
    { window: { center: 1650, width: 3000 } },
  ];
  const xa = series({ presents: ["mask"], subtracted: [[1, 2]], windows });
  assert.ok(!isSubtracted(xa, 0, 0) && isSubtracted(xa, 1, 0));
  assert.deepEqual(texts(stateBadges(viewport(), xa, more)), ["SUBTRACTED"]);
  const scene = { kase: kase(xa), rects: new Map() };
  const plain = views.togglePart(view(viewport({ window: windows[0].window })), "a", scene, "mask").viewports[0];
  assert.deepEqual([plain.without, plain.window], [["mask"], windows[1].window]);
  assert.deepEqual(texts(stateBadges(plain, xa, more)), ["UNSUBTRACTED"]);
  const again = views.togglePart(view(plain), "a", scene, "mask").viewports[0];
  assert.deepEqual([again.without, again.window], [[], windows[0].window]);
  const mask = views.goTo(view(again), "a", scene, 0).viewports[0];
  assert.deepEqual([mask.shows.place, mask.window], [0, windows[1].window], "the mask itself is not subtracted");
  assert.deepEqual(views.goTo(view(mask), "a", scene, 2).viewports[0].window, windows[0].window);
});

test("a hidden overlay and an opened shutter are said, and a note keeps what the file holds", () => {
  const cr = series({ presents: ["overlay", "shutter"], note: "geometry not usable: PixelSpacing 0,143\\0,143" });
  assert.deepEqual(texts(stateBadges(viewport({ without: ["overlay"] }), cr, more)), [
    "OVERLAY HIDDEN",
    "SHUTTER",
    "GEOMETRY NOT USABLE: PixelSpacing 0,143\\0,143",
  ]);
  assert.deepEqual(texts(stateBadges(viewport(), series({ note: "not for reading" }), more)), ["NOT FOR READING"]);
});

test("a clip opens at its first frame, PET dark on white", () => {
  const pt = series({ key: "pt", modality: "PT" });
  const scene = { kase: kase(series(), pt), rects: new Map() };
  const opened = openSeries(view(viewport()), "a", scene, "pt").viewports[0];
  assert.deepEqual([opened.shows.place, opened.invert], [0, true]);
  assert.ok(views.reset(view({ ...opened, invert: false }), "a", scene).viewports[0].invert);
});

test("a projection is called by side and view", () => {
  assert.equal(seriesName(series({ description: "Mammography", projections: ["R MLO"] })), "Mammography, R MLO");
  assert.equal(seriesName(series({ description: "MG R MLO", projections: ["R MLO"] })), "MG R MLO");
});

test("a length in ultrasound is by its region, and none in a trace", () => {
  const regions = [
    [
      { box: [20, 20, 140, 69], mm: [0.5, 0.5] },
      { box: [20, 70, 140, 109], mm: null },
    ],
  ];
  const us = series({ modality: "US", colour: true, regions });
  const words = (...points) => valueText({ id: "m", kind: "length", series: "s", image: 0, points }, us, null).title;
  assert.equal(words([30, 30, 0], [70, 30, 0]), "20.0\u00a0mm");
  assert.equal(words([30, 80, 0], [70, 80, 0]), "No length");
  assert.equal(words([30, 60, 0], [30, 80, 0]), "No length");
  assert.equal(words([0, 0, 0], [10, 0, 0]), "10.0\u00a0px");
});

test("ultrasound: areas in tissue, velocities and times in a spectrum, depths and times in an M-mode", () => {
  const regions = [
    [
      { box: [0, 0, 99, 49], mm: [0.5, 0.25], axes: null },
      { box: [0, 50, 99, 99], mm: null, axes: { time_ms: 10, down: -1.5, unit: "cm/s", zero: 75 } },
      { box: [100, 0, 199, 99], mm: null, axes: { time_ms: 4, down: 0.2, unit: "mm", zero: null } },
    ],
  ];
  const us = series({ modality: "US", colour: true, regions });
  const words = (kind, ...points) => {
    const shape = { id: "m", kind, series: "s", image: 0, points: points.map(([x, y]) => [x, y, 0]) };
    const { title, more } = valueText(shape, us, null);
    return [title, more].map((text) => text.replaceAll("\u00a0", " "));
  };
  assert.deepEqual(words("rectangle", [10, 10], [20, 10], [20, 20], [10, 20]), ["13 mm²", ""]);
  assert.deepEqual(words("polyline", [10, 10], [16, 26], [16, 46]), ["10.0 mm", ""]);
  assert.deepEqual(words("length", [10, 60], [42, 90]), ["45.0 cm/s", "0.32 s"]);
  assert.deepEqual(words("probe", [10, 85]), ["\u221215.0 cm/s", ""]);
  assert.deepEqual(words("length", [110, 10], [190, 60]), ["10.0 mm", "320 ms"]);
  assert.deepEqual(words("circle", [50, 60], [60, 60], [50, 70]), ["No area", "this region has none"]);
  assert.deepEqual(words("cobb", [10, 10], [20, 10], [10, 60], [20, 62]), ["No angle", "from one region to another"]);
});

test("compared at one scale, neither of two is cropped", () => {
  const place = (columns, key, study) =>
    series({
      key,
      study,
      modality: "CT",
      unit: "HU",
      grid: grid({
        space: "patient",
        unit: "mm",
        columns,
        rows: columns,
        positions: [[-columns / 2, -columns / 2, 0]],
      }),
      images: 1,
    });
  const [small, large] = [place(100, "s", "st"), place(400, "p", "old")];
  const fitted = { center: [-0.5, -0.5, 0], radius: 50, right: [1, 0, 0], down: [0, 1, 0] };
  const shown = viewport({ camera: fitted, shows: { type: "stack", series: "s", place: 0, time: 0 } });
  const rect = [0, 0, 500, 500];
  const scene = { kase: kase(small, large), rects: new Map([["a", rect]]) };
  const both = compare(view(shown), scene);
  const scales = both.viewports.map((v) => mmPerPixel(v.camera, rect));
  assert.equal(scales[0], scales[1]);
  assert.ok(both.viewports.every((v) => v.camera.radius >= 200));
  assert.ok(views.fit({ ...both }, "a", scene).viewports.every((v) => v.camera.radius >= 200));
});

test("an age of 0 is none, and a scale bar says what its millimetres are", () => {
  assert.equal(formatAge("000Y"), "");
  assert.equal(scaleBar(0.5, 800, "mm calibrated (fiducial)").text, "5 cm calibrated (fiducial)");
  assert.equal(scaleBar(0.5, 800, "mm at detector").text, "5 cm at detector");
});

test("a mask that is moved says by how much, in tenths of a pixel, and goes back with a reset", () => {
  const xa = series({ presents: ["mask"], subtracted: [[1, 5]] });
  const scene = { kase: kase(xa), rects: new Map() };
  const moved = shiftMask(view(viewport()), "a", scene, [-0.5, 1.24]).viewports[0];
  assert.deepEqual(moved.mask_shift, [-0.5, 1.2]);
  assert.deepEqual(texts(stateBadges(moved, xa, more)), ["SUBTRACTED", "MASK MOVED →\u00a01.2 ↑\u00a00.5\u00a0px"]);
  assert.deepEqual(shiftMask(view(moved), "a", scene, [0, -900]).viewports[0].mask_shift, [0, -64]);
  assert.deepEqual(views.reset(view(moved), "a", scene).viewports[0].mask_shift, [0, 0]);
  const plain = view(viewport({ without: ["mask"] }));
  assert.equal(shiftMask(plain, "a", scene, [1, 1]), plain, "what is not subtracted is not moved");
});

test("arrows, the arrow keys and a drag of the figures move the mask", () => {
  const xa = series({ presents: ["mask"], subtracted: [[1, 5]] });
  const [k, navigation] = [kase(xa), { view: view(viewport()), mayMove: true, activeSeries: xa }];
  Object.defineProperty(navigation, "activeViewport", { get: () => navigation.view.viewports[0] });
  navigation.change = (how) => Object.assign(navigation, { view: how(navigation.view, { kase: k, rects: new Map() }) });
  const control = new MaskControl({ navigation });
  const shift = () => navigation.view.viewports[0].mask_shift;
  control.step([0, 1], false);
  control.step([1, 0], true);
  assert.deepEqual(shift(), [0.1, 0.5]);
  const press = { key: "ArrowLeft", shiftKey: false, preventDefault() {}, stopPropagation() {} };
  control.key(press);
  assert.deepEqual(shift(), [0.1, 0]);
  control.hold({ currentTarget: { setPointerCapture() {} }, pointerId: 1, clientX: 10, clientY: 10 });
  control.drag({ clientX: 30, clientY: 5 });
  control.release();
  control.drag({ clientX: 90, clientY: 90 });
  assert.deepEqual(shift(), [-0.4, 2]);
  assert.deepEqual(control.items.map(({ name }) => name).at(-1), "Mask as in the file");
});

test("other frames make the mask, and the picture says which; a reset leads back to the file's", () => {
  const xa = series({ presents: ["mask"], subtracted: [[1, 5]] });
  const scene = { kase: kase(xa), rects: new Map() };
  const other = maskFrames(view(viewport()), "a", scene, [3, 1, 3]).viewports[0];
  assert.deepEqual(other.mask_frames, [1, 3], "each once, in their order");
  assert.deepEqual(texts(stateBadges(other, xa, more)), ["SUBTRACTED", "MASK: MEAN OF FRAMES 2, 4"]);
  const one = maskFrames(view(other), "a", scene, [4]).viewports[0];
  assert.deepEqual(texts(stateBadges(one, xa, more)), ["SUBTRACTED", "MASK: FRAME 5"]);
  assert.equal(maskFrames(view(one), "a", scene, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]).viewports[0].mask_frames.length, 8);
  assert.deepEqual(views.reset(view(one), "a", scene).viewports[0].mask_frames, []);
  const plain = view(viewport({ without: ["mask"] }));
  assert.equal(maskFrames(plain, "a", scene, [1]), plain);
  const ct = { kase: kase(series({})), rects: new Map() };
  assert.deepEqual(maskFrames(view(viewport()), "a", ct, [1]).viewports[0].mask_frames ?? [], []);
  assert.notEqual(views.chromeKey(view(one)), views.chromeKey(view(other)), "its control is drawn anew");
});

test("the frame that is shown is taken as the mask, put into its mean, and taken out of it", () => {
  const xa = series({ presents: ["mask"], subtracted: [[1, 5]] });
  const start = view(viewport({ shows: { type: "stack", series: "s", place: 0, time: 0 } }));
  const [k, navigation] = [kase(xa), { view: start, mayMove: true, activeSeries: xa }];
  Object.defineProperty(navigation, "activeViewport", { get: () => navigation.view.viewports[0] });
  const scene = { kase: k, rects: new Map() };
  navigation.change = (how) => Object.assign(navigation, { view: how(navigation.view, scene) });
  const control = new MaskControl({ navigation });
  const frames = () => navigation.view.viewports[0].mask_frames ?? [];
  const choose = (name) => control.frameItems.find((item) => item.name === name).choose();
  assert.equal(control.here, false, "nothing is subtracted from the file's own mask");
  assert.equal(control.chooses, true, "it can be chosen there all the same");
  choose("This frame (1) alone is the mask");
  navigation.view = views.goTo(navigation.view, "a", scene, 2);
  assert.deepEqual(frames(), [0], "it stays while one scrolls");
  choose("Add this frame (3) to the mask");
  assert.deepEqual(frames(), [0, 2]);
  choose("Take this frame (3) out of the mask");
  assert.deepEqual(frames(), [0]);
  choose("Mask of the file");
  assert.deepEqual(frames(), []);
});
