import assert from "node:assert/strict";
import { test } from "node:test";
import { byPlace, positionsOf } from "../../web/js/core/people/positions.js";
import { kase, timed, view, viewport } from "./examples.mjs";

const [ann, bob] = ["ann", "bob"].map((id) => ({
  id,
  name: id,
  colour: 0,
  role: "participant",
  invitation: "",
  removed: false,
}));

test("who follows is where the active viewport is", () => {
  const shown = { ...view(viewport(), viewport({ id: "b", series: "s2", place: 7 })), active: "b" };
  assert.deepEqual(positionsOf(shown, [ann, bob], new Map(), null), [
    { seat: ann, series: "s2", place: 7 },
    { seat: bob, series: "s2", place: 7 },
  ]);
  assert.deepEqual(positionsOf(null, [ann], new Map(), null), []);
});

test("who looks around alone is where they look", () => {
  const here = new Map([
    ["ann", { seat: "ann", exploring: { case: 1, series: "dwi", image: 7 } }],
    ["bob", { seat: "bob", exploring: null }],
  ]);
  const found = positionsOf(view(viewport()), [ann, bob], here, kase(timed()));
  assert.deepEqual(
    found.map((p) => [p.series, p.place]),
    [
      ["dwi", 2],
      ["s1", 3],
    ],
  );
});

test("people at one place stand together", () => {
  const at = (seat, place, series = "s1") => ({ seat, series, place });
  assert.deepEqual(byPlace([at(ann, 9), at(bob, 2), at(bob, 3, "s2")], "s1"), [
    [2, [bob]],
    [9, [ann]],
  ]);
  assert.deepEqual(byPlace([at(ann, 9), at(bob, 9)], "s1"), [[9, [ann, bob]]]);
});
