import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { formOf } from "../../web/js/core/form.js";
import { drawnSize, layoutName, place, sameLayout } from "../../web/js/core/view/layout.js";
import { view, viewport } from "./examples.mjs";

const two = view(viewport(), viewport({ id: "b" }));

test("cells are equally large to the pixel, as the server places them", () => {
  const placed = place(two, { width: 1036, height: 772, gap: 1 });
  assert.deepEqual(
    placed.map((p) => p.rect),
    [
      [0, 0, 517, 772],
      [518, 0, 517, 772],
    ],
  );
});

test("a phone shows the active viewport alone", () => {
  const placed = place({ ...two, active: "b" }, { width: 1170, height: 2000, only_active: true, gap: 3 });
  assert.deepEqual(
    placed.map((p) => [p.viewport.id, p.rect]),
    [["b", [0, 0, 1170, 2000]]],
  );
});

test("the page has five forms", () => {
  const sizes = [
    [1440, 900],
    [1280, 720],
    [820, 1180],
    [390, 844],
    [844, 390],
    [320, 600],
  ];
  assert.deepEqual(
    sizes.map(([w, h]) => formOf(w, h)),
    ["wide", "middle", "tablet", "phone", "landscape", "phone"],
  );
});

test("six viewports and more take the place of the list of people", () => {
  assert.deepEqual(
    [1, 5, 6, 10].map((viewports) => formOf(1440, 900, viewports)),
    ["wide", "wide", "middle", "middle"],
  );
  assert.equal(formOf(390, 844, 10), "phone");
});

const { layouts } = JSON.parse(readFileSync(new URL("../layouts.json", import.meta.url), "utf8"));

for (const { layout, screen, rects } of layouts) {
  test(`${layoutName(layout)} on ${screen.width} x ${screen.height} lies as the server places it`, () => {
    const viewports = Object.keys(rects).map((id) => viewport({ id }));
    const placed = place({ ...view(...viewports), layout }, screen);
    assert.deepEqual(Object.fromEntries(placed.map((p) => [p.viewport.id, p.rect])), rects);
  });
}

test("layouts are the same by their grid and their primary", () => {
  assert.ok(sameLayout({ rows: 1, columns: 2 }, { rows: 1, columns: 2, primary: "" }));
  for (const other of [
    { rows: 2, columns: 2 },
    { rows: 1, columns: 1 },
    { rows: 1, columns: 2, primary: "c" },
  ])
    assert.ok(!sameLayout({ rows: 1, columns: 2 }, other));
  assert.deepEqual(
    [layoutName({ rows: 2, columns: 2 }), layoutName({ rows: 3, columns: 3, primary: "j" })],
    ["2×2", "3×3 and 1"],
  );
});

test("a screen up to 8K is drawn whole, a larger one in its shape as far as a screen may go", () => {
  for (const [width, height] of [
    [3840, 2160],
    [5120, 2880],
    [7680, 4320],
    [8192, 4352],
    [390, 844],
  ])
    assert.deepEqual(drawnSize(width, height), { width, height, isWhole: true });
  for (const [width, height] of [
    [15360, 8640],
    [8192, 8192],
    [10000, 1000],
    [4000, 12000],
  ]) {
    const drawn = drawnSize(width, height);
    assert.equal(drawn.isWhole, false);
    assert.ok(drawn.width <= 8192 && drawn.height <= 8192 && drawn.width * drawn.height <= 8192 * 4352);
    assert.ok(Math.abs(drawn.width / drawn.height - width / height) < 0.01);
  }
});
