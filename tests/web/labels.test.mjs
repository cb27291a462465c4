import assert from "node:assert/strict";
import { test } from "node:test";
import { admitted } from "../../web/js/core/people/labels.js";

test("only so many pills are shown, and those that are shown stay", () => {
  const first = admitted(new Set(), ["a", "b", "c"], 2);
  assert.deepEqual([...first], ["a", "b"]);
  assert.deepEqual([...admitted(first, ["c", "b", "a"], 2)].sort(), ["a", "b"], "none blinks");
  assert.deepEqual([...admitted(first, ["c", "b"], 2)].sort(), ["b", "c"], "who points elsewhere makes room");
  assert.deepEqual([...admitted(first, [], 2)], []);
});
