import assert from "node:assert/strict";
import { test } from "node:test";
import { CT_PRESETS, dragWindow, presetsOf, sameWindow, windowFor } from "../../web/js/core/view/windows.js";
import { series } from "./examples.mjs";

test("CT has the presets of the conventions under their keys", () => {
  const of = (name) => CT_PRESETS.find((p) => p.name === name);
  assert.deepEqual(of("Lung"), { name: "Lung", window: { center: -600, width: 1500 }, key: "2" });
  assert.deepEqual(
    CT_PRESETS.filter((p) => p.key).map((p) => p.key),
    [..."123456789"],
  );
  assert.equal(CT_PRESETS.length, 13);
  const keyed = {
    1: [400, 40],
    3: [350, 50],
    4: [2500, 480],
    5: [80, 40],
    6: [400, 50],
    7: [150, 30],
    8: [700, 100],
    9: [600, 300],
  };
  for (const [key, [width, center]] of Object.entries(keyed)) {
    assert.deepEqual(CT_PRESETS.find((p) => p.key === key).window, { center, width });
  }
  const rest = {
    Subdural: [200, 75],
    Stroke: [40, 40],
    "Temporal bone": [2800, 600],
    "Head-neck soft tissue": [375, 40],
  };
  for (const [name, [width, center]] of Object.entries(rest)) assert.deepEqual(of(name).window, { center, width });
});

test("what is not CT in HU has the file's own windows alone, and colour none", () => {
  const mr = series({ series: { modality: "MR", unit: "" } });
  assert.deepEqual(presetsOf(mr), [{ name: "Soft", window: { center: 40, width: 400 }, key: "1" }]);
  assert.deepEqual(presetsOf(series({ series: { colour: true } })), []);
  assert.equal(presetsOf(series({ series: { unit: "" } })).length, 1);
  const many = series({
    series: {
      modality: "MR",
      windows: Array.from({ length: 12 }, (_, i) => ({ window: { center: i, width: 9 }, explanation: "" })),
    },
  });
  assert.equal(
    presetsOf(many)
      .map((p) => p.key)
      .join(""),
    "123456789",
  );
});

test("a drag to the right widens, a drag down raises the level, both faster in a wide window", () => {
  const narrow = dragWindow({ center: 40, width: 80 }, 10, 0);
  const wide = dragWindow({ center: 40, width: 1500 }, 10, 0);
  assert.ok(narrow.width > 80 && wide.width - 1500 > narrow.width - 80);
  assert.equal(narrow.center, 40);
  assert.deepEqual(dragWindow({ center: 40, width: 1500 }, 0, 10), { center: 90, width: 1500 });
});

test("a window never becomes narrower than it can be", () => {
  assert.equal(dragWindow({ center: 40, width: 80 }, -1e6, 0).width, 1);
  assert.ok(dragWindow({ center: 0.002, width: 0.004 }, -1e6, 0).width >= 1e-6);
});

test("small windows keep the digits that tell them apart", () => {
  const { center, width } = dragWindow({ center: 0.002, width: 0.004 }, 3, 3);
  assert.ok(width > 0.004 && width < 0.005 && center > 0.002 && center < 0.003);
});

test("windows are equal by value; none is none", () => {
  assert.ok(sameWindow({ center: 1, width: 2 }, { center: 1, width: 2 }));
  assert.ok(sameWindow(null, null));
  assert.ok(!sameWindow({ center: 1, width: 2 }, null));
});

test("a series opens with its own choice, a head with brain; with its mask subtracted with the window for that", () => {
  // Seen to fail on the file's first window for every series.
  const opening = { center: 40, width: 80 };
  const head = series({ series: { opening } });
  assert.deepEqual(windowFor(head, false), opening);
  assert.deepEqual(windowFor(series(), false), { center: 40, width: 400 });
  const both = series({ series: { opening, windows: [{ window: { center: 0, width: 9 }, subtracted: true }] } });
  assert.deepEqual(windowFor(both, true), { center: 0, width: 9 });
});
