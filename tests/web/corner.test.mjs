import assert from "node:assert/strict";
import { test } from "node:test";
import {
  LOSSY_AFTER_MS,
  cannotShow,
  faultOf,
  fidelityBadge,
  notLive,
  stateBadges,
} from "../../web/js/core/view/badges.js";
import { turn } from "../../web/js/core/view/camera.js";
import { compactCorners, corners, shownName, spoken } from "../../web/js/core/view/corner.js";
import { failure, readyCount, readyParts } from "../../web/js/core/loading.js";
import { scaleBar } from "../../web/js/core/view/scale-bar.js";
import { kase, series, stamp, timed, viewport } from "./examples.mjs";

const s = series({ z: -900, step: 2.5, images: 90 });
const [stamped] = stamp(5, {
  viewports: [viewport({ place: 38, window: { center: -600, width: 1500 } })],
  scale: 2.8,
}).viewports;
const shownIn = (more = {}) => ({ kase: kase(s), viewport: stamped, series: s, comparing: false, ...more });
const texts = (lines) => lines.map((l) => l.text.replaceAll("\u00a0", " "));

test("the corners show who, what, when, how and where", () => {
  const c = corners(shownIn());
  assert.deepEqual(texts(c.topLeft), ["DEMO^ANNA", "ID 10042", "* 14 Mar 1961 · 65 y F", "CT chest"]);
  assert.deepEqual(texts(c.topRight), ["Demo Hospital", "24 Nov 2026 09:12:40"]);
  assert.deepEqual(texts(c.bottomLeft), ["W 1500 L \u2212600\u2003Zoom 2.8×"]);
  assert.deepEqual(texts(c.bottomRight), ["CT lung · series 4", "Loc \u2212805.0 mm · 2.5 mm", "Image 39 / 90"]);
});

test("compared pictures show their date first, and PRIOR", () => {
  const old = { ...s, study: "before", acquired: "2026-05-19T10:31:00" };
  assert.equal(corners(shownIn({ comparing: true })).topRight[0].text, "24 Nov 2026 09:12");
  assert.equal(corners(shownIn({ series: old, comparing: true })).topRight[0].text, "PRIOR 19 May 2026 10:31");
});

test("a phone still shows patient, series, date, window and image", () => {
  const c = compactCorners(shownIn());
  assert.deepEqual(texts(c.topLeft), ["DEMO^ANNA · 65 y F", "CT lung, 24 Nov 2026"]);
  assert.equal(c.topLeft[0].strong, true);
  assert.deepEqual(texts(c.topRight), ["W 1500 L \u2212600", "Image 39 / 90"]);
});

test("without geometry there is no location, and without a name it is shown", () => {
  const flat = { ...s, grid: { ...s.grid, space: "image" }, slice_thickness_mm: 0 };
  assert.equal(corners(shownIn({ series: flat })).bottomRight.length, 2);
  const k = kase(s);
  assert.equal(
    corners(shownIn({ kase: { ...k, patient: { ...k.patient, name: "" } } })).topLeft[0].text,
    "Name unknown",
  );
});

test("a screen reader gets what is shown", () => {
  assert.equal(spoken(stamped, s, "exact"), "CT lung, image 39 of 90, window 1500 level \u2212600, exact");
});

test("LOSSY is shown once it lasts; EXACT never of a scaled picture", () => {
  const badge = (fidelity, lossyForMs, scale = 2) => fidelityBadge({ fidelity, lossyForMs, scale })?.text ?? null;
  assert.equal(badge("lossy", LOSSY_AFTER_MS), null);
  assert.equal(badge("lossy", LOSSY_AFTER_MS + 1), "LOSSY");
  assert.equal(badge("exact", 0), "EXACT");
  assert.equal(badge("scaled", 0, 0.434), "SCALED 43\u00a0%");
  assert.equal(notLive(6.9).text, "NOT LIVE, 6 S OLD");
});

