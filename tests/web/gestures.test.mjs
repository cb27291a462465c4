/** Which hand does what on the stage: pointers and the wheel, as events that the test makes. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { kase, scene, series, view, viewport } from "./examples.mjs";

globalThis.devicePixelRatio = 1;
globalThis.window = { innerWidth: 1440, outerWidth: 1440, devicePixelRatio: 1 };
globalThis.Element = class extends EventTarget {
  closest() {
    return this.button ? this : null;
  }
  setPointerCapture() {}
};
globalThis.MouseEvent = class extends Event {};
const { Gestures, stillSideButtons } = await import("../../web/js/stage/pointer/gestures.js");

let stage;
let proposed;
let rested;
let refused;
let mayMove;
let tools;
let alone;
const both = view(viewport(), viewport({ id: "b" }));
let now;

beforeEach(() => {
  [proposed, rested, refused, mayMove, now] = [[], 0, 0, true, both];
  tools = { touch: "stack", mouse: "window" };
  alone = false;
  stage = new globalThis.Element();
  const area = { getBoundingClientRect: () => ({ left: 10, top: 20 }) };
  const k = kase(series({ images: 20 }));
  const around = () => (alone ? scene(k, { [now.active]: [0, 0, 801, 600] }) : scene(k));
  new Gestures(stage, area, {
    ready: () => (mayMove ? { view: now, scene: around() } : null),
    propose: (next) => {
      now = next;
      proposed.push(next);
    },
    settle: () => rested++,
    cannot: () => refused++,
    swipes: () => alone,
    tool: (touch) => (touch ? tools.touch : tools.mouse),
  });
});

/** @param {[number, number]} at in the picture's area */
function event(type, [x, y], more = {}) {
  const made = new Event(type, { cancelable: true });
  const plain = { pointerId: 1, pointerType: "mouse", button: 0, deltaX: 0, deltaY: 0, deltaMode: 0, shiftKey: false };
  Object.assign(made, plain, { ctrlKey: false, altKey: false, clientX: x + 10, clientY: y + 20, ...more });
  stage.dispatchEvent(made);
  return made;
}
const a = () => now.viewports[0];

test("where one of two is shown alone, a swipe shows the other; along the columns a finger still scrolls", () => {
  const finger = { pointerType: "touch" };
  const swipe = (from, to) => {
    event("pointerdown", from, finger);
    for (const part of [0.1, 0.5, 1])
      event(
        "pointermove",
        from.map((v, i) => v + part * (to[i] - v)),
        finger,
      );
    event("pointerup", to, finger);
  };
  swipe([300, 200], [200, 210]);
  assert.equal(now.active, "a", "both are shown: nothing to swipe to");
  const place = a().shows.place;
  alone = true;
  swipe([300, 200], [200, 210]);
  assert.equal(now.active, "b");
  swipe([300, 200], [280, 200]);
  assert.equal(now.active, "b", "too short");
  swipe([300, 200], [200, 200]);
  assert.equal(now.active, "b", "there is none beyond the last");
  swipe([200, 200], [300, 190]);
  assert.equal(now.active, "a");
  assert.equal(a().shows.place, place, "a swipe does not scroll");
  swipe([300, 200], [310, 300]);
  assert.notEqual(a().shows.place, place);
});

test("left drags the tool, middle pans, right zooms", () => {
  for (const [button, changed] of [
    [0, () => a().window.width > 400],
    [1, () => a().camera.center[0] < both.viewports[0].camera.center[0]],
    [2, () => a().camera.radius !== both.viewports[0].camera.radius],
  ]) {
    now = both;
    event("pointerdown", [100, 100], { button });
    event("pointermove", [130, 140], { button });
    event("pointerup", [130, 140], { button });
    assert.ok(changed(), String(button));
  }
  assert.equal(rested, 3, "each comes to rest at its end");
});

