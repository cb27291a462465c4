import assert from "node:assert/strict";
import { test } from "node:test";
import { KEY_LIST, isFree, isSingle, meaning } from "../../web/js/core/input/keys.js";

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
  for (const key of ["0", "j", "Tab", "F5", "constructor", "toString"]) assert.equal(press(key), null);
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

/** What real layouts type at a place: [code, key, what it means, Shift]. */
const LAYOUTS = {
  Russian: [
    ["KeyM", "ь", "microphone"],
    ["KeyW", "ц", "tool-window"],
    ["KeyR", "К", "rotate-right", true],
    ["Comma", "б", "previous-time"],
    ["Period", "ю", "next-time"],
    ["Slash", ".", "next-time"],
    ["Digit7", "?", "keys", true],
    ["Digit1", "1", "1"],
  ],
  Greek: [
    ["KeyM", "μ", "microphone"],
    ["KeyW", "ς", "tool-window"],
    ["KeyQ", ";", null],
    ["KeyZ", "Ζ", "tool-zoom", true],
  ],
  Hebrew: [
    ["KeyM", "צ", "microphone"],
    ["KeyW", "'", "tool-window"],
    ["KeyZ", "ז", "tool-zoom"],
    ["Quote", ",", "previous-time"],
    ["Slash", "?", "keys", true],
  ],
  Arabic: [
    ["KeyM", "ة", "microphone"],
    ["KeyB", "لا", "make-finding"],
    ["KeyR", "ق", "rotate-right"],
    ["Digit3", "٣", "3"],
    ["Slash", "؟", "keys", true],
  ],
  Persian: [
    ["Digit1", "۱", "1"],
    ["KeyI", "ه", "invert"],
    ["Space", "\u200c", null, true],
  ],
  Thai: [
    ["KeyI", "ร", "invert"],
    ["Minus", "ข", "zoom-out"],
    ["Equal", "ช", "fit"],
  ],
  AZERTY: [
    ["Digit1", "&", "1"],
    ["Digit2", "é", "2"],
    ["Digit9", "ç", "9"],
    ["Digit1", "1", "1", true],
    ["Digit6", "-", "zoom-out"], // it is what stands on the key; Shift gives the 6
    ["Digit6", "6", "6", true],
    ["KeyQ", "a", "tool-angle"],
    ["KeyW", "z", "tool-zoom"],
    ["KeyZ", "w", "tool-window"],
    ["Semicolon", "m", "microphone"],
    ["KeyM", ",", "previous-time"],
    ["KeyM", "?", "keys", true],
  ],
  Czech: [
    ["Digit2", "ě", "2"],
    ["KeyY", "z", "tool-zoom"],
  ],
  Dvorak: [
    ["KeyQ", "'", null],
    ["KeyZ", ";", null],
    ["KeyW", ",", "previous-time"],
    ["Slash", "z", "tool-zoom"],
    ["KeyM", "m", "microphone"],
  ],
  Turkish: [
    ["KeyI", "ı", null],
    ["Quote", "i", "invert"],
    ["KeyI", "I", "invert", true],
  ],
  US: [
    ["Digit1", "!", null, true],
    ["Comma", "<", "cine-slower", true],
    ["Numpad1", "1", "1"],
  ],
};

test("keys by what they mean, on every layout", () => {
  for (const [layout, presses] of Object.entries(LAYOUTS)) {
    for (const [code, key, wanted, shiftKey = false] of presses) {
      const meant = press(key, { code, shiftKey });
      assert.equal(meant && (meant.preset ?? meant.action), wanted, `${layout} ${key} at ${code}`);
    }
  }
  assert.deepEqual(press("я", { code: "KeyZ", ctrlKey: true }), { action: "undo" }, "Russian, Ctrl Z");
  assert.deepEqual(press("н", { code: "KeyY", metaKey: true }), { action: "redo" });
});

test("a word that is composed and an accent that waits are no keys", () => {
  assert.equal(press("k", { code: "KeyK", isComposing: true }), null);
  for (const key of ["Process", "Dead", "Unidentified"]) assert.equal(press(key, { code: "Digit1" }), null, key);
});

test("single keys are what types, in every script; neither Ctrl Z nor the key to the switch", () => {
  const single = (key, more = {}) => {
    const pressed = { key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more };
    return isSingle(pressed, meaning(pressed));
  };
  assert.ok(single("m") && single("ь", { code: "KeyM" }) && single("1"));
  assert.ok(!single("?") && !single("؟", { code: "Slash", shiftKey: true }));
  assert.ok(!single("z", { ctrlKey: true }) && !single("ArrowUp"));
});
