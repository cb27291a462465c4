/** Calibrations by hand: which one counts, what lengths say by it, and who may be asked for one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { calibratedBy, calibrationOf, isOpen, lengthTyped } from "../../web/js/core/marks/calibrations.js";
import { valueText } from "../../web/js/core/marks/measure.js";
import { isUnmeasured } from "../../web/js/core/marks/regions.js";
import { numbersOf } from "../../web/js/core/record/marks-of.js";
import { fold } from "../../web/js/core/session/document.js";
import { corners } from "../../web/js/core/view/corner.js";
import { Calibrating } from "../../web/js/features/marks/calibrate.js";
import { context, doc } from "./consult.mjs";
import { kase, series, viewport } from "./examples.mjs";

const known = (image, factor = 0.5, more = {}) => ({
  id: `c1/s1/${image < 0 ? "all" : image}`,
  case: "c1",
  series: "s1",
  image,
  factor,
  mm: 25,
  seat: "h",
  name: "Dr. Host",
  ...more,
});
const bare = (more = {}) => series({ images: 3, unit: "px", space: "image", ...more });
const shape = (kind, points, image = 1) => ({ id: "m", kind, series: "s1", image, points, label: "" });
const line = shape("length", [
  [0, 0, 0],
  [6, 8, 0],
]);
const words = (of, s) => {
  const { title } = valueText(of, s, null);
  return title.replaceAll("\u00a0", " ");
};
const by = (...all) => calibratedBy(kase(bare()), all).series[0];

test("that of an image goes before that of all its series; another case has none of it", () => {
  const both = by(known(-1, 2), known(1, 0.5));
  assert.deepEqual(
    [0, 1, 2].map((image) => calibrationOf(both, image)?.factor),
    [2, 0.5, 2],
  );
  assert.equal(calibrationOf(by(known(1)), 0), null);
  assert.equal(calibrationOf(by(known(1, 0.5, { case: "c2" })), 1), null);
});

test("a case is made once for the same calibrations", () => {
  const [one, all] = [kase(bare()), [known(1)]];
  assert.equal(calibratedBy(one, all), calibratedBy(one, all));
  const none = [];
  assert.equal(calibratedBy(one, none), one);
});

test("lengths and areas are mm in the name of who calibrated them", () => {
  const s = by(known(-1));
  assert.equal(words(line, s), "5.0 mm calibrated by Dr. Host");
  assert.equal(words(line, bare()), "10.0 px");
  const box = shape("rectangle", [
    [0, 0, 0],
    [10, 0, 0],
    [10, 20, 0],
    [0, 20, 0],
  ]);
  assert.equal(words(box, s), "50 mm² calibrated by Dr. Host");
  assert.equal(
    words(
      shape("angle", [
        [9, 0, 0],
        [0, 0, 0],
        [0, 9, 0],
      ]),
      s,
    ),
    "90.0°",
  );
});

test("what a region of the file says is not touched, and nobody is asked about it", () => {
  const regions = [[{ box: [0, 0, 20, 20], mm: [0.1, 0.1], axes: null }]];
  const us = bare({ series: { regions } });
  const there = calibratedBy(kase(us), [known(-1)]).series[0];
  assert.equal(words(line, there), "0.5 mm", "pixels of 2");
  assert.equal(isUnmeasured(us, line), false);
  assert.equal(
    isUnmeasured(
      us,
      shape("length", [
        [60, 60, 0],
        [80, 60, 0],
      ]),
    ),
    true,
  );
  assert.equal(isOpen(series()), false, "its file says it");
  assert.equal(isOpen(bare({ unit: "mm at detector" })), true);
});

test("the corner says who has said how long something is", () => {
  const s = by(known(-1));
  const shown = { ...viewport({ series: "s1", place: 1 }), rect_px: [0, 0, 900, 900], scale: 1 };
  const { bottomLeft } = corners({ kase: kase(s), viewport: shown, series: s, comparing: false });
  assert.ok(bottomLeft.some(({ text }) => text === "Calibrated by Dr. Host: 25.0 mm"));
});

test("a length is typed with a point or a comma, and none that cannot be is taken", () => {
  assert.deepEqual(["25", " 25,5 mm", "0.5"].map(lengthTyped), [25, 25.5, 0.5]);
  assert.deepEqual(["", "0", "-3", "5001", "two", "1,000.5"].map(lengthTyped), Array(6).fill(null));
});

test("events put and remove them", () => {
  const put = fold(doc(), { type: "calibration_put", calibration: known(1) });
  assert.deepEqual(put.calibrations, [known(1)]);
  const left = fold(put, { type: "calibration_removed", calibration: known(1).id, case: "c1" });
  assert.deepEqual(left.calibrations, []);
});

test("the menu of a length offers it, and of any mark to remove what is there", () => {
  const asked = [];
  const given = context("h", doc({ cases: [kase(bare())] }));
  const menu = (mark, calibrations = []) => {
    given.session.doc = { ...given.session.doc, calibrations };
    const made = new Calibrating({ ...given, command: async (wish) => void asked.push(wish) });
    return made.items({ ...mark, case: "c1", author: "h" });
  };
  assert.deepEqual(
    menu(line).map(({ name }) => name),
    ["Calibrate by this length …"],
  );
  assert.deepEqual(menu(shape("probe", [[0, 0, 0]])), []);
  const items = menu(shape("probe", [[0, 0, 0]]), [known(1)]);
  assert.deepEqual(
    items.map(({ name }) => name),
    ["Remove the calibration by Dr. Host"],
  );
  items[0].choose();
  assert.deepEqual(asked, [{ type: "remove_calibration", calibration: "c1/s1/1" }]);
  assert.deepEqual(menu({ ...line, in_space: true }), []);
});

test("numbers of a finding count for the calibration that its mark has now", () => {
  const mark = { id: "m", case: "c1", series: "s1", image: 1, points: line.points };
  const numbers = { mark: "m", case: "c1", points: line.points, numbers: [], side: "", side_source: "", factor: 0 };
  const before = doc({ numbers: [numbers], calibrations: [] });
  assert.ok(numbersOf(before, mark));
  const calibrated = { ...before, calibrations: [known(-1)] };
  assert.equal(numbersOf(calibrated, mark), null);
  assert.ok(numbersOf({ ...calibrated, numbers: [{ ...numbers, factor: 0.5 }] }, mark));
});
