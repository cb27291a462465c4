/**
 * Turns of wheels and ways of trackpads, as devices send them. Seen to fail, record by record, with the thresholds of
 * before (50 px a notch, 30 px of everything smaller).
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { pageZoom, TRACKPAD_PX, WheelSteps, wheelDistance } from "../../web/js/core/input/wheel.js";
import { TRACKPADS, WHEELS } from "./wheel-records.mjs";

const ZOOMS = [0.25, 0.33, 0.5, 0.67, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 5];
const turn = (deltaY, more = {}) => ({ deltaX: 0, deltaY, deltaMode: 0, shiftKey: false, ...more });

/** @param {import("./wheel-records.mjs").Recorded} record @param {number} zoom as Chrome does it */
function images({ mode = 0, events, ratio = 1 }, zoom = 1, steps = new WheelSteps(), from = 1000) {
  const screen = { zoom: pageZoom(windowAt(zoom, ratio)), ratio: ratio * zoom };
  let [now, sum] = [from, 0];
  for (const [delta, count, gap] of events) {
    now += gap;
    const deltaY = mode === 0 ? delta / zoom : delta;
    const wheelDeltaY = count === null ? undefined : Math.trunc(mode === 0 ? count / zoom : count);
    sum += steps.images(turn(deltaY, { deltaMode: mode, wheelDeltaY }), now, screen);
  }
  return sum;
}

/** A window of 1440 px with its borders. @param {number} zoom @param {number} scale of the system */
const windowAt = (zoom, scale) => ({
  outerWidth: 1440,
  innerWidth: Math.round(1432 / zoom),
  devicePixelRatio: zoom * scale,
});

for (const record of WHEELS) {
  test(`one notch is one image: ${record.name}`, () => {
    assert.equal(images(record), record.images);
    const up = { ...record, events: record.events.map(([d, c, gap]) => [-d, c === null ? null : -c, gap]) };
    assert.equal(images(up), -record.images);
  });
}

for (const record of TRACKPADS) {
  test(`a trackpad's way counts: ${record.name}`, () => {
    const px = record.events.reduce((sum, [delta]) => sum + delta, 0);
    assert.equal(images(record), record.images);
    assert.ok(Math.abs(record.images - px / TRACKPAD_PX) < 1.01, `${px} px`);
  });
}

test("at every zoom of the page a notch is an image", () => {
  for (const record of WHEELS.filter(({ events, ratio = 1 }) => ratio === 1 && events.every(([, count]) => count))) {
    // Above 200 % the count of an eighth of a notch is 3 or less: nothing tells it from a trackpad's.
    const zooms = record.name.includes("resolution") ? ZOOMS.filter((zoom) => zoom <= 2) : ZOOMS;
    for (const zoom of zooms) assert.equal(images(record, zoom), record.images, `${record.name} at ${zoom}`);
  }
});

test("at every zoom of the page a trackpad's way is as long as the fingers'", () => {
  for (const record of TRACKPADS) {
    for (const zoom of ZOOMS) {
      const found = images(record, zoom);
      assert.ok(Math.abs(found - record.images) <= 1, `${record.name} at ${zoom}: ${found}`);
    }
  }
});

test("as recorded at 90 %: 111.11 px and 133 a notch", () => {
  const screen = { zoom: 0.9, ratio: 0.9 };
  const steps = new WheelSteps();
  const recorded = [-1, 1, -1, -1].map((sign) => turn(sign * 111.11111615700719, { wheelDeltaY: -sign * 133 }));
  assert.deepEqual(
    recorded.map((event, i) => steps.images(event, i * 16, screen)),
    [-1, 1, -1, -1],
  );
});

test("a zoom that is guessed wrong loses no notch of a person's pace", () => {
  for (const zoom of ZOOMS) {
    const steps = new WheelSteps();
    for (let i = 1; i <= 5; i++) {
      const event = turn(100 / zoom, { wheelDeltaY: Math.trunc(-120 / zoom) });
      assert.ok(steps.images(event, i * 400, { zoom: 1, ratio: zoom * 1.25 }) >= 1, String(zoom));
    }
  }
});

test("the other direction begins anew", () => {
  const steps = new WheelSteps();
  const way = (delta, n) =>
    Array.from({ length: n }, (_, i) => steps.images(turn(delta), i)).reduce((a, b) => a + b, 0);
  assert.equal(way(3, 9), 0);
  assert.equal(way(-3, 9), 0, "27 px back are none, 30 would be one");
  assert.equal(way(-3, 1), -1);
});

test("a wheel and a trackpad beside it, by turns", () => {
  const steps = new WheelSteps();
  const [swipe, wheel] = [TRACKPADS[1], WHEELS.find(({ name }) => name === "macOS, plain mouse, slowly")];
  for (let i = 0; i < 3; i++) {
    assert.equal(images(swipe, 1, steps, i * 100_000), swipe.images);
    assert.equal(images(wheel, 1, steps, i * 100_000 + 50_000), wheel.images);
  }
});

test("a wheel of high resolution that was seen may be turned slowly", () => {
  const steps = new WheelSteps();
  const parts = (n, gap) => ({ events: Array.from({ length: n }, () => [12.5, -15, gap]) });
  assert.equal(images(parts(16, 8), 1, steps), 2);
  assert.equal(images(parts(16, 150), 1, steps, 1200), 2, "not one image a part");
});

test("Shift scrolls five, also where the browser turns the wheel sideways", () => {
  const shift = { shiftKey: true };
  assert.equal(new WheelSteps().images(turn(100, { ...shift, wheelDeltaY: -120 }), 0), 5);
  assert.equal(new WheelSteps().images(turn(0, { ...shift, deltaX: 4.000244, wheelDeltaX: -120 }), 0), 5);
  assert.equal(new WheelSteps().images(turn(0, { deltaX: 100, wheelDeltaX: -120 }), 0), 0, "sideways is no way");
});

test("the page's zoom: by its width and its pixels together", () => {
  for (const zoom of ZOOMS) for (const scale of [1, 1.25, 1.5, 2]) assert.equal(pageZoom(windowAt(zoom, scale)), zoom);
  assert.equal(pageZoom({ outerWidth: 1440, innerWidth: 960, devicePixelRatio: 1 }), 1, "a panel beside the page");
  assert.equal(pageZoom({ outerWidth: 0, innerWidth: 390, devicePixelRatio: 3 }), 1, "a phone tells none");
});

test("Firefox's lines zoom as far as pixels do", () => {
  assert.equal(wheelDistance(turn(3, { deltaMode: 1 })), wheelDistance(turn(100)));
});
