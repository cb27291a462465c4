import assert from "node:assert/strict";
import { test } from "node:test";
import { MOVES, Pace, SPAN_MS } from "../../web/js/core/pictures/pace.js";

/**
 * The view changes each 33 ms for a span; every n-th change has a frame.
 * @param {Pace} pace
 * @param {number} start
 * @param {number} n
 */
function move(pace, start, n) {
  for (let i = 0; i * 34 < SPAN_MS; i++) {
    pace.revised(start + i * 34);
    if (i % n === 0) pace.framed();
  }
  return pace.tick(start + SPAN_MS);
}

test("few frames for long are slow, enough are not", () => {
  const pace = new Pace();
  assert.equal(move(pace, 0, 5), false, "once is no proof");
  assert.equal(move(pace, 3000, 5), true);
  assert.equal(move(pace, 6000, 2), true, "not enough yet");
  assert.equal(move(pace, 9000, 1), false);
});

test("one poor span between good ones counts for nothing", () => {
  const pace = new Pace();
  for (const [start, n] of [
    [0, 5],
    [3000, 1],
    [6000, 5],
    [9000, 1],
  ])
    assert.equal(move(pace, start, n), false);
});

test("changes that come faster than frames count as one", () => {
  const pace = new Pace();
  for (let k = 0; k < 3; k++) {
    for (let i = 0; i < 200; i++) {
      pace.revised(k * 3000 + i * 10);
      if (i % 4 === 0) pace.framed();
    }
    assert.equal(pace.tick(k * 3000 + SPAN_MS), false);
  }
});

test("a few changes, rest, and what was begun before a pause count for nothing", () => {
  const pace = new Pace();
  for (let k = 0; k < 3; k++) {
    for (let i = 0; i < MOVES - 1; i++) pace.revised(k * 3000 + i * 50);
    assert.equal(pace.tick(k * 3000 + SPAN_MS), false);
  }
  for (const start of [12_000, 16_000]) {
    for (let i = 0; i < 50; i++) pace.revised(start + i * 34);
    pace.clear();
    assert.equal(move(pace, start + 1800, 2), false);
  }
  move(pace, 20_000, 5);
  pace.clear();
  assert.equal(move(pace, 23_000, 5), false);
  assert.equal(pace.tick(90_000), false);
});
