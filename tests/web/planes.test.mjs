import assert from "node:assert/strict";
import { test } from "node:test";
import { cutOn } from "../../web/js/core/marks/marks.js";
import { linesBeside, valueText } from "../../web/js/core/marks/measure.js";
import { placed, spotAt } from "../../web/js/core/people/pointing.js";
import {
  arrangePlanes,
  comeBack,
  leavePlanes,
  petCt,
  planesAndMip,
  planesOf,
  threeRows,
  threeRowsAndMip,
} from "../../web/js/core/planes/arranging.js";
import { awayFrom, gripAt, linesIn, pointedAt, slabHandles, turnHandles } from "../../web/js/core/planes/crosshair.js";
import { dragged } from "../../web/js/core/planes/crosshair-drag.js";
import { fadeBy, fused, fusionWords, withFusions } from "../../web/js/core/planes/fusion.js";
import { oneUp, planeAlone } from "../../web/js/core/planes/layouts.js";
import { cameraNormal, isLinked } from "../../web/js/core/planes/parts.js";
import { isWhole, turnedBy, turnOf } from "../../web/js/core/planes/whole/turning.js";
import {
  aboveNothing,
  crosshairValues,
  readBy,
  suvName,
  suvWindow,
  uptakeWindow,
  whyNoSul,
  whyNoSuv,
} from "../../web/js/core/planes/uptake.js";
import { planePosition, slabName } from "../../web/js/core/planes/words.js";
import { cross, dot, subtract } from "../../web/js/core/vec.js";
import { referenceLines } from "../../web/js/core/pictures/reference-lines.js";
import { compactCorners, corners } from "../../web/js/core/view/corner.js";
import { fidelityBadge, stateBadges } from "../../web/js/core/view/badges.js";
import { started } from "../../web/js/core/view/cine/playing.js";
import * as views from "../../web/js/core/view/view.js";
import { drawCrosshair } from "../../web/js/features/planes/crosshair-layer.js";
import { Cine } from "../../web/js/features/viewing/cine.js";
import { valuing } from "../../web/js/stage/told.js";
import { kase, near, series, view, viewport } from "./examples.mjs";

const ct = series({ key: "ct", images: 41, size: 100, spacing: 2, step: 5, series: { no_planes: "", suv: null } });
const suv = { body_weight: 0.0002, lean_mass: 0, reason: "" };
const pet = series({
  key: "pet",
  images: 21,
  size: 50,
  spacing: 4,
  step: 10,
  series: { modality: "PT", unit: "BQML", suv, no_planes: "", description: "PET", number: 9, windows: [] },
});
const of = kase(ct, pet);
const RECTS = new Map("abcdefghi".split("").map((id, i) => [id, [(i % 3) * 400, Math.floor(i / 3) * 400, 400, 400]]));
const scene = { kase: of, rects: RECTS };
const image = view(
  viewport({
    series: "ct",
    place: 20,
    camera: { center: [99, 99, 100], radius: 100, right: [1, 0, 0], down: [0, 1, 0] },
  }),
);
const opened = planesOf(image, scene);

/** As they are painted. */
const painted = (v) => ({
  stream: "still",
  rev: 1,
  case: 1,
  width: 1200,
  height: 1200,
  viewports: v.viewports.map((w) => ({ ...w, rect_px: RECTS.get(w.id), scale: 2, resampled: true })),
});
const drawn = (v, id) =>
  linesIn(
    painted(v).viewports.find((w) => w.id === id),
    v,
    of,
  );
const plain = (text) => text.replaceAll("\u00a0", " ");
const how = { slop: 6, ratio: 1, handles: true };
const held = (grip, from, to, more = {}) => ({ grip, from, to, alone: false, projection: "max", ratio: 1, ...more });

test("planes open through the middle of what is shown, in its window, and lead back to the image there", () => {
  assert.deepEqual(opened.crosshair.point, [99, 99, 100]);
  assert.deepEqual(
    opened.viewports.map((v) => v.shows.name),
    ["axial", "sagittal", "coronal"],
  );
  assert.deepEqual(opened.viewports[1].window, image.viewports[0].window);
  const back = leavePlanes(views.scroll(opened, "a", scene, 3), scene);
  assert.deepEqual(back.viewports[0].shows, { type: "stack", series: "ct", place: 17, time: 0 });
  assert.equal(back.crosshair, null);
});

