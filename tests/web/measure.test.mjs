import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { areaText, isOf, lengthText, Readings, valueText } from "../../web/js/core/marks/measure.js";
import * as geometry from "../../web/js/core/marks/shape-geometry.js";
import { trace } from "../../web/js/core/marks/trace.js";
import { series } from "./examples.mjs";

const examples = JSON.parse(readFileSync(new URL("../measures.json", import.meta.url), "utf8"));
const measures = {
  length: geometry.length,
  angle: geometry.angle,
  ellipse: geometry.area,
  circle: geometry.area,
  diameter: geometry.diameter,
  polyline: geometry.pathLength,
  long_axis: (points) => geometry.bothAxes(points)[0],
  short_axis: (points) => geometry.bothAxes(points)[1],
  cobb: geometry.cobb,
  rectangle: geometry.polygonArea,
  polygon: geometry.polygonArea,
  crosses: (points) => Number(geometry.crossesItself(points)),
};
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

const words = (kind, points, more = {}) => {
  const { title, more: below } = valueText({ ...ellipse, kind, points, ...more }, series(), null);
  return [plain(title), plain(below)];
};
const box = [
  [0, 0, 0],
  [10, 0, 0],
  [10, 8, 0],
  [0, 8, 0],
];

test("every kind says what it measures", () => {
  assert.deepEqual(
    words("bidirectional", [
      [0, 0, 0],
      [22.4, 0, 0],
      [9, -7, 0],
      [9, 7, 0],
    ]),
    ["22.4 × 14.0 mm", ""],
  );
  assert.deepEqual(
    words("cobb", [
      [0, 0, 0],
      [10, 1, 0],
      [10, 40, 0],
      [0, 41, 0],
    ]),
    ["11.4°", ""],
  );
  assert.deepEqual(
    words("circle", [
      [0, 0, 0],
      [9, 0, 0],
      [0, 9, 0],
    ]),
    ["254 mm², Ø 18.0 mm", ""],
  );
  assert.deepEqual(words("rectangle", box), ["80 mm²", ""]);
  assert.deepEqual(words("polygon", box.slice(0, 3)), ["40 mm²", ""]);
  assert.deepEqual(words("polyline", box), ["28.0 mm", ""]);
  assert.deepEqual(words("freehand", [box[0], box[2], box[1], box[3]]), ["No area", "the contour crosses itself"]);
});

test("a contour shows mean and deviation of what it encloses", () => {
  const shape = { ...ellipse, kind: "rectangle", points: box };
  const { title, more } = valueText(shape, series(), { ...reading, points: box });
  assert.deepEqual([plain(title), plain(more)], ["41 ± 13 HU", "min \u221223, max 72, 80 mm²"]);
});

test("of many points a reading names sums, and shows when any of them has moved", () => {
  const points = Array.from({ length: 90 }, (_, i) => [Math.sin(i) * 40, Math.cos(i) * 40, 12.5]);
  const shape = { ...ellipse, kind: "freehand", points };
  const read = { ...reading, points: JSON.parse(JSON.stringify(trace(points))) };
  assert.equal(read.points.length, 3);
  assert.ok(isOf(read, shape));
  for (const i of [0, 44, 89]) {
    const moved = points.map((p, n) => (n === i ? [p[0] + 0.0001, p[1], p[2]] : p));
    assert.ok(!isOf(read, { ...shape, points: moved }), `point ${i}`);
  }
  assert.ok(!isOf(read, { ...shape, points: [points[0], points[2], points[1], ...points.slice(3)] }), "their order");
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