test("side buttons are no tool, and do not go back in the history", () => {
  for (const button of [3, 4]) {
    event("pointerdown", [500, 100], { button });
    event("pointermove", [560, 140], { button });
    event("pointerup", [560, 140], { button });
  }
  assert.deepEqual([proposed.length, rested], [0, 0]);
  stillSideButtons(stage);
  const kept = (type, button) => {
    const made = Object.assign(new MouseEvent(type, { cancelable: true }), { button });
    stage.dispatchEvent(made);
    return made.defaultPrevented;
  };
  for (const type of ["mousedown", "mouseup", "auxclick"]) {
    assert.deepEqual(
      [3, 4].map((button) => kept(type, button)),
      [true, true],
      type,
    );
    assert.equal(kept(type, 0), false, `${type} of the left button`);
  }
});

test("a press in another viewport makes that one active, and drags there", () => {
  event("pointerdown", [500, 100]);
  event("pointermove", [560, 100]);
  assert.equal(now.active, "b");
  assert.deepEqual(a().window, { center: 40, width: 400 });
  assert.ok(now.viewports[1].window.width > 400);
});

test("a finger that trembles only touches; one that goes farther scrolls", () => {
  const finger = { pointerType: "touch" };
  event("pointerdown", [100, 100], finger);
  event("pointermove", [102, 102], finger);
  event("pointerup", [102, 102], finger);
  assert.deepEqual([proposed.length, rested], [0, 0]);
  event("pointerdown", [100, 100], finger);
  event("pointermove", [100, 128], finger);
  assert.equal(a().shows.place, 5);
});

test("two fingers pinch, whatever the tool; a third does nothing", () => {
  const finger = (pointerId) => ({ pointerType: "touch", pointerId });
  event("pointerdown", [100, 200], finger(1));
  event("pointerdown", [200, 200], finger(2));
  event("pointerdown", [150, 300], finger(3));
  event("pointerup", [150, 300], finger(3));
  event("pointermove", [50, 200], finger(1));
  event("pointermove", [250, 200], finger(2));
  assert.ok(Math.abs(a().camera.radius - both.viewports[0].camera.radius / 2) < 1e-6);
  assert.equal(a().shows.place, 3);
  event("pointerup", [250, 200], finger(2));
  event("pointermove", [0, 500], finger(1));
  assert.equal(a().shows.place, 3, "the finger that stays drags nothing any more");
  assert.equal(rested, 1);
});

test("a wheel scrolls the viewport below it, with Ctrl it zooms about the pointer, and the page itself stays", () => {
  assert.ok(event("wheel", [500, 100], { deltaY: 120 }).defaultPrevented);
  assert.deepEqual([a().shows.place, now.viewports[1].shows.place, now.active], [3, 4, "b"]);
  event("wheel", [100, 100], { deltaY: -80, ctrlKey: true });
  assert.ok(Math.abs(a().camera.radius - both.viewports[0].camera.radius / 2) < 1e-6);
});

test("who may move nothing is told why: at a drag, once, and at a wheel, not at a click", () => {
  mayMove = false;
  event("pointerdown", [100, 100]);
  event("pointerup", [100, 100]);
  assert.equal(refused, 0);
  event("pointerdown", [100, 100]);
  event("pointermove", [120, 100]);
  event("pointermove", [140, 100]);
  assert.equal(refused, 1);
  event("wheel", [100, 100], { deltaY: 120 });
  assert.deepEqual([refused, proposed.length], [2, 0]);
});

test("control lost in mid-drag: nothing more is proposed, and no rest is told", () => {
  event("pointerdown", [100, 100]);
  event("pointermove", [120, 100]);
  const before = proposed.length;
  mayMove = false;
  event("pointermove", [150, 100]);
  event("pointerup", [150, 100]);
  assert.deepEqual([proposed.length, rested], [before, 0]);
});

test("the wheel scrolls all cells of a mosaic by one image, with Shift by a page", () => {
  now = { ...view(viewport({ place: 3 }), viewport({ id: "b", place: 4 })), mosaic: { step: 1 } };
  const places = () => now.viewports.map(({ shows }) => shows.place);
  event("wheel", [500, 100], { deltaY: 100 });
  assert.deepEqual(places(), [4, 5]);
  event("wheel", [100, 100], { deltaY: 100, shiftKey: true });
  assert.deepEqual(places(), [6, 7]);
});
