/** The end of a list that grows. Seen to fail: `here` not asked again when somebody scrolls; no look at its size. */
import assert from "node:assert/strict";
import { test } from "node:test";

/** @type {(() => void)[]} */
const resized = [];
globalThis.ResizeObserver = class {
  constructor(changed) {
    resized.push(changed);
  }
  observe() {}
};
const { Ending } = await import("../../web/js/features/chat/ending.js");

/** A list of 300 pixels, of which 100 are seen: its end. */
function listAtItsEnd() {
  const list = Object.assign(new EventTarget(), { scrollHeight: 300, scrollTop: 200, clientHeight: 100 });
  return { list, ending: new Ending(list), resize: resized.at(-1) };
}

function scrollTo(list, top) {
  list.scrollTop = top;
  list.dispatchEvent(new Event("scroll"));
}

test("who is at the end stays there when the list grows, has another size, or is shown again", () => {
  const { list, ending, resize } = listAtItsEnd();
  list.scrollHeight = 400;
  ending.keep();
  assert.equal(list.scrollTop, 400);
  list.scrollHeight = 600;
  resize();
  assert.equal(list.scrollTop, 600);
});

test("who reads what is older is left there, until they are near the end again", () => {
  const { list, ending, resize } = listAtItsEnd();
  scrollTo(list, 50);
  list.scrollHeight = 400;
  ending.keep();
  resize();
  assert.equal(list.scrollTop, 50);
  scrollTo(list, 280);
  list.scrollHeight = 500;
  ending.keep();
  assert.equal(list.scrollTop, 500);
});