test("one line for each other plane, in its direction, through the point", () => {
  const { at, lines } = drawn(opened, "a");
  assert.deepEqual(at, [200, 200]);
  assert.deepEqual(
    lines.map((line) => line.name),
    ["sagittal", "coronal"],
  );
  assert.ok(near(Math.abs(lines[0].along[1]), 1) && near(Math.abs(lines[1].along[0]), 1));
  const rows = threeRows(opened, scene, { ct, pet });
  assert.equal(linesIn(painted(rows).viewports[0], rows, of).lines.length, 2, "of three rows as of one");
});

test("no line runs through who it is, or through a letter", () => {
  globalThis.devicePixelRatio = 1;
  const [identity, letter] = [
    [150, 8, 100, 30],
    [4, 190, 12, 14],
  ];
  let path = [];
  let clips = [];
  const saved = [];
  const strokes = [];
  const context = new Proxy(
    {
      beginPath: () => (path = []),
      rect: (...box) => path.push(box),
      clip: (rule = "nonzero") => (clips = [...clips, { rule, path }]),
      save: () => saved.push(clips),
      restore: () => (clips = saved.pop()),
      stroke: () => strokes.push(clips),
    },
    { get: (own, name) => own[name] ?? (() => {}), set: () => true },
  );
  drawCrosshair(context, painted(opened), { view: opened, kase: of, clear: [identity, letter] }, () => true);
  assert.ok(strokes.length > 6);
  for (const within of strokes)
    for (const box of [identity, letter])
      assert.ok(
        within.some(({ rule, path: [, hole] }) => rule === "evenodd" && String(hole) === String(box)),
        "left out",
      );
});

test("a drag on a line moves its plane alone", () => {
  const d = drawn(opened, "a");
  const grip = gripAt(d, [200, 300], how);
  assert.deepEqual([grip.kind, grip.line.name], ["line", "sagittal"]);
  const moved = dragged(opened, of, held(grip, [200, 300], [230, 350]));
  assert.deepEqual(moved.crosshair.point.map(Math.round), [114, 99, 100]);
  const middle = dragged(opened, of, held(gripAt(d, [203, 200], how), [203, 200], [223, 240]));
  assert.deepEqual(middle.crosshair.point.map(Math.round), [109, 119, 100]);
});

test("a drag on a round handle turns both others with the pointer; with Shift it tilts one", () => {
  for (const id of ["a", "b", "c"]) {
    const d = drawn(opened, id);
    const [from] = turnHandles(d, d.lines[0]);
    const grip = gripAt(d, from, how);
    assert.equal(grip.kind, "turn");
    const turn = Math.PI / 6;
    const [x, y] = [from[0] - d.at[0], from[1] - d.at[1]];
    const to = [d.at[0] + x * Math.cos(turn) - y * Math.sin(turn), d.at[1] + x * Math.sin(turn) + y * Math.cos(turn)];
    const turned = dragged(opened, of, held(grip, from, to));
    const [handle] = turnHandles(drawn(turned, id), drawn(turned, id).lines[0]);
    const off = Math.abs((handle[0] - d.at[0]) * (to[1] - d.at[1]) - (handle[1] - d.at[1]) * (to[0] - d.at[0]));
    assert.ok(off < 1e-6, `${id}: the handle is below the pointer`);
    const tilted = dragged(opened, of, held(grip, from, to, { alone: true }));
    const changed = tilted.viewports.filter((v, i) => v !== opened.viewports[i]).map((v) => v.id);
    assert.deepEqual(changed, [d.lines[0].viewport]);
    const along = drawn(tilted, id).lines[0].along;
    assert.ok(Math.abs(along[0] * (to[1] - d.at[1]) - along[1] * (to[0] - d.at[0])) < 1e-6, `${id}: tilted so far`);
  }
});

test("a drag on a hollow handle makes a slab, and back to none", () => {
  const d = drawn(opened, "a");
  const [from] = slabHandles(d, d.lines[0], 1);
  const grip = gripAt(d, from, how);
  assert.equal(grip.kind, "slab");
  const thick = dragged(opened, of, held(grip, from, [from[0] + (from[0] > 200 ? 20 : -20), from[1]]));
  assert.deepEqual([thick.viewports[1].shows.slab_mm, thick.viewports[1].shows.projection], [20, "max"]);
  assert.equal(thick.viewports[0].shows.slab_mm, 0);
  assert.ok(near(drawn(thick, "a").lines[0].halfSlab, 20));
  assert.equal(dragged(thick, of, held(grip, from, [200, 300])).viewports[1].shows.slab_mm, 0);
  assert.equal(gripAt(d, from, { ...how, handles: false }), null);
});

