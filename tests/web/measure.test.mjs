import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  angle,
  area,
  areaText,
  isOf,
  length,
  lengthText,
  Readings,
  valueText,
} from "../../web/js/core/marks/measure.js";
import { series } from "./examples.mjs";

const examples = JSON.parse(readFileSync(new URL("../measures.json", import.meta.url), "utf8"));
const measures = { length, angle, ellipse: area };
const plain = (text) => text.replaceAll("\u00a0", " ");

for (const { kind, points, value } of examples) {
  test(`${kind} ${value}: as the server computes it`, () => assert.ok(Math.abs(measures[kind](points) - value) < 1e-6));
}

test("a length shows what it means", () => {
  assert.equal(plain(lengthText(22.43, "mm")), "22.4 mm");
  assert.equal(plain(lengthText(22.43, "mm at detector")), "22.4 mm at detector");
  assert.equal(plain(lengthText(134.4, "px")), "134 px");
  assert.equal(plain(lengthText(13.44, "px")), "13.4 px");
  assert.equal(plain(areaText(253.2, "mm")), "253 mm²");
  assert.equal(plain(areaText(2.53, "mm at detector")), "2.5 mm² at detector");
});

const ellipse = {
  id: "m",
  kind: "ellipse",
  series: "s1",
  image: 0,
  points: [
    [0, 0, 0],
    [10, 0, 0],
    [0, 8, 0],
  ],
  label: "",
};
const reading = {
  mark: "m",
  points: ellipse.points,
  pixels: 50,
  mean: 41.2,
  sd: 12.9,
  low: -23,
  high: 72,
  sentence: "",
};

test("an ellipse shows mean, deviation, extremes and area in the image's unit", () => {
  const { title, more } = valueText(ellipse, series(), reading);
  assert.equal(plain(title), "41 ± 13 HU");
  assert.equal(plain(more), "min \u221223, max 72, 251 mm²");
});

test("small values have the digits they need, and activity its own unit", () => {
  const suv = { ...reading, mean: 2.345, sd: 0.4, low: 1.2, high: 3.9 };
  assert.equal(plain(valueText(ellipse, series({ series: { unit: "SUVbw" } }), suv).title), "2.35 ± 0.40 SUVbw");
  const activity = { ...reading, mean: 12345.6, sd: 400, low: 1, high: 30000 };
  assert.equal(plain(valueText(ellipse, series({ series: { unit: "BQML" } }), activity).title), "12346 ± 400 Bq/ml");
});

test("without a value it shows no number of another", () => {
  assert.equal(plain(valueText(ellipse, series(), null).title), "251 mm²");
  const none = { ...reading, pixels: 0, sentence: "There are no values here." };
  assert.equal(valueText(ellipse, series(), none).more, "There are no values here.");
  const probe = { ...ellipse, kind: "probe", points: [[0, 0, 0]] };
  assert.equal(valueText(probe, series(), null).title, "…");
  assert.equal(plain(valueText(probe, series(), { ...reading, mean: -3.6 }).title), "\u22124 HU");
});

test("a reading of other points is not of this shape", () => {
  assert.ok(isOf(reading, ellipse));
  assert.ok(
    !isOf(reading, {
      ...ellipse,
      points: [
        [0, 0, 0],
        [10, 0, 0],
        [0, 8.1, 0],
      ],
    }),
  );
  assert.ok(!isOf(undefined, ellipse));
});

test("words are shown as they are", () => {
  assert.deepEqual(valueText({ ...ellipse, kind: "text", label: "here" }, series(), null), { title: "here", more: "" });
});

test("the newest reading of a mark is shown for its own points, and the oldest marks are forgotten", () => {
  const readings = new Readings();
  readings.keep([reading, { ...reading, mean: 7 }]);
  assert.equal(readings.of(ellipse).mean, 7);
  assert.equal(
    readings.of({
      ...ellipse,
      points: [
        [1, 0, 0],
        [10, 0, 0],
        [0, 8, 0],
      ],
    }),
    null,
  );
  readings.keep(Array.from({ length: 1024 }, (_, i) => ({ ...reading, mark: `other-${i}` })));
  assert.equal(readings.of(ellipse), null);
});
