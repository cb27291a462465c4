import assert from "node:assert/strict";
import test from "node:test";
import { Bell } from "../../web/js/core/people/bell.js";

const here = (...ids) => new Set(ids);

test("it rings once for each who waits, whose page comes and goes as it likes", () => {
  const bell = new Bell();
  assert.equal(bell.rings([], here(), 0), false);
  assert.equal(bell.rings(["a"], here(), 0), false, "nobody is there yet");
  assert.equal(bell.rings(["a"], here("a"), 0), true);
  assert.equal(bell.rings(["a"], here(), 20_000), false);
  assert.equal(bell.rings(["a"], here("a"), 40_000), false, "the same one is back");
  assert.equal(bell.rings(["a", "b"], here("a", "b"), 60_000), true);
});

test("who was answered and waits again is announced again", () => {
  const bell = new Bell();
  assert.equal(bell.rings(["a"], here("a"), 0), true);
  assert.equal(bell.rings([], here("a"), 10_000), false);
  assert.equal(bell.rings(["a"], here("a"), 20_000), true);
});

test("who come together ring once, and none of them rings later", () => {
  const bell = new Bell();
  assert.equal(bell.rings(["a"], here("a"), 0), true);
  assert.equal(bell.rings(["a", "b"], here("a", "b"), 1000), false);
  assert.equal(bell.rings(["a", "b"], here("a", "b"), 20_000), false);
});