test("on an image of the same space the point stands with its signed distance", () => {
  const square = arrangePlanes(views.scroll(opened, "a", scene, 2), scene, "square");
  assert.deepEqual(
    square.viewports.map((v) => v.shows.type),
    ["plane", "plane", "plane", "stack"],
  );
  const there = painted(views.scroll(square, "a", scene, 1)).viewports[3];
  assert.ok(near(awayFrom(there, { ...square.crosshair, point: [99, 99, 83] }, of).mm, 83 - 90));
  assert.equal(awayFrom(there, square.crosshair, kase({ ...ct, frame_of_reference: "x" }, pet))?.mm ?? null, 0);
});

test("one plane alone comes back among the others as they are turned by then", () => {
  const alone = oneUp(opened, "b");
  const d = drawn(opened, "a");
  const [from] = turnHandles(d, d.lines[0]);
  const turned = dragged(opened, of, held(gripAt(d, from, how), from, [from[0] + 40, from[1]]));
  const back = comeBack({ ...alone, crosshair: turned.crosshair }, { view: opened, id: "b" }, of);
  assert.deepEqual(
    back.viewports.map((v) => v.id),
    ["a", "b", "c"],
  );
  assert.ok(near(dot(cameraNormal(back.viewports[2].camera), cameraNormal(turned.viewports[2].camera)), 1));
});

test("one image alone comes back as it is by then, and what is linked to it comes along", () => {
  const a = viewport({ id: "a", series: "ct", place: 3 });
  const b = viewport({ id: "b", series: "ct", place: 3 });
  const two = { ...view(a, b), layout: { rows: 1, columns: 2 }, link: { offset_mm: 0, pan_mm: [0, 0] } };
  const alone = views.scroll(oneUp(two, "b"), "a", scene, 4);
  const back = comeBack(alone, { view: two, id: "b" }, of);
  assert.deepEqual(
    back.viewports.map((v) => [v.id, v.shows.place]),
    [
      ["a", 7],
      ["b", 7],
    ],
  );
  assert.equal(back.active, "b");
  const apart = comeBack(alone, { view: { ...two, link: null }, id: "b" }, of);
  assert.deepEqual(
    apart.viewports.map((v) => v.shows.place),
    [3, 7],
  );
});

test("the wheel goes the way that stacks run, keys to the ends, and reset straightens", () => {
  assert.ok(views.scroll(opened, "a", scene, 1).crosshair.point[2] < 100);
  assert.ok(views.scroll(opened, "b", scene, 1).crosshair.point[0] > 99);
  assert.ok(near(views.goTo(opened, "a", scene, Infinity).crosshair.point[2], -2.5));
  const d = drawn(opened, "a");
  const [from] = turnHandles(d, d.lines[0]);
  const turned = dragged(opened, of, held(gripAt(d, from, how), from, [from[0] + 40, from[1]]));
  const reset = views.reset(turned, "a", scene);
  assert.deepEqual(
    reset.viewports.map((v) => v.camera.right),
    opened.viewports.map((v) => v.camera.right),
  );
  assert.deepEqual(reset.crosshair.point, turned.crosshair.point);
});

test("planes of one volume have one window, and PET, CT and both are aimed together", () => {
  const windowed = views.setWindow(opened, "b", scene, { center: 1, width: 2 });
  assert.ok(windowed.viewports.every((v) => v.window.center === 1));
  const rows = threeRows(opened, scene, petCt(of, ct));
  assert.deepEqual(
    rows.viewports.map((v) => v.shows.type),
    [...Array(6).fill("plane"), ...Array(3).fill("fusion")],
  );
  const zoomed = views.zoomBy(rows, "a", scene, 2);
  assert.deepEqual(
    ["a", "d", "g"].map((id) => views.viewportOf(zoomed, id).camera.radius),
    [50, 50, 50],
  );
  assert.equal(views.viewportOf(zoomed, "b").camera.radius, views.viewportOf(rows, "b").camera.radius);
});

