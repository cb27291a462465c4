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
import { compactCorners, corners, spoken } from "../../web/js/core/view/corner.js";
import { shownWords } from "../../web/js/core/view/image-words.js";
import { failure, missingWords, readyCount, readyParts } from "../../web/js/core/loading.js";
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
  assert.deepEqual(texts(c.topLeft), ["DEMO, Anna", "ID 10042", "born 14 Mar 1961 · 65 y F", "CT chest"]);
  assert.deepEqual(texts(c.topRight), ["Demo Hospital", "24 Nov 2026 09:12:40"]);
  assert.deepEqual(texts(c.bottomLeft), ["W 1500 L \u2212600\u2003Zoom 2.8×"]);
  assert.deepEqual(texts(c.bottomRight), ["CT lung · series 4", "Loc \u2212805.0 mm · 2.5 mm", "Image 39 / 90"]);
});

test("a document says its study's day, and the time of no image; on a phone no date is parted", () => {
  const report = { ...s, document: "report", description: "Imaging Measurement Report" };
  assert.deepEqual(texts(corners(shownIn({ series: report })).topRight), ["Demo Hospital", "24 Nov 2026"]);
  assert.equal(corners(shownIn({ series: report, comparing: true })).topRight[0].text, "CURRENT 24 Nov 2026");
  const [, , what] = compactCorners(shownIn({ series: report })).topLeft;
  assert.equal(what.text, "Imaging Measurement Report, 24\u00a0Nov\u00a02026");
});

test("compared pictures show their date first, and PRIOR", () => {
  const old = { ...s, study: "before", acquired: "2026-05-19T10:31:00" };
  assert.equal(corners(shownIn({ comparing: true })).topRight[0].text, "CURRENT 24 Nov 2026 09:12");
  assert.equal(corners(shownIn({ series: old, comparing: true })).topRight[0].text, "PRIOR 19 May 2026 10:31");
  assert.equal(corners(shownIn({ series: old, comparing: true })).topRight[1].text, "6 months before");
  assert.equal(corners(shownIn({ series: old })).topRight[2].text, "PRIOR, 6 months before");
});

test("a phone that shows one of two says which, and what a swipe shows", () => {
  const old = { ...s, study: "before" };
  const both = [shownIn({ comparing: true, next: old }), shownIn({ series: old, comparing: true, next: s })];
  assert.deepEqual(texts(compactCorners(both[0]).topLeft).slice(2), [
    "CURRENT 24 Nov 2026",
    "Swipe for PRIOR 19 May 2026, 6 months before",
    "CT lung",
  ]);
  assert.deepEqual(texts(compactCorners(both[1]).topLeft).slice(2, 4), [
    "PRIOR 19 May 2026, 6 months before",
    "Swipe for CURRENT 24 Nov 2026",
  ]);
});

test("one case of several has its number, and says where another patient has the name", () => {
  const k = kase(s);
  const cases = [{ ...k, id: "c0", patient: { ...k.patient, id: "7", birth_date: "1970-01-01" } }, k];
  const note = "2 patients of this name: birth dates differ";
  assert.deepEqual(texts(corners(shownIn({ kase: k, cases })).topLeft).slice(1, 4), [
    "ID 10042 · case 2 of 2",
    "born 14 Mar 1961 · 65 y F",
    note,
  ]);
  assert.deepEqual(texts(compactCorners(shownIn({ kase: k, cases })).topLeft).slice(1, 3), [
    "born 14 Mar 1961 · ID 10042 · case 2 of 2",
    note,
  ]);
});

test("a phone still shows patient, series, date, window and image", () => {
  const c = compactCorners(shownIn());
  assert.deepEqual(texts(c.topLeft), ["DEMO, Anna · 65 y F", "born 14 Mar 1961 · ID 10042", "CT lung, 24 Nov 2026"]);
  assert.equal(c.topLeft[0].strong, true);
  assert.deepEqual(texts(c.topRight), ["W 1500 L \u2212600", "Image 39 / 90"]);
});

test("without geometry there is no location, and without a name it is shown", () => {
  const flat = { ...s, grid: { ...s.grid, space: "image" }, slice_thickness_mm: 0 };
  assert.equal(corners(shownIn({ series: flat })).bottomRight.length, 2);
  const k = kase(s);
  assert.equal(corners(shownIn({ kase: { ...k, patient: { ...k.patient, name: "" } } })).topLeft[0].text, "No name");
});

