import assert from "node:assert/strict";
import { test } from "node:test";
import * as a from "../../web/js/core/alignment/alignment.js";
import { bareShape, whereOf } from "../../web/js/core/marks/marks.js";
import { valueText } from "../../web/js/core/marks/measure.js";
import { alignable, fusable, fused } from "../../web/js/core/planes/fusion.js";
import { rotation } from "../../web/js/core/planes/parts.js";
import { norm, subtract } from "../../web/js/core/vec.js";
import { kase, series, view, viewport } from "./examples.mjs";

const ct = series({ key: "s1", images: 20 });
const mr = series({ key: "mr", images: 11, x: 500, z: 900, frame: "f2", series: { modality: "MR" } });
const pet = series({ key: "pet", images: 11, series: { modality: "PT" } });
const k = kase(ct, mr, pet);
const near = (x, y, within = 1e-9) => assert.ok(norm(subtract(x, y)) < within, `${x} is not ${y}`);
const over = (v, s, at) => ({ ...v, shows: fused(v, s, at).shows });
const start = a.middles(ct, mr);
const two = view(over(viewport({ id: "a" }), mr, { ...start, by: "Ann" }), over(viewport({ id: "b" }), mr, start));
const alignments = (v) => v.viewports.map((one) => one.shows.alignment);

test("series of another frame of reference are offered apart, and begin with their middles on each other", () => {
  assert.deepEqual(
    fusable(k, ct).map((s) => s.key),
    ["pet"],
  );
  assert.deepEqual(
    alignable(k, ct).map((s) => s.key),
    ["mr"],
  );
  near(start.shift_mm, [-500, 0, 47.5 - 925]);
  assert.deepEqual(start.turn_deg, [0, 0, 0]);
});

test("all viewports that fuse the two are aligned alike, by whoever did it last", () => {
  const moved = a.aligned(two, "b", k, a.shifted(start, [1, 2, 3]), "Bob");
  for (const one of alignments(moved)) {
    near(one.shift_mm, [-499, 2, 50.5 - 925]);
    assert.equal(one.by, "Bob");
  }
  assert.deepEqual(alignments(a.aligned(moved, "a", k, a.placed(alignments(moved)[0]), "Ann"))[0].by, "Bob");
});

test("of one frame of reference there is no alignment where nothing is moved", () => {
  const one = view(over(viewport(), pet, null));
  const moved = a.aligned(one, "a", k, a.shifted(a.NOT_MOVED, [1, 0, 0]), "Bob");
  assert.equal(alignments(moved)[0].by, "Bob");
  assert.equal(alignments(a.aligned(moved, "a", k, a.NOT_MOVED, "Bob"))[0], null);
  assert.notEqual(alignments(a.aligned(two, "a", k, a.NOT_MOVED, "Bob"))[0], null);
});

test("turns are composed, whatever was turned before", () => {
  const axes = [
    [1, 0, 0],
    [0, 0.6, 0.8],
    [0.6, 0, -0.8],
    [0, 1, 0],
  ];
  let at = a.NOT_MOVED;
  const turns = [];
  for (const [i, degrees] of [30, -75, 110, 179, 5, 180].entries()) {
    const about = axes[i % axes.length];
    turns.push(rotation(about, degrees));
    at = a.turned(at, about, degrees);
    const long = norm(at.turn_deg);
    assert.ok(long <= 180 + 1e-9);
    for (const v of [
      [1, 0, 0],
      [0.2, -3, 1],
    ]) {
      const expected = turns.reduce((p, turn) => turn(p), v);
      near(
        long > 0
          ? rotation(
              at.turn_deg.map((n) => n / long),
              long,
            )(v)
          : v,
        expected,
        1e-6,
      );
    }
  }
});

test("a drag shifts in the plane, with Shift it turns about the middle of what is dragged", () => {
  const camera = { center: [99, 99, 47.5], radius: 50, right: [1, 0, 0], down: [0, 1, 0] };
  const dragged = a.draggedTo(start, mr, camera, { from: [0, 0, 47.5], to: [3, 4, 47.5], turn: false });
  near(subtract(dragged.shift_mm, start.shift_mm), [3, 4, 0]);
  const middle = [99, 99, 47.5];
  const [from, to] = [
    [middle[0] + 10, middle[1], 47.5],
    [middle[0], middle[1] + 10, 47.5],
  ];
  const turned = a.draggedTo(start, mr, camera, { from, to, turn: true });
  near(turned.turn_deg, [0, 0, 90], 1e-6);
  near(turned.shift_mm, start.shift_mm);
});

test("a number that is typed is kept within its limits", () => {
  assert.deepEqual(a.withNumber(a.NOT_MOVED, "shift_mm", 1, 12.5).shift_mm, [0, 12.5, 0]);
  near(a.withNumber(a.NOT_MOVED, "shift_mm", 1, 1e6).shift_mm, [0, a.MAX_SHIFT_MM, 0]);
  near(a.withNumber(a.NOT_MOVED, "turn_deg", 2, 400).turn_deg, [0, 0, a.MAX_TURN_DEG]);
});

test("the picture and the values say so", () => {
  const { shows } = two.viewports[0];
  assert.equal(a.alignedWords(shows), "aligned by hand, Ann");
  assert.equal(a.alignedWords(two.viewports[1].shows), "aligned by hand");
  assert.equal(a.alignedWords(over(viewport(), pet, null).shows), "");
  const shape = { id: "m", kind: "probe", series: "s1", image: 3, points: [[1, 2, 3]], ...whereOf(shows) };
  assert.deepEqual(shape.alignment, { ...start, by: "Ann" });
  assert.deepEqual(bareShape(shape).alignment, shape.alignment);
  const reading = { mean: 40, pixels: 1, sentence: "", over: { series: "mr", mean: 7, pixels: 1, sentence: "" } };
  assert.match(valueText(shape, ct, reading, mr).more, /aligned by hand/);
  assert.equal(valueText({ ...shape, alignment: undefined }, ct, reading, mr).more, "");
});
