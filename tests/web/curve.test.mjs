import assert from "node:assert/strict";
import { test } from "node:test";
import {
  acrossName,
  bandPath,
  csvOf,
  curveName,
  hasCurve,
  meanPath,
  nearest,
  niceStep,
  plotOf,
  stepName,
  stepValue,
  upName,
} from "../../web/js/core/marks/curve.js";
import { timed } from "./examples.mjs";

const labels = ["time 1", "time 2", "time 3", "time 4"];
const dynamic = {
  ...timed({ places: 3, labels, series: { unit: "", description: "Dynamic" } }),
  axis: { attribute: "TemporalPositionIdentifier", labels, missing: [] },
};
const step = (index, at, mean, more = {}) => ({
  index,
  at,
  pixels: 40,
  mean,
  sd: 10,
  low: mean - 20,
  high: mean + 20,
  sentence: "",
  ...more,
});
const curve = {
  mark: "m1",
  points: [[1, 2, 3]],
  series: dynamic.key,
  along: "time",
  quantity: "time",
  steps: [step(0, 0, 100), step(1, 12.5, 400), step(3, 100, 300)],
};

test("there is a curve of what reads pixels, where its series has times or is a clip", () => {
  for (const kind of ["ellipse", "circle", "rectangle", "freehand", "polygon", "probe"])
    assert.ok(hasCurve({ kind }, dynamic), kind);
  for (const kind of ["length", "text", "polyline"]) assert.ok(!hasCurve({ kind }, dynamic), kind);
  const plain = { ...dynamic, axis: null };
  assert.ok(!hasCurve({ kind: "probe" }, plain));
  assert.ok(!hasCurve({ kind: "probe" }, null));
  assert.ok(!hasCurve({ kind: "probe" }, { ...dynamic, colour: true }));
  const clip = { ...plain, grid: { ...plain.grid, space: "image" }, values: { frame_time_ms: [40] } };
  assert.ok(hasCurve({ kind: "probe" }, clip));
  assert.ok(!hasCurve({ kind: "probe" }, { ...clip, document: "pdf" }));
  assert.equal(curveName(dynamic), "Time-intensity curve");
  assert.equal(curveName({ ...dynamic, axis: { ...dynamic.axis, attribute: "EchoTime" } }), "Curve over echo time");
});

test("steps lie where their times are, not side by side", () => {
  const { dots, across } = plotOf(curve, dynamic);
  assert.deepEqual(
    dots.map(({ index }) => index),
    [0, 1, 3],
  );
  const [a, b, c] = dots.map(({ x }) => x);
  assert.ok(Math.abs((b - a) / (c - a) - 0.125) < 1e-9, "seen to fail where they were evenly spaced");
  assert.deepEqual(
    across.map(({ text }) => text),
    ["0", "20", "40", "60", "80", "100"],
  );
});

test("what is higher is drawn higher, with one deviation to both sides", () => {
  const { dots, up } = plotOf(curve, dynamic);
  assert.ok(dots[1].mean < dots[2].mean && dots[2].mean < dots[0].mean);
  const perUnit = (up[0].at - up.at(-1).at) / (Number(up.at(-1).text) - Number(up[0].text));
  assert.ok(Math.abs(dots[0].low - dots[0].mean - 10 * perUnit) < 1e-6);
  assert.ok(Math.abs(dots[0].mean - dots[0].high - 10 * perUnit) < 1e-6);
  assert.match(meanPath({ dots }), /^M[\d.]+ [\d.]+L/);
  assert.match(bandPath({ dots }), /Z$/);
});

test("a step without a value is left out of the line, and of its axis nothing is", () => {
  const broken = { ...curve, steps: [step(0, 0, 100), step(1, 50, 0, { pixels: 0, sentence: "damaged" })] };
  const { dots, across } = plotOf(broken, dynamic);
  assert.equal(dots.length, 1);
  assert.equal(across.at(-1).text, "50");
  assert.equal(stepValue(broken.steps[1], dynamic), "damaged");
  assert.equal(plotOf({ ...curve, steps: [broken.steps[1]] }, dynamic), null);
});

test("values that are all the same have a plot", () => {
  const flat = { ...curve, steps: [step(0, 0, 50, { sd: 0 }), step(1, 10, 50, { sd: 0 })] };
  const { dots, up } = plotOf(flat, dynamic);
  assert.ok(dots.every(({ mean }) => Number.isFinite(mean)));
  assert.ok(up.length >= 2);
});

test("axes are named with their units", () => {
  assert.equal(acrossName(curve, dynamic), "Time (s)");
  assert.equal(acrossName({ ...curve, quantity: "b" }, dynamic), "b value (s/mm²)");
  assert.equal(acrossName({ ...curve, quantity: "echo" }, dynamic), "Echo time (ms)");
  const directions = { ...dynamic, axis: { ...dynamic.axis, attribute: "DiffusionBValue" } };
  assert.equal(acrossName({ ...curve, quantity: "number" }, directions), "b value");
  assert.equal(upName(dynamic), "Signal");
  assert.equal(upName({ ...dynamic, unit: "HU" }), "HU");
  const pet = { ...dynamic, modality: "PT", unit: "BQML", suv: { body_weight: 0.001 } };
  assert.equal(upName(pet), "SUVbw");
  assert.equal(upName({ ...pet, suv: { reason: "No weight." } }), "Bq/ml");
  assert.equal(stepValue(step(0, 0, 4200), pet).replaceAll("\u00a0", " "), "4.20 ± 0.01 SUVbw");
  assert.equal(stepName(curve, dynamic, curve.steps[1]).replaceAll("\u00a0", " "), "12.5 s, time 2");
});

test("ticks are 1, 2 or 5 times a power of ten", () => {
  assert.deepEqual([niceStep(100, 5), niceStep(90, 4), niceStep(0.7, 5), niceStep(3, 4)], [20, 50, 0.2, 1]);
});

test("a press takes the nearest step that has a value", () => {
  const plot = plotOf(curve, dynamic);
  assert.equal(nearest(plot, plot.dots[1].x + 2).index, 1);
  assert.equal(nearest(plot, 1000).index, 3);
});

test("a CSV has each step in one line, with units, and runs nothing", () => {
  const csv = csvOf(curve, { ...dynamic, unit: "HU" }, { kind: "ellipse", label: '=HYPERLINK("x")' });
  const [head, first, , last] = csv.slice(1).split("\r\n");
  assert.equal(head, "region,series,step,label,time_s,mean (HU),sd (HU),min (HU),max (HU),pixels,note");
  assert.equal(first, `"'=HYPERLINK(""x"")",Dynamic,1,time 1,0,100,10,80,120,40,`);
  assert.equal(last, `"'=HYPERLINK(""x"")",Dynamic,4,time 4,100,300,10,280,320,40,`);
  const broken = { ...curve, steps: [step(0, 0, 0, { pixels: 0, sentence: "A hole, here." })] };
  assert.match(csvOf(broken, dynamic, { kind: "probe", label: "" }), /probe,Dynamic,1,time 1,0,,,,,0,"A hole, here."/);
});

test("small values have the digits that they need", () => {
  const small = step(0, 0, 0.00123, { sd: 0.00004 });
  assert.equal(stepValue(small, dynamic).replaceAll("\u00a0", " "), "0.00123 ± 0.00004");
});
