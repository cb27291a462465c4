import assert from "node:assert/strict";
import { test } from "node:test";
import { Asking, ASK_MS, OVERDUE_MS } from "../../web/js/core/session/asking.js";

const LACKS = { lacks: true, fetching: false };

test("after a refused picture the page asks at once, then once a second while pictures are refused", () => {
  const asking = new Asking();
  assert.equal(asking.due(LACKS, 0), false, "nothing was refused");
  asking.refuse();
  assert.equal(asking.due(LACKS, 10), true);
  asking.refuse();
  assert.equal(asking.due(LACKS, 9 + ASK_MS), false);
  assert.equal(asking.due(LACKS, 10 + ASK_MS), true);
});

test("a picture that never comes is asked for too, again and again", () => {
  const asking = new Asking();
  assert.deepEqual(
    [0, OVERDUE_MS - 1, OVERDUE_MS, OVERDUE_MS + 1, 2 * OVERDUE_MS].map((t) => asking.due(LACKS, t)),
    [false, false, true, false, true],
  );
});

test("nothing is asked for while a picture is on its way, or is here", () => {
  const asking = new Asking();
  asking.refuse();
  assert.equal(asking.due({ lacks: true, fetching: true }, 0), false);
  assert.equal(asking.due({ lacks: false, fetching: false }, 1), false);
  assert.equal(asking.due(LACKS, 2), false, "the refusal is forgotten with the picture");
});