test("what is said of a plane: its name, place, slab and badge", () => {
  assert.equal(plain(planePosition(opened.viewports[0].camera)), "Loc 100.0 mm");
  assert.equal(plain(planePosition(opened.viewports[1].camera)), "L 99.0 mm");
  assert.equal(plain(planePosition(opened.viewports[2].camera)), "P 99.0 mm");
  assert.equal(plain(slabName({ ...opened.viewports[0].shows, slab_mm: 10, projection: "max" })), "MIP 10 mm");
  const [shown] = painted(opened).viewports;
  const texts = corners({ kase: of, viewport: shown, series: { ...ct, interpolated: "unevenly" }, comparing: true });
  assert.deepEqual(texts.topLeft[0], { text: "CT axial", strong: true, plane: "axial" });
  assert.ok(texts.bottomRight.some((line) => line.text === "unevenly" && line.warn));
  assert.equal(fidelityBadge({ fidelity: "exact", lossyForMs: 0, scale: 1, resampled: true }).text, "EXACT, RESAMPLED");
  const more = { role: "", comparing: true, loading: null, crosshair: opened.crosshair };
  assert.deepEqual(stateBadges(shown, ct, more), []);
});

test("a mark lies on every plane and image of its space that cuts it, and on no other", () => {
  const points = [
    [90, 99, 100],
    [120, 99, 100],
  ];
  const shape = {
    id: "m",
    kind: "length",
    series: "ct",
    image: 20,
    points,
    label: "",
    in_space: true,
    plane: "coronal",
  };
  const on = (v, id) => cutOn(shape, "f1", ct, views.viewportOf(v, id));
  assert.ok(on(opened, "a").whole && on(opened, "c").whole);
  assert.equal(on(opened, "b").whole, false);
  assert.equal(on(views.scroll(opened, "a", scene, 2), "a"), null);
  assert.ok(cutOn(shape, "f1", ct, image.viewports[0]).whole);
  assert.equal(cutOn(shape, "f1", ct, viewport({ series: "ct", place: 18 })), null);
});

test("a cursor on a plane is seen on the planes and images that have its place", () => {
  const stamp = painted(opened);
  const spot = spotAt(stamp, of, [450, 210]);
  assert.equal(spot.viewport, "b");
  assert.ok(near(spot.point[0], 99));
  const found = placed(spot, stamp, of, false);
  assert.deepEqual(
    found.places.map((p) => [p.viewport, p.echo]),
    [["b", false]],
  );
  const off = placed(
    { ...spot, point: [150, spot.point[1], spot.point[2]] },
    { ...stamp, viewports: [stamp.viewports[1]] },
    of,
    false,
  );
  assert.equal(off.off.kind, "image");
});

test("a kept plane comes alone, with a crosshair that it goes through", () => {
  const alone = planeAlone({ ...opened.viewports[1], id: "q" }, of);
  const { camera } = alone.viewports[0];
  assert.ok(near(dot(subtract(alone.crosshair.point, camera.center), cameraNormal(camera)), 0));
  const { right, down } = alone.crosshair;
  assert.ok(near(dot(right, down), 0) && near(Math.abs(dot(cross(right, down), [0, 0, 1])), 1));
});

test("fusion is in SUV where there is one, else it says why", () => {
  const both = withFusions(opened, (v) => fused(v, pet));
  assert.equal(plain(fusionWords(of, both.viewports[0].shows)), "SUVbw 0–5 · 50 %");
  assert.equal(fadeBy(both, "b", 2).viewports[2].shows.opacity, 0.6);
  assert.equal(plain(uptakeWindow(pet, suvWindow(pet, 7))), "SUVbw 0–7");
  const none = { ...pet, suv: { reason: "The injected dose is not known." } };
  assert.equal(whyNoSuv(none), "SUV unknown: The injected dose is not known. Shown in Bq/ml.");
  assert.equal(plain(uptakeWindow(none, { center: 500, width: 1000 })), "Bq/ml 0–1000");
  assert.deepEqual(aboveNothing({ center: 100, width: 400 }), { center: 150, width: 300 });
});

