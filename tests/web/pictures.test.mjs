import assert from "node:assert/strict";
import { test } from "node:test";
import { PictureQueue } from "../../web/js/core/pictures/pictures.js";
import { stamp } from "./examples.mjs";

test("one picture is fetched at a time, and of those that wait the newest wins", () => {
  const queue = new PictureQueue();
  assert.equal(queue.offer(stamp(1)), "start");
  assert.equal(queue.offer(stamp(2)), "wait");
  assert.equal(queue.offer(stamp(3)), "wait");
  assert.equal(queue.current.rev, 1, "what is on its way is not thrown away");
  assert.equal(queue.finished().rev, 3);
  assert.equal(queue.finished(), null);
  assert.equal(queue.offer(stamp(4)), "start");
});

test("another case ends what is on its way, and what waited for the former", () => {
  const queue = new PictureQueue();
  queue.offer(stamp(1));
  queue.offer(stamp(2));
  assert.equal(queue.offer(stamp(3, { case: 2 })), "restart");
  assert.equal(queue.current.rev, 3);
  assert.equal(queue.finished(), null);
});

test("cleared is empty", () => {
  const queue = new PictureQueue();
  queue.offer(stamp(1));
  queue.offer(stamp(2));
  queue.clear();
  assert.equal(queue.finished(), null);
});
