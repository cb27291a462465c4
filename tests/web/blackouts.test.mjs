import assert from "node:assert/strict";
import { test } from "node:test";
import { blackoutsOf, blackWord, cornersOf, imageSeries, rectangleOf } from "../../web/js/core/privacy/blackouts.js";
import { fold } from "../../web/js/core/session/document.js";
import { series, viewport } from "./examples.mjs";

const one = { id: "b1", case: "c1", series: "s-1", rectangle: [0, 0, 64, 8] };
const shows = (key = "s-1") => ({ type: "stack", series: key, place: 3, time: 0 });

/** Of a picture of 128 x 128 that shows a square grid of 64 as large as it fits. */
function shown(more = {}) {
  const { grid } = series();
  const half = ((grid.columns - 1) / 2) * grid.column_spacing;
  const [x, y, z] = grid.positions[3];
  const center = [x + half * grid.right[0], y + half * grid.down[1], z];
  const camera = { center, radius: (grid.columns * grid.column_spacing) / 2, right: grid.right, down: grid.down };
  return { ...viewport(), shows: shows(), camera: { ...camera, ...more }, rect_px: [10, 20, 128, 128] };
}

test("what is drawn on the canvas is a rectangle of whole pixels, and lies there again", () => {
  const { columns } = series().grid;
  const by = 128 / columns;
  const drawn = rectangleOf([10 + 2.4 * by, 20 + 3.5 * by], [10 + 6.1 * by, 20 + 9 * by], series(), shown());
  assert.deepEqual(drawn, [2, 3, 7, 9]);
  const corners = cornersOf(drawn, series(), shown()).map((at) => at.map(Math.round));
  assert.deepEqual(
    corners,
    [
      [2, 3],
      [7, 3],
      [7, 9],
      [2, 9],
    ].map(([x, y]) => [Math.round(10 + x * by), Math.round(20 + y * by)]),
  );
});

test("from any corner to any other, and only as far as the image goes", () => {
  const { columns, rows } = series().grid;
  assert.deepEqual(rectangleOf([500, 500], [-500, -500], series(), shown()), [0, 0, columns, rows]);
  assert.equal(rectangleOf([300, 30], [320, 60], series(), shown()), null, "beside the image");
});

test("a flipped picture is drawn on as it is seen", () => {
  const { columns, right } = series().grid;
  const by = 128 / columns;
  const flipped = shown({ right: right.map((x) => -x) });
  const drawn = rectangleOf([10, 20], [10 + 5 * by, 20 + 5 * by], series(), flipped);
  assert.deepEqual([drawn[0], drawn[2]], [columns - 5, columns]);
});

test("they are put and removed, and found by their series", () => {
  const doc = fold({ seats: [], blackouts: [] }, { type: "blackout_put", blackout: one });
  assert.deepEqual(blackoutsOf(doc, "s-1"), [one]);
  assert.deepEqual(blackoutsOf(doc, "s-2"), []);
  assert.deepEqual(fold(doc, { type: "blackout_removed", blackout: "b1", case: "c1" }).blackouts, []);
  assert.deepEqual(blackoutsOf(null, "s-1"), []);
});

test("a picture says so: to guests that parts are black, to hosts for whom", () => {
  const doc = { blackouts: [one], patients_hidden: true };
  assert.equal(blackWord(doc, false, shows()), "PARTS BLACKED OUT");
  assert.equal(blackWord(doc, true, shows()), "BLACKED OUT FOR GUESTS");
  assert.equal(blackWord(doc, false, shows("s-2")), "");
  const open = { ...doc, patients_hidden: false };
  assert.equal(blackWord(open, true, shows()), "NOT BLACKED OUT YET");
  assert.equal(blackWord(open, false, shows()), "");
});

test("on a plane nothing is outlined, and all is said", () => {
  const plane = { type: "plane", volume: { series: "s-1", time: 0 }, name: "axial" };
  assert.equal(imageSeries(plane), "");
  assert.equal(imageSeries({ type: "fusion", base: shows(), over: plane.volume }), "s-1");
  assert.equal(blackWord({ blackouts: [one], patients_hidden: true }, false, plane), "PARTS BLACKED OUT");
});
