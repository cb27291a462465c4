/** What leaves the page of who presents, frame by frame; frames and pauses are played by the test. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Presenter } from "../../web/js/stage/presenter.js";
import { shown, view, viewport } from "./examples.mjs";

const at = (place) => view(viewport({ place }));
/** @type {(() => void)[]} */
let frames;
let sent;
let online;
let presenter;

function frame() {
  for (const run of frames.splice(0)) run();
}
const places = () => sent.map((message) => message.view.viewports[0].shows.place);

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  [frames, sent, online] = [[], [], true];
  globalThis.requestAnimationFrame = (run) => frames.push(run);
  const socket = { send: (message) => online && sent.push(message) > 0 };
  presenter = new Presenter(socket, "tab", () => undefined);
  presenter.epochs = () => ({ control: 3, case: 2 });
  presenter.receive(shown(1));
});
afterEach(() => mock.timers.reset());

test("the first change goes at once, then the newest of each frame", () => {
  presenter.propose(at(4));
  assert.deepEqual(places(), [4]);
  for (const place of [5, 6, 7]) presenter.propose(at(place));
  assert.deepEqual(places(), [4], "one a frame");
  frame();
  assert.deepEqual(places(), [4, 7]);
  frame();
  presenter.propose(at(8));
  assert.deepEqual(places(), [4, 7, 8], "a frame without a change: the next goes at once again");
  assert.deepEqual(
    sent.map(({ type, control, case: kase, n }) => [type, control, kase, n]),
    [1, 2, 3].map((n) => ["show", 3, 2, n]),
  );
});

test("the end of a gesture is told by rest, once", () => {
  presenter.propose(at(4));
  presenter.settle();
  frame();
  frame();
  assert.deepEqual(
    sent.map(({ rest }) => rest),
    [false, true],
  );
});

test("a wheel rests when nothing follows for a while, and each notch begins the while anew", () => {
  presenter.propose(at(4), { pause: true });
  frame();
  mock.timers.tick(100);
  presenter.propose(at(5), { pause: true });
  frame();
  mock.timers.tick(100);
  frame();
  assert.equal(sent.at(-1).rest, false);
  mock.timers.tick(20);
  frame();
  assert.deepEqual(
    sent.map(({ rest }) => rest),
    [false, false, true],
  );
});

test("before the server has shown a view nothing is sent", () => {
  const early = new Presenter({ send: (message) => sent.push(message) > 0 }, "tab", () => undefined);
  early.propose(at(4));
  assert.deepEqual(sent, []);
});

test("what cannot be sent is taken back: the page wants what the server shows", () => {
  online = false;
  presenter.propose(at(4));
  assert.equal(presenter.intent.view.viewports[0].shows.place, 3);
  assert.equal(presenter.intent.ahead, false);
});
