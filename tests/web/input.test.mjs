import assert from "node:assert/strict";
import { test } from "node:test";
import { KEY_LIST, isFree, meaning } from "../../web/js/core/keys.js";

const press = (key, more = {}) =>
  meaning({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more });

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
