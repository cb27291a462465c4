/** What is typed in a note's field: nothing typed is lost, and nothing stored is overwritten unseen. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as draft from "../../web/js/core/record/note/field-draft.js";
import { KeptDrafts } from "../../web/js/core/record/note/kept-drafts.js";

const written = (text, rev, author = "g") => ({ text, rev, author, author_name: `Dr. ${author}` });
const note = (fields, kase = "c1") => ({ case: kase, fields, order: [] });

function store() {
  const kept = new Map();
  return {
    kept,
    get: (key) => kept.get(key) ?? null,
    set: (key, text) => void kept.set(key, text),
    remove: (key) => void kept.delete(key),
  };
}

test("what is typed is sent upon the revision that it stands on, once", () => {
  const field = draft.typed(draft.asStored(written("Nodule", 3)), "Nodule, growing");
  assert.deepEqual(draft.due(field), { text: "Nodule, growing", base: 3 });
  assert.equal(draft.due(draft.sent(field)), null);
  assert.equal(draft.due(draft.accepted(draft.sent(field))), null);
});

test("blanks alone are nothing to store, and stay in the hand", () => {
  const field = draft.typed(draft.asStored(written("Nodule", 3)), "Nodule \n\n");
  assert.equal(draft.due(field), null);
  assert.equal(draft.received(field, written("Nodule", 3)).text, "Nodule \n\n");
});

test("typing goes on while the answer is awaited, and is sent behind it", () => {
  let field = draft.sent(draft.typed(draft.asStored(null), "A"));
  field = draft.typed(field, "A, B");
  field = draft.received(field, written("A", 1, "me"));
  field = draft.received(draft.accepted(field), written("A", 1, "me"));
  assert.deepEqual(draft.due(field), { text: "A, B", base: 1 });
});

test("somebody else's text is adopted where nothing is typed", () => {
  const field = draft.received(draft.asStored(written("A", 1)), written("B", 2));
  assert.deepEqual([field.text, field.base, field.theirs], ["B", 2, null]);
});

test("both have written: nothing is sent before the person has said which", () => {
  let field = draft.typed(draft.asStored(written("A", 1)), "Mine");
  field = draft.received(field, written("Theirs", 2));
  assert.equal(draft.due(field), null);
  assert.equal(field.text, "Mine");
  assert.deepEqual(draft.due(draft.keepMine(field)), { text: "Mine", base: 2 });
  assert.equal(draft.takeTheirs(field).text, "Theirs");
  assert.deepEqual(draft.due(draft.joinBoth(field)), { text: "Theirs\nMine", base: 2 });
});

test("a refusal because of another's text leads to the question", () => {
  let field = draft.sent(draft.typed(draft.asStored(written("A", 1)), "Mine"));
  field = draft.received(field, written("Theirs", 2));
  assert.equal(field.theirs, null);
  field = draft.received(draft.refused(field), written("Theirs", 2));
  assert.equal(field.theirs.text, "Theirs");
});

test("the same text by somebody else is no quarrel, and neither is one that goes on with it", () => {
  const mine = draft.typed(draft.asStored(written("A", 1)), "A nodule, growing");
  assert.equal(draft.received(mine, written("A  nodule", 2)).theirs, null);
  assert.deepEqual(draft.due(draft.received(mine, written("A nodule", 2))), { text: "A nodule, growing", base: 2 });
});

test("an older state of the field changes nothing", () => {
  const field = draft.accepted(draft.sent(draft.typed(draft.asStored(written("A", 1)), "B")));
  assert.deepEqual(draft.received(field, written("A", 1)), field);
});

test("it survives a reload with its case, whatever was stored since", () => {
  const tab = store();
  const before = new KeptDrafts(tab, "/seat/s/");
  before.bind("c1", note({ impression: written("A", 1) }));
  before.change("impression", (field) => draft.typed(field, "Mine"));
  const after = new KeptDrafts(tab, "/seat/s/");
  after.bind("c1", note({ impression: written("A", 1) }));
  assert.deepEqual(draft.due(after.of("impression")), { text: "Mine", base: 1 });
  const later = new KeptDrafts(tab, "/seat/s/");
  later.bind("c1", note({ impression: written("Theirs", 2) }));
  assert.equal(later.of("impression").text, "Mine");
  assert.equal(later.of("impression").theirs.text, "Theirs");
});

test("what was stored before the reload is not kept a second time", () => {
  const tab = store();
  const before = new KeptDrafts(tab, "/seat/s/");
  before.bind("c1", null);
  before.change("impression", (field) => draft.sent(draft.typed(field, "Mine")));
  const after = new KeptDrafts(tab, "/seat/s/");
  after.bind("c1", note({ impression: written("Mine", 1, "me") }));
  assert.equal(draft.due(after.of("impression")), null);
  assert.equal(after.of("impression").theirs, null);
});

test("a text never comes to another case, and is there when its own comes back", () => {
  const tab = store();
  const drafts = new KeptDrafts(tab, "/seat/s/");
  drafts.bind("c1", null);
  drafts.change("impression", (field) => draft.typed(field, "Of Anna"));
  drafts.bind("c2", note({ impression: written("Of Bernd", 4) }, "c2"));
  assert.equal(drafts.of("impression").text, "Of Bernd");
  assert.equal(draft.due(drafts.of("impression")), null);
  drafts.bind("c1", null);
  assert.equal(drafts.of("impression").text, "Of Anna");
});

test("nothing is left in the tab once it is stored, nor at the end", () => {
  const tab = store();
  const drafts = new KeptDrafts(tab, "/seat/s/");
  drafts.bind("c1", null);
  drafts.change("impression", (field) => draft.typed(field, "Mine"));
  assert.equal(tab.kept.size, 1);
  drafts.change("impression", draft.sent);
  drafts.change("impression", draft.accepted);
  assert.equal(tab.kept.size, 0);
  drafts.change("limits", (field) => draft.typed(field, "None"));
  drafts.forget([{ id: "c1" }]);
  assert.equal(tab.kept.size, 0);
});