test("a probe and an ellipse say both values", () => {
  const read = { pixels: 9, mean: 45, sd: 13, low: 1, high: 80, sentence: "", peak: 0 };
  const over = { series: "pet", pixels: 4, mean: 30000, sd: 1, low: 1, high: 44500, peak: 40000, sentence: "" };
  const shape = { id: "m", kind: "probe", series: "ct", image: 0, points: [[0, 0, 0]], over: "pet" };
  const reading = { ...read, mark: "m", points: shape.points, over };
  assert.equal(plain(valueText(shape, ct, reading, pet).title), "45 HU · SUV 6.0");
  const ellipse = {
    ...shape,
    kind: "ellipse",
    points: [
      [0, 0, 0],
      [9, 0, 0],
      [0, 9, 0],
    ],
  };
  const { title, more } = valueText(ellipse, ct, { ...reading, points: ellipse.points }, pet);
  assert.equal(plain(title), "SUVmax 8.9 mean 6.0");
  assert.equal(plain(more), "peak 8.0, 45 ± 13 HU, 254 mm²");
});

test("values go below each other where they would else lie over the mark", () => {
  const beside = (room) => linesBeside("SUVmax 9.7", "peak 8.9, 15 HU, 254 mm²", room, (text) => text.length);
  assert.deepEqual(beside(30), ["SUVmax 9.7", "peak 8.9, 15 HU, 254 mm²"]);
  assert.deepEqual(beside(18), ["SUVmax 9.7", "peak 8.9, 15 HU", "254 mm²"]);
  assert.deepEqual(beside(10), ["SUVmax 9.7", "peak 8.9", "15 HU", "254 mm²"]);
  assert.deepEqual(beside(9), ["SUVmax 9.7", "peak 8.9, 15 HU, 254 mm²"], "it lies over the mark all the same");
  assert.deepEqual(
    linesBeside("22 mm", "", 3, (text) => text.length),
    ["22 mm"],
  );
});

test("a plane does not play", () => {
  const cine = new Cine({ session: { kase: of }, navigation: { activeViewport: opened.viewports[0] } });
  assert.equal(cine.playable, null);
  assert.equal(cine.button, null);
});

test("a MIP of the whole PET stands beside 3×3, and turns by the wheel without moving anything else", () => {
  const shown = threeRowsAndMip(opened, scene, { ct, pet });
  const mip = shown.viewports.at(-1);
  assert.deepEqual(shown.layout, { rows: 3, columns: 3, primary: "j" });
  assert.deepEqual([mip.id, mip.shows.volume.series, mip.invert, isWhole(mip.shows)], ["j", "pet", true, true]);
  assert.equal(isLinked(mip, shown.crosshair, of), false);
  const turned = views.scroll(shown, "j", scene, 1);
  assert.deepEqual(turned.viewports.slice(0, 9), shown.viewports.slice(0, 9));
  assert.deepEqual(turned.crosshair, shown.crosshair);
  assert.equal(turnOf(turned.viewports.at(-1).camera), 1);
  assert.equal(turnOf(turnedBy(shown, of, "j", -1).viewports.at(-1).camera), 71);
  near(cameraNormal(mip.camera), [0, 1, 0]);
  const beside = planesAndMip(image, scene);
  assert.deepEqual(
    [beside.layout, beside.viewports.at(-1).shows.volume.series],
    [{ rows: 3, columns: 1, primary: "d" }, "ct"],
  );
});

test("a MIP says that it is one, how far it is turned, and shows the crosshair's point", () => {
  const shown = turnedBy(threeRowsAndMip(opened, scene, { ct, pet }), of, "j", 7);
  const mip = { ...shown.viewports.at(-1), rect_px: [0, 0, 400, 800], scale: 2, resampled: true };
  const written = corners({ kase: of, viewport: mip, series: pet, comparing: true });
  assert.deepEqual(written.topLeft[0], { text: "PET MIP", strong: true });
  assert.equal(written.bottomRight.at(-1).text, "turned by 35°");
  const narrow = compactCorners({ kase: of, viewport: mip, series: pet, comparing: true });
  assert.equal(narrow.bottomLeft.at(-1).text, "turned by 35°", "beside the badge there is no room for it");
  assert.deepEqual(narrow.bottomRight, []);
  const more = { role: "", comparing: false, loading: null, crosshair: shown.crosshair };
  assert.deepEqual(
    stateBadges(mip, pet, more).map(({ text }) => text),
    ["INVERTED"],
  );
  assert.equal(awayFrom(mip, shown.crosshair, of).mm, 0);
  assert.equal(linesIn(mip, shown, of), null, "no line of it is taken hold of");
});

