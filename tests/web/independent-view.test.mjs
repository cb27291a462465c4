import assert from "node:assert/strict";
import { test } from "node:test";
import { IndependentView } from "../../web/js/features/follow/independent-view.js";

/** A page that has asked `sent` times, and follows again by now. */
function follower(sent) {
  const told = [];
  const alone = new IndependentView({
    socket: { say: (message) => told.push(message) },
    stage: { setStage: () => assert.fail("its picture is shown") },
  });
  alone.explorer = {
    intent: { heard: 0, sent },
    epochs: () => ({ control: 1, case: 2 }),
    receive: () => assert.fail("it is taken up"),
  };
  return { alone, told };
}
const looking = (n) => ({ type: "exploring", n, stage: "alone-1", view: { rev: 9 }, sentence: "" });

test("a look that is let through when its page follows again is declined, by the newest number", () => {
  const { alone, told } = follower(3);
  alone.receive(looking(3));
  assert.deepEqual(told, [{ type: "explore", case: 2, n: 4, view: null, rest: true }]);
});

test("an answer to an older look is none to what was asked since", () => {
  const { alone, told } = follower(3);
  alone.receive(looking(2));
  assert.deepEqual(told, []);
});
