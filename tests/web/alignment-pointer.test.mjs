/** A drag on a fusion that is aligned: a press alone moves nothing and remembers nothing to undo. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { AlignmentPointer } from "../../web/js/features/planes/alignment-pointer.js";

globalThis.devicePixelRatio = 1;
globalThis.Element ??= class {};

function dragged(...moves) {
  const [listeners, done] = [{}, []];
  const stage = {
    addEventListener: (name, listen) => {
      listeners[name] = listen;
    },
    setPointerCapture: () => undefined,
    focus: () => undefined,
  };
  const area = { getBoundingClientRect: () => ({ left: 0, top: 0 }) };
  new AlignmentPointer(stage, area, {
    over: () => "b",
    begin: () => "the view",
    moved: (start, id) => done.push(["moved", start, id]),
    drag: (_start, id, { to }, rest) => done.push(["drag", id, to, rest]),
  });
  const fire = (name, x) =>
    listeners[name]({
      pointerId: 1,
      pointerType: "mouse",
      button: 0,
      clientX: x,
      clientY: 0,
      stopImmediatePropagation: () => undefined,
    });
  fire("pointerdown", 100);
  for (const x of moves) fire("pointermove", x);
  fire("pointerup", moves.at(-1) ?? 100);
  return done;
}

test("a press without a move changes nothing, and there is nothing to undo", () => {
  assert.deepEqual(dragged(), []);
  assert.deepEqual(dragged(101, 102), []);
});

test("a drag is remembered once, by the viewport that it is in, and ends at rest", () => {
  assert.deepEqual(dragged(102, 110, 120), [
    ["moved", "the view", "b"],
    ["drag", "b", [110, 0], false],
    ["drag", "b", [120, 0], false],
    ["drag", "b", [120, 0], true],
  ]);
});