test("a whole volume cuts nothing: no reference line is of it, or in it", () => {
  const painted = (v) => v.viewports.map((w) => ({ ...w, rect_px: [0, 0, 400, 400], scale: 2 }));
  const shown = turnedBy(threeRowsAndMip(opened, scene, { ct, pet }), of, "j", 7);
  for (const active of ["j", "a"]) assert.deepEqual(referenceLines(painted(shown), { ...shown, active }, of), []);
});

test("planes of a dynamic series step and play through time together", () => {
  const axis = { attribute: "TemporalPositionIdentifier", labels: ["1", "2", "3"], missing: [] };
  const dynamic = { ...ct, images: 3 * ct.images, axis };
  const there = { ...scene, kase: kase(dynamic, pet) };
  const shown = planesOf(image, there);
  const timesOf = (v) => v.viewports.map(({ shows }) => shows.volume.time ?? 0);
  const next = views.scrollTime(shown, "b", there, 2);
  assert.deepEqual(timesOf(next), [2, 2, 2]);
  assert.equal(views.scrollTime(next, "b", there, 1), next, "not round the ends");
  const part = { along: "time", first: 0, last: 2, rate: 1 };
  const plays = started(shown, "c", part);
  assert.deepEqual(
    plays.viewports.map(({ playing }) => playing),
    Array(3).fill({ ...part, since: 0 }),
  );
  const still = views.scrollTime(plays, "a", there, 1);
  assert.deepEqual(
    [timesOf(still), still.viewports.map(({ playing }) => playing)],
    [
      [1, 1, 1],
      [null, null, null],
    ],
  );
  assert.equal(views.scrollTime(opened, "a", scene, 1), opened, "a series without a second axis has one time");
});

test("a MIP is played, and stopped where it was seen", () => {
  const whole = threeRowsAndMip(opened, scene, { ct, pet });
  const navigation = {
    view: whole,
    get activeViewport() {
      return views.viewportOf(this.view, this.view.active);
    },
    change(how) {
      this.view = how(this.view, scene);
    },
  };
  const stage = { pictures: { painted: null } };
  const cine = new Cine({ session: { kase: of }, navigation, stage, redraw: () => undefined });
  cine.toggle();
  const { playing } = navigation.activeViewport;
  assert.deepEqual(playing, { along: "turn", first: 0, last: 71, rate: 1, since: 0 });
  stage.pictures.painted = turnedBy(whole, of, "j", 9);
  navigation.view = turnedBy(navigation.view, of, "j", 11); // the server has gone on
  cine.toggle();
  assert.deepEqual([navigation.activeViewport.playing, turnOf(navigation.activeViewport.camera)], [null, 9]);
});

test("at the crosshair each plane says its own voxels, HU and SUV", () => {
  const [first] = painted(opened).viewports;
  const at_crosshair = [
    { series: "ct", value: -45.4 },
    { series: "pet", value: 40_000 },
  ];
  const written = (of_series, viewport, wide = corners) =>
    plain(
      wide({ kase: of, viewport, series: of_series, comparing: true })
        .bottomLeft.map(({ text }) => text)
        .join("; "),
    );
  assert.match(written(ct, { ...first, at_crosshair }), /^Crosshair: −45 HU · SUVbw 8\.0;/);
  assert.match(written(ct, { ...first, at_crosshair }, compactCorners), /^Crosshair: −45 HU · SUVbw 8\.0;/);
  assert.doesNotMatch(written(ct, first), /Crosshair/, "of a moving picture nothing is said");
  const unknown = { ...pet, suv: { body_weight: 0, reason: "No weight." } };
  assert.equal(plain(crosshairValues({ ...of, series: [ct, unknown] }, { at_crosshair })), "−45 HU · 40000 Bq/ml");
  assert.equal(crosshairValues(of, { at_crosshair: [{ series: "gone", value: 1 }] }), "");
});