test("numbers, time, location and thickness are those of the image that is shown", () => {
  const column = (/** @type {number} */ n, /** @type {unknown} */ own, rest = null) =>
    Array.from({ length: 90 }, (_, i) => (i === n ? own : rest));
  const values = {
    instance_number: column(38, 52, 1),
    acquired: column(38, "09:12:47", "09:12:40"),
    slice_thickness_mm: column(38, 5, 2.5),
    slice_location_mm: column(38, 12.25),
  };
  const shown = shownIn({ series: { ...s, values } });
  const c = corners(shown);
  assert.deepEqual(texts(c.bottomRight), [
    "CT lung · series 4",
    "Loc \u2212805.0 mm (file 12.3) · 5.0 mm",
    "I: 52 (39/90)",
  ]);
  assert.equal(texts(c.topRight).at(-1), "24 Nov 2026 09:12:47");
  assert.equal(texts(corners({ ...shown, comparing: true }).topRight)[0], "CURRENT 24 Nov 2026 09:12");
  assert.equal(texts(compactCorners(shown).topRight).at(-1), "I: 52 (39/90)");
  const [other] = stamp(5, { viewports: [viewport({ place: 37 })] }).viewports;
  const next = texts(corners({ ...shown, viewport: other }).bottomRight);
  assert.deepEqual(next.slice(1), ["Loc \u2212807.5 mm · 2.5 mm", "I: 1 (38/90)"]);
});

test("echo and b value of MR are said where the second axis does not say them", () => {
  const [v] = stamp(5, { viewports: [viewport({ series: "dwi", place: 1, time: 1 })] }).viewports;
  const of = (values, more = {}) => {
    const dwi = { ...timed({ places: 2 }), ...more, values };
    return texts(corners(shownIn({ viewport: v, series: dwi })).bottomRight).at(-1);
  };
  assert.equal(of({ echo_time_ms: [90.125], b_value: [0, 0, 1000, 1000] }), "Image 2 / 2 · b 1000 · TE 90.13 ms");
  const phases = { attribute: "TemporalPositionIdentifier", labels: ["time 1", "time 2"] };
  assert.equal(of({ b_value: [0, 50, 600, 800] }, { axis: phases }), "Image 2 / 2 · time 2 · b 800");
  assert.equal(of({ echo_time_ms: [90] }, { modality: "CT" }), "Image 2 / 2 · b 1000");
});

test("a tilted gantry is said on the picture", () => {
  const tilted = (degrees, more = {}) => {
    const step = 2.5 * Math.tan((degrees * Math.PI) / 180);
    const positions = Array.from({ length: 9 }, (_, i) => [0, i * step, i * 2.5]);
    const of = { ...s, ...more, grid: { ...s.grid, positions } };
    return stateBadges(stamped, of, { prior: false, comparing: false, loading: null }).map((badge) => badge.text);
  };
  assert.deepEqual(tilted(15), ["GANTRY TILT 15°"]);
  assert.deepEqual(tilted(-15), ["GANTRY TILT 15°"]);
  assert.deepEqual([tilted(0), tilted(0.3), tilted(60), tilted(15, { modality: "MR" })], [[], [], [], []]);
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
  assert.equal(notLive(6900).text, "NOT LIVE, 6 S OLD");
  assert.equal(notLive(3_600_000).text, "NOT LIVE, 60 MIN OLD");
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
    stateBadges(v, x, { role: "", comparing: false, loading: null, ...more }).map((b) => b.text);
  assert.deepEqual(badges(stamped, s, {}), []);
  const flipped = { ...stamped, camera: turn(stamped.camera, "flip-horizontal"), invert: true };
  assert.deepEqual(badges(flipped, { ...s, source_lossy: "10:1", note: "not for reading" }, { role: "PRIOR" }), [
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
      { role: "CURRENT", comparing: true },
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
  const whole = { ...loading, ready: [[0, 159]] };
  assert.deepEqual(badges(stamped, s, { loading: whole }), []);
  const short = { ...s, images: 160, expected: 200 };
  assert.deepEqual(badges(stamped, short, { loading }), ["INCOMPLETE 96 / 200"], "some are loaded, some never came");
  assert.deepEqual(badges(stamped, short, { loading: whole }), ["INCOMPLETE 160 / 200"]);
  assert.deepEqual(badges(stamped, short), ["INCOMPLETE 160 / 200"], "it stays");
  assert.equal(missingWords(short), "160 of 200 images");
  assert.equal(missingWords(s), "");
});

test("what is loaded is shown where it is", () => {
  const loading = {
    series: "s1",
    ready: [
      [0, 39],
      [60, 79],
    ],
    images: 80,
    failed: [50, 52],
    sentence: "BitsStored is 17.",
  };
  assert.equal(readyCount(loading), 60);
  assert.deepEqual(readyParts(loading, series({ images: 80 }), 0), [
    { from: 0, to: 0.5 },
    { from: 0.75, to: 1 },
  ]);
  assert.equal(failure(loading, 50), "BitsStored is 17.");
  assert.equal(failure(loading, 51), "");
  assert.equal(failure(loading, 52), "", "it may have another reason");
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
  assert.equal(shownWords(dwi, v.shows), "DWI, image 2, b 1000 · series 4");
});

test("the bar says 5 cm where they fit, else another length, and says where it was measured", () => {
  assert.deepEqual(scaleBar(0.5, 800, "mm"), { px: 100, text: "5 cm", ticks: 5 });
  assert.equal(scaleBar(0.05, 800, "mm").text, "1 cm");
  assert.equal(scaleBar(4, 800, "mm").text, "10 cm");
  assert.equal(scaleBar(0.5, 800, "mm at detector").text, "5 cm at detector");
  assert.equal(scaleBar(0.5, 800, "px"), null);
});
