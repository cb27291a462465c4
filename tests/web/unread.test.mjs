import assert from "node:assert/strict";
import { test } from "node:test";
import { Unread } from "../../web/js/features/chat/unread.js";

const message = (id, author = "ann", kase = "c1") => ({ id, author, text: id, at: 0, case: kase });

test("what was there before the page is not new", () => {
  const unread = new Unread();
  assert.equal(unread.add([message("1")], "me", null), null);
  assert.equal(unread.count, 0);
});

test("others' messages count until they are read; the newest is given", () => {
  const unread = new Unread();
  unread.add([], "me", null);
  assert.equal(unread.add([message("1"), message("2"), message("3", "me")], "me", null).id, "2");
  assert.equal(unread.count, 2);
  unread.add([message("1"), message("2"), message("3", "me")], "me", null);
  assert.equal(unread.count, 2, "the same are not new again");
  unread.seen("c1");
  assert.equal(unread.count, 0);
});

test("what is read as it comes is not counted, now or later", () => {
  const unread = new Unread();
  unread.add([], "me", "c1");
  assert.equal(unread.add([message("1")], "me", "c1"), null);
  assert.equal(unread.add([message("1")], "me", null), null);
  assert.equal(unread.count, 0);
});

test("what is about another patient stays unread while the chat of this one is read", () => {
  const unread = new Unread();
  unread.add([], "me", null);
  unread.add([message("1"), message("2", "ann", "c2")], "me", "c2");
  unread.seen("c2");
  assert.deepEqual([unread.count, unread.countOf("c1"), unread.countOf("c2")], [1, 1, 0]);
  unread.add([message("2", "ann", "c2")], "me", "c2");
  assert.equal(unread.count, 0, "nor does what is no longer shown count");
});