test("a damaged image has a badge and words of its own", () => {
  for (const code of ["damaged", "truncated", "codec", "rle", "fragments"]) {
    const fault = faultOf({ code, sentence: "PixelData is '9 bytes': the image is damaged: a tile is missing" });
    assert.equal(fault.sentence, "Image damaged, not shown. PixelData is '9 bytes': a tile is missing");
    assert.equal(cannotShow(fault).text, "DAMAGED");
  }
  const other = faultOf({ code: "bad_value", sentence: "BitsStored is 17." });
  assert.deepEqual([other.sentence, cannotShow(other).text], ["BitsStored is 17.", "NOT SHOWN"]);
  assert.equal(faultOf(undefined).sentence, "This image cannot be shown.");
});

test("badges show what was done to a picture, and what is missing", () => {
  const badges = (v, x, more) =>
    stateBadges(v, x, { prior: false, comparing: false, loading: null, ...more }).map((b) => b.text);
  assert.deepEqual(badges(stamped, s, {}), []);
  const flipped = { ...stamped, camera: turn(stamped.camera, "flip-horizontal"), invert: true };
  assert.deepEqual(badges(flipped, { ...s, source_lossy: "10:1", note: "not for reading" }, { prior: true }), [
    "PRIOR",
    "FLIPPED",
    "INVERTED",
    "SOURCE LOSSY 10:1",
    "NOT FOR READING",
  ]);
  assert.deepEqual(
    badges(
      { ...stamped, camera: turn(stamped.camera, "rotate-left") },
      { ...s, source_lossy: "yes" },
      { comparing: true },
    ),
    ["CURRENT", "ROTATED", "SOURCE LOSSY"],
  );
  const loading = {
    series: "s1",
    ready: [
      [0, 89],
      [95, 100],
    ],
    images: 160,
    failed: [],
  };
  assert.deepEqual(badges(stamped, s, { loading }), ["INCOMPLETE 96 / 160"]);
});

test("what is loaded is shown where it is", () => {
  const loading = {
    series: "s1",
    ready: [
      [0, 39],
      [60, 79],
    ],
    images: 80,
    failed: [50],
    sentence: "BitsStored is 17.",
  };
  assert.equal(readyCount(loading), 60);
  assert.deepEqual(readyParts(loading, series({ images: 80 }), 0), [
    { from: 0, to: 0.5 },
    { from: 0.75, to: 1 },
  ]);
  assert.equal(failure(loading, 50), "BitsStored is 17.");
  assert.equal(failure(loading, 51), "");
  assert.equal(failure(null, 1), "");
});

test("of a series with a second axis the places of the time are shown", () => {
  const dwi = timed({ places: 4, missing: [[1, 3]] });
  const loading = { series: "dwi", ready: [[2, 5]], images: 7, failed: [] };
  assert.deepEqual(readyParts(loading, dwi, 0), [{ from: 0.5, to: 1 }]);
  assert.deepEqual(readyParts(loading, dwi, 1), [{ from: 0, to: 0.5 }]);
  const [v] = stamp(5, { viewports: [viewport({ series: "dwi", place: 1, time: 1 })] }).viewports;
  const c = shownIn({ viewport: v, series: dwi });
  assert.equal(texts(corners(c).bottomRight).at(-1), "Image 2 / 4 · b 1000");
  assert.equal(texts(compactCorners(c).topRight).at(-1), "Image 2 / 4 · b 1000");
  assert.equal(spoken(v, dwi, "exact"), "DWI, image 2 of 4, b 1000, window 400 level 40, exact");
  assert.equal(shownName(dwi, v.shows), "DWI, image 2, b 1000");
});

test("the bar says 5 cm where they fit, else another length, and says where it was measured", () => {
  assert.deepEqual(scaleBar(0.5, 800, "mm"), { px: 100, text: "5 cm", ticks: 5 });
  assert.equal(scaleBar(0.05, 800, "mm").text, "1 cm");
  assert.equal(scaleBar(4, 800, "mm").text, "10 cm");
  assert.equal(scaleBar(0.5, 800, "mm at detector").text, "5 cm at detector");
  assert.equal(scaleBar(0.5, 800, "px"), null);
});
