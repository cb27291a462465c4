import assert from "node:assert/strict";
import { test } from "node:test";
import { IndependentView } from "../../web/js/features/follow/independent-view.js";

/** A page that has asked `sent` times, and follows again by now. */
function follower(sent) {
  const messages = [];
  const view = new IndependentView({
    tab: "tab-1",
    send: (message) => messages.push(message),
    navigation: { shared: { epochs: () => ({ control: 1, case: 2 }) }, moved: () => assert.fail("it is taken up") },
    stage: { setStage: () => assert.fail("its picture is shown") },
  });
  view.explorer.intent.sent = sent;
  return { view, messages };
}
const exploring = (n) => ({ type: "exploring", n, stage: "alone-1", view: { rev: 9 }, sentence: "" });

test("an own view that is let through when its page follows again is declined, by the newest number", () => {
  const { view, messages } = follower(3);
  view.receive(exploring(3));
  assert.deepEqual(messages, [{ type: "explore", case: 2, n: 4, view: null, rest: true }]);
});

test("an answer to an older request is none to what was asked since", () => {
  const { view, messages } = follower(3);
  view.receive(exploring(2));
  assert.deepEqual(messages, []);
});