test("where many small planes stand beside each other, one of each volumes says what lies at the crosshair", () => {
  const [first] = painted(opened).viewports;
  const [hu, suv] = [
    { series: "ct", value: -45.4 },
    { series: "pet", value: 40_000 },
  ];
  const rows = [[hu], [suv], [hu, suv]].flatMap((at_crosshair) => [1, 2, 3].map(() => ({ ...first, at_crosshair })));
  const told = valuing({ viewports: rows });
  assert.deepEqual(
    told.map((one) => rows.indexOf(one)),
    [0, 3, 6],
  );
  assert.equal(valuing({ viewports: rows.slice(0, 3) }).length, 3, "three planes have room for it");
  const shown = { kase: of, viewport: rows[1], series: ct, comparing: true, identity: false };
  const written = (wide, valued, crowded = true) =>
    wide({ ...shown, valued, crowded }).bottomLeft.map(({ text }) => text);
  const says = (lines) => lines.some((text) => text.startsWith("Crosshair"));
  assert.ok(says(written(compactCorners, true)));
  assert.ok(!says(written(compactCorners, false)));
  assert.ok(!says(written(corners, false)), "nor a large one, on a large screen");
  assert.ok(says(written(corners, true)));
  assert.ok(says(written(corners, false, false)), "where there are few, each says it");
  const who = corners({ ...shown, crowded: true }).topLeft.map(({ text }) => text);
  assert.equal(who.length, 1, `who it is, one of them says: ${who}`);
});

test("what the crosshair points at is a part of its linked planes, that corner text gives way to", () => {
  const [axial] = painted(opened).viewports;
  const box = pointedAt(axial, opened.crosshair, of, 2);
  const [x, y] = linesIn(axial, opened, of).at;
  const [left, top] = axial.rect_px;
  assert.ok(near(box[0] + box[2] / 2, x - left) && near(box[1] + box[3] / 2, y - top));
  assert.equal(box[2], 80, "as much as lines leave free");
  assert.equal(pointedAt(axial, null, of, 2), null);
  const { series: key } = axial.shows.volume ?? axial.shows.base.volume;
  assert.equal(pointedAt({ ...axial, shows: { type: "stack", series: key, place: 0 } }, opened.crosshair, of, 2), null);
});

test("PET is read by lean body mass where a view asks for it and the files say all that it takes", () => {
  const lean = series({
    key: "lean",
    series: { modality: "PT", unit: "BQML", suv: { body_weight: 0.0002, lean_mass: 0.00016 }, windows: [] },
  });
  const both = kase(ct, pet, lean);
  assert.equal(readBy(both, "body_weight"), both);
  const read = readBy(both, "lean_mass");
  assert.equal(readBy(both, "lean_mass"), read, "the same object: caches go by it");
  const [, unknown, known] = read.series;
  assert.equal(unknown, pet, "without lean mass it stays SUVbw");
  const window = { center: 12_500, width: 25_000 };
  assert.equal(plain(uptakeWindow(lean, window)), "SUVbw 0–5");
  assert.equal(plain(uptakeWindow(known, window)), "SUL 0–4");
  assert.deepEqual(suvWindow(known, 3), { center: 9375, width: 18_750 });
  assert.deepEqual([suvName(lean), suvName(known), suvName(unknown)], ["SUVbw", "SUL", "SUVbw"]);
  const shape = { id: "m", kind: "probe", series: "lean", image: 0, points: [[0, 0, 0]], label: "" };
  const reading = { mark: "m", points: shape.points, pixels: 1, mean: 40_000, sd: 0, low: 0, high: 0, sentence: "" };
  assert.equal(plain(valueText(shape, lean, reading).title), "SUV 8.0");
  assert.equal(plain(valueText(shape, known, reading).title), "SUL 6.4");
  const area = { ...shape, kind: "circle", points: [...shape.points, [5, 0, 0], [0, 5, 0]] };
  const spread = { ...reading, pixels: 9, high: 60_000, peak: 50_000 };
  const { title, more } = valueText(area, known, spread);
  assert.match(plain(title), /^SULmax 9\.6 mean 6\.4/);
  assert.match(plain(more), /^peak 8\.0/);
  assert.equal(whyNoSul(known), "");
  assert.notEqual(whyNoSul(pet), "");
  assert.equal(whyNoSul({ ...pet, suv: { ...suv, lean_reason: "PatientSize." } }), "PatientSize.");
  assert.equal(whyNoSul({ ...pet, suv: { reason: "No dose." } }), "", "where there is no SUV, that is said already");
});

test("how PET is read stays when planes open and are left", () => {
  const lean = views.readUptake(image, "lean_mass");
  const planes = planesOf(lean, scene);
  assert.equal(planes.uptake, "lean_mass");
  assert.equal(leavePlanes(planes, scene).uptake, "lean_mass");
  assert.notEqual(views.chromeKey(lean), views.chromeKey(image));
});
