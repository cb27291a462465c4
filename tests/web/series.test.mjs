import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  axisName,
  firstTime,
  imageAt,
  imageName,
  locate,
  places,
  timeLabel,
  times,
} from "../../web/js/core/view/series.js";
import { series, timed } from "./examples.mjs";

const { series: examples } = JSON.parse(readFileSync(new URL("../series.json", import.meta.url), "utf8"));

for (const { what, places: count, labels, missing, images } of examples) {
  test(`${what}: each image lies at its place and time`, () => {
    const s = labels ? timed({ places: count, labels, missing }) : series({ images: count });
    assert.deepEqual([places(s), times(s)], [count, images.length]);
    const found = images.map((row, time) => row.map((_, place) => imageAt(s, place, time)));
    assert.deepEqual(
      found,
      images.map((row) => row.map((image) => image ?? -1)),
    );
    for (const [time, row] of found.entries())
      for (const [place, image] of row.entries()) if (image >= 0) assert.deepEqual(locate(s, image), { place, time });
  });
}

test("beyond the ends there is no image, and an index means them", () => {
  const s = timed({ missing: [[1, 4]] });
  for (const [place, time] of [
    [-1, 0],
    [5, 0],
    [0, -1],
    [0, 2],
  ])
    assert.equal(imageAt(s, place, time), -1);
  assert.deepEqual(
    [locate(s, -1), locate(s, 99)],
    [
      { place: 0, time: 0 },
      { place: 3, time: 1 },
    ],
  );
});

test("a time is called by its label, the axis by what makes it", () => {
  const s = timed({ missing: [[0, 1]] });
  assert.deepEqual([timeLabel(s, 1), timeLabel(s, 7), timeLabel(series(), 0)], ["b 1000", "", ""]);
  assert.deepEqual(
    [imageName(s, { place: 2, time: 1 }), imageName(series(), { place: 2, time: 0 })],
    ["image 3, b 1000", "image 3"],
  );
  // Seen to fail: "image 3" in the lists where the corner and the report say "I: 38".
  const instance_number = [40, 39, 38, 37, 36];
  const numbered = series({ images: 5, series: { values: { instance_number } } });
  assert.equal(imageName(numbered, { place: 2, time: 0 }), "image 3/5 (I: 38)");
  const counted = series({ images: 5, series: { values: { instance_number: [1, 2, 3, 4, 5] } } });
  assert.equal(imageName(counted, { place: 2, time: 0 }), "image 3");
  assert.deepEqual([firstTime(s, 0), firstTime(s, 1)], [0, 1]);
  const named = (attribute) => axisName({ ...s, axis: { ...s.axis, attribute } });
  assert.deepEqual(["DiffusionBValue", "TemporalPositionIdentifier", "FlipAngle", ""].map(named), [
    "b value",
    "phase",
    "flip angle",
    "time",
  ]);
});
