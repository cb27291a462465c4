/** A whole volume that is rendered: how it opens, presets, turning and leaning, its own window, what is written. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { arrangePlanes, planesAndVolume } from "../../web/js/core/planes/arranging.js";
import { isLinked } from "../../web/js/core/planes/parts.js";
import {
  leanOf,
  orbited,
  presetEntries,
  presetOf,
  renderedBy,
  VOLUME_PRESETS,
  volumePresets,
} from "../../web/js/core/planes/whole/rendered.js";
import { turnedBy, turnOf } from "../../web/js/core/planes/whole/turning.js";
import { dot } from "../../web/js/core/vec.js";
import { corners, spoken } from "../../web/js/core/view/corner.js";
import { shownWords } from "../../web/js/core/view/image-words.js";
import * as views from "../../web/js/core/view/view.js";
import { kase, near, series, view, viewport } from "./examples.mjs";

const ct = series({
  key: "ct",
  images: 41,
  size: 100,
  spacing: 2,
  step: 5,
  series: { no_planes: "", suv: null, unit: "HU" },
});
const of = kase(ct);
const RECTS = new Map("abcd".split("").map((id, i) => [id, [(i % 2) * 400, Math.floor(i / 2) * 400, 400, 400]]));
const scene = { kase: of, rects: RECTS };
const camera = { center: [99, 99, 100], radius: 100, right: [1, 0, 0], down: [0, 1, 0] };
const opened = planesAndVolume(view(viewport({ series: "ct", place: 20, camera })), scene);
const on = (from, id = "d") => from.viewports.find((v) => v.id === id);

test("three planes and the volume stand in a square; it is linked to nothing, and active", () => {
  assert.deepEqual([opened.layout, opened.active], [{ rows: 2, columns: 2 }, "d"]);
  assert.deepEqual(
    opened.viewports.map(({ shows }) => [shows.name, shows.whole ?? false, presetOf(shows)]),
    [
      ["axial", false, ""],
      ["sagittal", false, ""],
      ["coronal", false, ""],
      ["coronal", true, "bone"],
    ],
  );
  assert.equal(isLinked(on(opened), opened.crosshair, of), false);
  assert.deepEqual(
    planesAndVolume(renderedBy(opened, "d", ct, VOLUME_PRESETS[2]), scene).viewports[3].shows.preset,
    "skin",
  );
  assert.equal(
    arrangePlanes(opened, scene, "row").viewports[2].shows.whole ?? false,
    false,
    "the plane, not the volume",
  );
});

test("presets are those of the modality, each with a key and its window, as the server has them", () => {
  const windows = JSON.parse(readFileSync(new URL("../volume-presets.json", import.meta.url), "utf-8"));
  for (const { id, window } of VOLUME_PRESETS)
    assert.deepEqual(window && [window.center, window.width], windows[id] ?? null);
  const ids = (s) => volumePresets(s).map(({ id }) => id);
  assert.deepEqual(ids(ct), ["bone", "vessels", "skin", "lungs", "surface"]);
  assert.deepEqual(ids({ ...ct, modality: "PT" }), ["glow", "surface"]);
  assert.deepEqual(ids({ ...ct, modality: "MR" }), ["surface", "glow"]);
  assert.deepEqual(
    presetEntries(ct).map(({ preset }) => preset.key),
    ["1", "2", "3", "4", "5"],
  );
  const lungs = renderedBy(opened, "d", ct, VOLUME_PRESETS[3]);
  assert.deepEqual([presetOf(on(lungs).shows), on(lungs).window], ["lungs", { center: -650, width: 600 }]);
  assert.deepEqual(lungs.viewports.slice(0, 3), opened.viewports.slice(0, 3));
});

test("a drag turns it about the body and leans it, up to straight from above; its middle stays where it is", () => {
  const turned = orbited(opened, of, "d", [90, 30]);
  near(on(turned).camera.right, [0, 1, 0]);
  assert.ok(Math.abs(leanOf(on(turned).camera) - 30) < 1e-9);
  assert.ok(Math.abs(dot(on(turned).camera.right, on(turned).camera.down)) < 1e-12);
  near(on(turned).camera.center, on(opened).camera.center);
  assert.ok(Math.abs(leanOf(on(orbited(turned, of, "d", [0, 200])).camera) - 90) < 1e-9);
  const played = turnedBy(turned, of, "d", 3);
  assert.equal(turnOf(on(played).camera), 21);
  assert.ok(Math.abs(leanOf(on(played).camera) - 30) < 1e-9, "the clock turns it, and leaves it leant");
  assert.deepEqual(turned.viewports.slice(0, 3), opened.viewports.slice(0, 3));
});

test("its window is its own, and so is that of the planes; Reset shows it as it opened", () => {
  const drawn = views.setWindow(opened, "d", scene, { center: 700, width: 300 });
  assert.deepEqual(drawn.viewports.slice(0, 3), opened.viewports.slice(0, 3));
  const planes = views.setWindow(opened, "a", scene, { center: 1, width: 2 });
  assert.deepEqual(on(planes).window, on(opened).window);
  assert.equal(on(views.invert(opened, "d", scene)).invert, false, "it has colours of its own");
  const changed = orbited(drawn, of, "d", [40, 20]);
  assert.deepEqual(on(views.reset(changed, "d", scene)).camera, on(opened).camera);
  assert.deepEqual(on(views.reset(changed, "d", scene)).window, on(opened).window);
});

test("the picture, the screen reader and lists say that it is 3D, by which preset, and from where", () => {
  const shown = { ...on(orbited(opened, of, "d", [35, 20])), rect_px: [0, 0, 400, 400], scale: 2, resampled: true };
  const written = corners({ kase: of, viewport: shown, series: ct, comparing: true });
  assert.deepEqual(written.topLeft[0], { text: "CT 3D, Bone", strong: true });
  assert.equal(written.bottomRight.at(-1).text, "turned by 35°, 20° from above");
  assert.match(spoken(shown, ct, "exact"), /3D, Bone, turned by 35°, 20° from above/);
  assert.match(shownWords(ct, shown.shows), /3D, Bone/);
});
