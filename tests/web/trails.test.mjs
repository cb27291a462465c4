import assert from "node:assert/strict";
import { test } from "node:test";
import { FADE_MS, MAX_POINTS, STAY_MS, Trails } from "../../web/js/core/people/trails.js";

const spot = (x, more = {}) => ({ viewport: "a", series: "s1", image: 3, point: [x, 0, 0], ...more });
const lengths = (trails) => trails.trails.get("ann").strokes.map((s) => s.length);

test("strokes stay while one draws, and fade together", () => {
  const trails = new Trails();
  trails.put("ann", spot(0), 0);
  trails.put("ann", spot(1), 50);
  trails.put("ann", null, 100);
  trails.put("ann", spot(9), 100 + STAY_MS - 1);
  assert.deepEqual(lengths(trails), [2, 1], "another stroke; the first is still there");
  assert.equal(trails.strength(trails.trails.get("ann"), 60_000), 1, "as long as it is drawn");
  trails.put("ann", null, 60_000);
  const strength = (now, still) => trails.strength(trails.trails.get("ann"), now, still);
  assert.equal(strength(60_000 + STAY_MS), 1);
  assert.equal(strength(60_000 + STAY_MS + FADE_MS / 2), 0.5);
  assert.equal(strength(60_000 + STAY_MS + 1, true), 0, "with reduced motion it does not fade, it goes");
  trails.expire(60_000 + STAY_MS + FADE_MS);
  assert.equal(trails.trails.size, 0);
});

test("no line leads from one image to another", () => {
  const trails = new Trails();
  trails.put("ann", spot(0), 0);
  trails.put("ann", spot(1, { image: 4 }), 10);
  assert.deepEqual(lengths(trails), [1, 1]);
});

test("what is drawn is bounded, the newest is kept", () => {
  const trails = new Trails();
  for (let i = 0; i < MAX_POINTS + 10; i++) trails.put("ann", spot(i, { image: i < 5 ? 1 : 2 }), i);
  assert.deepEqual(lengths(trails), [MAX_POINTS]);
  assert.equal(trails.trails.get("ann").strokes[0].at(-1).point[0], MAX_POINTS + 9);
});

test("who rests without having drawn has no trail", () => {
  const trails = new Trails();
  trails.put("ann", null, 0);
  assert.equal(trails.trails.size, 0);
});
