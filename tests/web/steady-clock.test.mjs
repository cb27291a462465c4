/** A page's clock for intervals. Seen to fail as `performance.now` alone, and as `Date.now` alone. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SteadyClock } from "../../web/js/core/network/steady-clock.js";

test("it goes on evenly when the wall clock is set back", () => {
  const clock = new SteadyClock(0, 1e12);
  assert.equal(clock.now(100, 1e12 + 100), 100);
  assert.equal(clock.now(200, 1e12 - 3_600_000), 200);
  assert.equal(clock.now(300, 1e12 - 3_600_000 + 100), 300);
});

test("it counts a sleep in which the monotonic clock stands still", () => {
  const clock = new SteadyClock(0, 1e12);
  assert.equal(clock.now(100, 1e12 + 60_100), 60_100);
  assert.equal(clock.now(200, 1e12 + 60_200), 60_200);
});

test("small differences do not add up", () => {
  const clock = new SteadyClock(0, 0);
  for (let i = 1; i <= 1000; i++) clock.now(i * 100, i * 101);
  assert.equal(clock.now(100_100, 101_101), 100_100);
});
