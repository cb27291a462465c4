import assert from "node:assert/strict";
import { test } from "node:test";
import { Unread } from "../../web/js/features/chat/unread.js";

const message = (id, author = "ann") => ({ id, author, text: id, at: 0, case: "c1" });

test("what was there before the page is not new", () => {
  const unread = new Unread();
  assert.equal(unread.add([message("1")], "me", false), null);
  assert.equal(unread.count, 0);
});

test("others' messages count until they are read; the newest is given", () => {
  const unread = new Unread();
  unread.add([], "me", false);
  assert.equal(unread.add([message("1"), message("2"), message("3", "me")], "me", false).id, "2");
  assert.equal(unread.count, 2);
  unread.add([message("1"), message("2"), message("3", "me")], "me", false);
  assert.equal(unread.count, 2, "the same are not new again");
  unread.seen();
  assert.equal(unread.count, 0);
});

test("what is read as it comes is not counted, now or later", () => {
  const unread = new Unread();
  unread.add([], "me", true);
  assert.equal(unread.add([message("1")], "me", true), null);
  assert.equal(unread.add([message("1")], "me", false), null);
  assert.equal(unread.count, 0);
});
