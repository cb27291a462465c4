/** Levels of the spine are following over the borders of its parts, down and up. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { following, STARTS } from "../../web/js/core/marks/spine.js";
import { Toolbox } from "../../web/js/stage/toolbox.js";

function all(from) {
  const levels = [];
  for (let at = from; at; at = following(at)) levels.push(at.next);
  return levels;
}

test("from C1 down there are 25 levels, and up it is the same way back", () => {
  const down = all({ next: "C1", by: 1 });
  assert.equal(down.length, 25);
  assert.deepEqual(down.slice(6, 8), ["C7", "T1"]);
  assert.deepEqual(down.slice(18, 20), ["T12", "L1"]);
  assert.deepEqual(down.slice(-2), ["L5", "S1"]);
  assert.deepEqual(all({ next: "S1", by: -1 }), [...down].reverse());
  assert.ok(STARTS.every((from) => following(from)));
});

test("another tool ends the counting", () => {
  const toolbox = new Toolbox();
  let changes = 0;
  toolbox.on("changed", () => (changes += 1));
  toolbox.label({ next: "L1", by: 1 });
  assert.deepEqual([toolbox.drawing, toolbox.spine], ["text", { next: "L1", by: 1 }]);
  assert.ok(changes > 0);
  for (const leave of [() => toolbox.draw("text"), () => toolbox.take("stack")]) {
    toolbox.label({ next: "L1", by: 1 });
    leave();
    assert.equal(toolbox.spine, null);
  }
});
