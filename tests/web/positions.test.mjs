import assert from "node:assert/strict";
import { test } from "node:test";
import { byImage, positionsOf } from "../../web/js/core/people/positions.js";
import { view, viewport } from "./examples.mjs";

const [ann, bob] = ["ann", "bob"].map((id) => ({
  id,
  name: id,
  colour: 0,
  role: "participant",
  invitation: "",
  removed: false,
}));

test("who follows is where the active viewport is", () => {
  const shown = { ...view(viewport(), viewport({ id: "b", series: "s2", image: 7 })), active: "b" };
  assert.deepEqual(positionsOf(shown, [ann, bob], new Map()), [
    { seat: ann, series: "s2", image: 7 },
    { seat: bob, series: "s2", image: 7 },
  ]);
  assert.deepEqual(positionsOf(null, [ann], new Map()), []);
});

test("who looks around alone is where they look", () => {
  const here = new Map([
    ["ann", { seat: "ann", exploring: { series: "s9", image: 2 } }],
    ["bob", { seat: "bob", exploring: null }],
  ]);
  const found = positionsOf(view(viewport()), [ann, bob], here);
  assert.deepEqual(
    found.map((p) => [p.series, p.image]),
    [
      ["s9", 2],
      ["s1", 3],
    ],
  );
});

test("people on one image stand together", () => {
  const at = (seat, image, series = "s1") => ({ seat, series, image });
  assert.deepEqual(byImage([at(ann, 9), at(bob, 2), at(bob, 3, "s2")], "s1"), [
    [2, [bob]],
    [9, [ann]],
  ]);
  assert.deepEqual(byImage([at(ann, 9), at(bob, 9)], "s1"), [[9, [ann, bob]]]);
});
