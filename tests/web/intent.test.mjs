import assert from "node:assert/strict";
import { test } from "node:test";
import { Intent } from "../../web/js/core/session/intent.js";
import { shown, view, viewport } from "./examples.mjs";

const at = (image) => view(viewport({ place: image }));
const mine = (rev, image, n) => shown(rev, at(image), { tab: "me", n });
const image = (intent) => intent.view.viewports[0].shows.place;

function began(first = 3) {
  const intent = new Intent("me");
  intent.receive(shown(1, at(first)));
  return intent;
}

test("a gesture is seen in the intent at once, and sent once", () => {
  const intent = began();
  intent.propose(at(4));
  assert.equal(image(intent), 4);
  assert.deepEqual(intent.take(), { n: 1, view: at(4), rest: false });
  assert.equal(intent.take(), null);
});

test("of many gestures in a frame only the newest is sent", () => {
  const intent = began();
  for (const i of [4, 5, 6]) intent.propose(at(i));
  assert.equal(intent.take().view.viewports[0].shows.place, 6);
  assert.equal(intent.take(), null);
});

test("one's own older views do not pull the intent back", () => {
  const intent = began();
  for (const i of [4, 5]) {
    intent.propose(at(i));
    intent.take();
  }
  intent.receive(mine(2, 4, 1));
  assert.equal(image(intent), 5);
  assert.equal(intent.ahead, true);
  intent.receive(mine(3, 5, 2));
  assert.equal(image(intent), 5);
  assert.equal(intent.ahead, false);
});

test("an own view does not undo a gesture that is not sent yet", () => {
  const intent = began();
  intent.propose(at(4));
  intent.take();
  intent.propose(at(5));
  intent.receive(mine(2, 4, 1));
  assert.equal(image(intent), 5);
  assert.equal(intent.take().view.viewports[0].shows.place, 5);
});

test("somebody else's view counts at once", () => {
  const intent = began();
  intent.propose(at(4));
  intent.take();
  intent.propose(at(5));
  intent.receive(shown(2, at(9), { tab: "other", n: 7 }));
  assert.equal(image(intent), 9);
  assert.equal(intent.ahead, false);
  assert.equal(intent.take(), null);
});

test("after a switch of the case the view counts whose ever it was", () => {
  const intent = began();
  intent.propose(at(4));
  intent.take();
  intent.propose(at(5));
  intent.receive({ ...mine(2, 8, 1), case: 2 });
  assert.equal(image(intent), 8);
  assert.equal(intent.take(), null);
});

test("the first view of who was given control does not undo the gestures after it", () => {
  const intent = began();
  for (const i of [4, 5]) {
    intent.propose(at(i));
    intent.take();
  }
  intent.propose(at(6));
  intent.receive({ ...mine(2, 4, 1), control: 2 });
  assert.equal(image(intent), 6);
  assert.equal(intent.take().view.viewports[0].shows.place, 6);
});

test("an older revision that comes late is not used", () => {
  const intent = began();
  intent.receive(shown(5, at(7)));
  intent.receive(shown(4, at(2)));
  assert.equal(image(intent), 7);
});

test("refused, the intent goes back to what is shown", () => {
  const intent = began();
  intent.propose(at(4));
  intent.take();
  intent.refused();
  assert.equal(image(intent), 3);
  assert.equal(intent.ahead, false);
});

test("the end of a gesture is sent once, with what was wanted last", () => {
  const intent = began();
  intent.propose(at(4));
  intent.take();
  intent.settle();
  assert.deepEqual(intent.take(), { n: 2, view: at(4), rest: true });
  intent.settle();
  assert.equal(intent.take(), null);
});

test("a rest comes also after the answer to the last move", () => {
  const intent = began();
  intent.propose(at(4));
  intent.take();
  intent.receive(mine(2, 4, 1));
  intent.settle();
  assert.equal(intent.take().rest, true);
});

test("who has moved nothing sends nothing", () => {
  const intent = began();
  intent.settle();
  intent.propose(intent.view, { rest: true });
  assert.equal(intent.take(), null);
});

test("a new connection begins with what the server shows, and goes on counting", () => {
  const intent = began();
  intent.propose(at(4));
  intent.take();
  intent.restart(shown(1, at(3)));
  assert.equal(image(intent), 3);
  intent.propose(at(5));
  assert.equal(intent.take().n, 2);
});
