/** What of this page's own pointer the others get: nothing while a mark is in the hand; and what a long press shows. */
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { kase, series, stamp, viewport } from "./examples.mjs";

const page = new EventTarget();
globalThis.addEventListener = (...args) => page.addEventListener(...args);
globalThis.document = new EventTarget();
globalThis.setInterval = () => 0;
globalThis.devicePixelRatio = 1;
globalThis.Element = class extends EventTarget {
  closest() {
    return null;
  }
  setPointerCapture() {}
  getBoundingClientRect() {
    return { left: 0, top: 0 };
  }
};
const { Pointing, PRESS_MS } = await import("../../web/js/features/people/pointing.js");

let stage;
let sent;
let marking;
let pressed;

beforeEach(() => {
  [stage, sent, marking, pressed] = [new globalThis.Element(), [], false, []];
  new Pointing(stage, stage, {
    stamp: () => stamp(1, { viewports: [viewport()] }),
    kase: () => kase(series({ images: 20 })),
    may: () => true,
    laser: () => false,
    send: (at) => sent.push(at && Math.round(at.point[0])),
    draw: () => {},
    marking: () => marking,
    pressed: (at) => pressed.push(at),
  });
});

function event(type, x, more = {}) {
  const plain = { pointerId: 1, pointerType: "mouse", isPrimary: true, button: 0, clientX: x, clientY: 200 };
  const made = () => Object.assign(new Event(type), plain, more);
  page.dispatchEvent(made()); // the window sees it first, also where a mark takes it
  if (!marking) stage.dispatchEvent(made());
}

test("while a mark is drawn the others see the mark, and no cursor that stands over the finding", () => {
  event("pointermove", 180);
  assert.equal(sent.length, 1);
  assert.notEqual(sent[0], null);
  marking = true;
  event("pointermove", 190);
  event("pointermove", 200);
  assert.deepEqual(sent.slice(1), [null], "gone, and said once");
  marking = false;
  mock.timers.enable({ apis: ["setTimeout"] });
  event("pointermove", 210);
  mock.timers.tick(100);
  mock.timers.reset();
  assert.notEqual(sent.at(-1), null, "then it points again");
});

test("a long press is shown where it is, until the finger is up", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const finger = { pointerType: "touch" };
  event("pointerdown", 100, finger);
  assert.deepEqual(pressed, []);
  mock.timers.tick(PRESS_MS);
  event("pointermove", 120, finger);
  event("pointerup", 120, finger);
  mock.timers.reset();
  assert.deepEqual(pressed, [{ x: 100, y: 200 }, { x: 120, y: 200 }, null]);
});
