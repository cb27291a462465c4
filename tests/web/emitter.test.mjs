/** Who subscribes is told, whatever the others do. */
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Emitter } from "../../web/js/core/emitter.js";

test("a listener that fails keeps it neither from the others nor from who emits, and is reported", () => {
  const reported = [];
  const report = mock.method(globalThis, "queueMicrotask", (act) =>
    assert.throws(act, (error) => reported.push(error.message) > 0),
  );
  const told = [];
  const emitter = new Emitter();
  emitter.on("news", (news) => told.push(`first ${news}`));
  emitter.on("news", () => {
    throw new Error("broken");
  });
  emitter.on("news", (news) => told.push(`last ${news}`));
  emitter.emit("news", "a");
  report.mock.restore();
  assert.deepEqual(told, ["first a", "last a"]);
  assert.deepEqual(reported, ["broken"]);
});
