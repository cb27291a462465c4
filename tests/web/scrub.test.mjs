import assert from "node:assert/strict";
import { test } from "node:test";
import { HANDLE_PX, handleTop, partOf, placeAt, tickTop } from "../../web/js/stage/scrub.js";

const box = { top: 100, height: 228 };

test("the first place is at the top, the last at the bottom, one alone at the top", () => {
  assert.deepEqual([partOf(0, 11), partOf(5, 11), partOf(10, 11), partOf(0, 1)], [0, 0.5, 1, 0]);
});

test("the handle stays within its track, and a tick points at its middle", () => {
  assert.deepEqual([handleTop(0), handleTop(1)], ["calc(0% - 0px)", `calc(100% - ${HANDLE_PX}px)`]);
  assert.deepEqual([tickTop(0), tickTop(1)], ["calc(0% + 14px)", "calc(100% + -14px)"]);
});

test("a pointer at the handle's middle is at its place, beyond the ends it is at the ends", () => {
  for (let place = 0; place < 11; place++) {
    const y = box.top + HANDLE_PX / 2 + partOf(place, 11) * (box.height - HANDLE_PX);
    assert.equal(placeAt(y, box, 11), place);
  }
  assert.deepEqual([placeAt(0, box, 11), placeAt(9999, box, 11)], [0, 10]);
  assert.equal(placeAt(5, { top: 0, height: 10 }, 3), 0, "a track shorter than the handle has no length to divide by");
});
