/** What is kept within a budget of bytes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Keeping } from "../../web/js/core/pictures/keeping.js";

test("what was used least lately goes first, and says so", () => {
  const went = [];
  const kept = new Keeping(10, (value, key) => went.push([key, value]));
  for (const key of ["a", "b", "c"]) kept.put(key, key.toUpperCase(), 4);
  assert.deepEqual(went, [["a", "A"]]);
  assert.equal(kept.get("b"), "B");
  assert.deepEqual(kept.put("d", "D", 4), ["c"]);
  assert.deepEqual([kept.has("b"), kept.look("c"), kept.bytes, kept.size], [true, null, 8, 2]);
});

test("a look is no use", () => {
  const kept = new Keeping(8);
  kept.put("a", 1, 4);
  kept.put("b", 2, 4);
  kept.look("a");
  assert.deepEqual(kept.put("c", 3, 4), ["a"]);
});

test("what is pinned, and the newest, stay whatever their size", () => {
  const kept = new Keeping(5);
  kept.put("a", 1, 4);
  kept.pinned = new Set(["a"]);
  assert.deepEqual(kept.put("b", 2, 100), []);
  assert.deepEqual(kept.put("c", 3, 1), ["b"]);
  assert.deepEqual(kept.clear(), ["a", "c"]);
  assert.equal(kept.bytes, 0);
});

test("the same key again takes the place of the former", () => {
  const went = [];
  const kept = new Keeping(10, (value) => went.push(value));
  kept.put("a", 1, 4);
  kept.put("a", 2, 6);
  assert.deepEqual([went, kept.bytes, kept.look("a")], [[1], 6, 2]);
});
