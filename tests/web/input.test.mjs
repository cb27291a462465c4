import assert from "node:assert/strict";
import { test } from "node:test";
import { KEY_LIST, isFree, meaning } from "../../web/js/core/keys.js";
import { TRACKPAD_PX, WheelSteps } from "../../web/js/core/view/wheel.js";

const press = (key, more = {}) =>
  meaning({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more });
const turn = (deltaY, more = {}) => ({ deltaX: 0, deltaY, deltaMode: 0, shiftKey: false, ...more });

test("one notch is one image, whatever the browser calls a notch", () => {
  const wheel = new WheelSteps();
  for (const notch of [100, 120, 53, 150]) assert.equal(wheel.images(turn(notch), 0), 1);
  assert.equal(wheel.images(turn(-120), 0), -1);
  assert.equal(wheel.images(turn(240), 0), 2);
  assert.equal(wheel.images(turn(3, { deltaMode: 1 }), 0), 1);
  assert.equal(wheel.images(turn(-1, { deltaMode: 2 }), 0), -1);
});

test("Shift scrolls five, also where the browser turns the wheel sideways", () => {
  assert.equal(new WheelSteps().images(turn(120, { shiftKey: true }), 0), 5);
  assert.equal(new WheelSteps().images(turn(0, { deltaX: 120, shiftKey: true }), 0), 5);
  assert.equal(new WheelSteps().images(turn(0, { deltaX: 120 }), 0), 0);
});

test("a trackpad's small deltas accumulate, and are forgotten when it turns or pauses", () => {
  const wheel = new WheelSteps();
  const steps = (delta, n, at = 0) =>
    Array.from({ length: n }, () => wheel.images(turn(delta), at)).reduce((a, b) => a + b, 0);
  assert.equal(steps(4, 7), 0);
  assert.equal(steps(4, 1), 1);
  assert.equal(wheel.left, 32 - TRACKPAD_PX);
  assert.equal(steps(4, 6), 0);
  assert.equal(steps(-4, 7), 0, "the other way begins anew");
  assert.equal(steps(-4, 1), -1);
  steps(4, 7, 5000);
  assert.equal(steps(4, 1, 9000), 0, "after a pause");
});

test("keys mean what viewers' users know", () => {
  const expected = {
    z: "tool-zoom",
    "+": "zoom-in",
    "-": "zoom-out",
    "=": "fit",
    r: "rotate-right",
    l: "rotate-left",
    h: "flip-horizontal",
    v: "flip-vertical",
    i: "invert",
    ArrowUp: "previous",
    ArrowDown: "next",
    Home: "first",
    End: "last",
    PageUp: "previous-series",
    PageDown: "next-series",
    ArrowLeft: "previous-viewport",
    ArrowRight: "next-viewport",
    " ": "reset",
    Escape: "escape",
    n: "next-case",
    "?": "keys",
    o: "one-to-one",
    R: "rotate-right",
  };
  for (const [key, action] of Object.entries(expected)) assert.deepEqual(press(key), { action }, key);
  for (const preset of "123456789") assert.deepEqual(press(preset), { preset });
  assert.deepEqual(press("ArrowDown", { shiftKey: true }), { action: "next-five" });
});

test("keys of the browser stay the browser's", () => {
  for (const modifier of ["ctrlKey", "metaKey", "altKey"]) assert.equal(press("r", { [modifier]: true }), null);
  for (const key of ["0", "q", "Tab", "F5", "constructor", "toString"]) assert.equal(press(key), null);
});

test("only the list of keys and the way out are free to all", () => {
  assert.ok(isFree(press("?")) && isFree(press("Escape")));
  assert.ok(!isFree(press("i")) && !isFree(press("1")));
  assert.ok(KEY_LIST.length > 10);
});

test("Ctrl or Cmd with Z and Y undo and redo; other controlled keys are the browser's", () => {
  for (const held of [{ ctrlKey: true }, { metaKey: true }]) {
    assert.deepEqual(press("z", held), { action: "undo" });
    assert.deepEqual(press("Z", { ...held, shiftKey: true }), { action: "redo" });
    assert.deepEqual(press("y", held), { action: "redo" });
    for (const key of ["r", "k", "1", "ArrowUp", "s"]) assert.equal(press(key, held), null, key);
    assert.equal(press("z", { ...held, altKey: true }), null);
  }
  assert.equal(press("z", { ctrlKey: true, metaKey: true }), null);
});

test("K keeps the image, Delete and Backspace delete the mark", () => {
  assert.deepEqual(press("k"), { action: "keep-image" });
  for (const key of ["Delete", "Backspace"]) assert.deepEqual(press(key), { action: "delete-mark" });
});
