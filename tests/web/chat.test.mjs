import assert from "node:assert/strict";
import { test } from "node:test";
import { caseLine, patientOf, UNNAMED } from "../../web/js/core/session/cases.js";
import { byCase } from "../../web/js/features/chat/by-case.js";
import { Drafts } from "../../web/js/features/chat/drafts.js";
import { doc } from "./consult.mjs";
import { kase, series } from "./examples.mjs";

const bound = (epoch, about) => ({ case: epoch, about });

test("what is typed for one patient stays with that one, and is there again", () => {
  // Seen to fail on: one text for all cases, as the field had it.
  const drafts = new Drafts();
  assert.equal(drafts.bind(bound(1, "c1"), ""), "");
  assert.equal(drafts.bind(bound(2, "c2"), "in the left lobe"), "");
  assert.deepEqual(drafts.bound, bound(2, "c2"));
  assert.equal(drafts.bind(bound(3, "c1"), "clear"), "in the left lobe");
  assert.equal(drafts.bind(bound(4, "c2"), "in the left lobe"), "clear");
});

test("the same case in another epoch keeps the field", () => {
  const drafts = new Drafts();
  drafts.bind(bound(1, "c1"), "");
  assert.equal(drafts.bind(bound(3, "c1"), "half a sent"), "half a sent");
  assert.deepEqual(drafts.bound, bound(3, "c1"));
});

test("what was sent a moment too late waits with its own case, before what is typed since", () => {
  const drafts = new Drafts();
  drafts.bind(bound(1, "c1"), "");
  drafts.bind(bound(2, "c2"), "");
  assert.equal(drafts.giveBack("c1", "in the left lobe", "about the next"), "about the next");
  assert.equal(drafts.bind(bound(3, "c1"), "about the next"), "in the left lobe");
  assert.equal(drafts.giveBack("c1", "first", "then"), "first then");
});

test("messages stand under their case, those of the stage last", () => {
  const message = (id, about) => ({ id, author: "g", text: id, at: 0, case: about });
  const all = [message("1", "c1"), message("2", "c2"), message("3", ""), message("4", "c1")];
  const { others, here } = byCase(all, "c2");
  assert.deepEqual(
    others.map(({ about, messages }) => [about, messages.map((m) => m.id)]),
    [
      ["c1", ["1", "4"]],
      ["", ["3"]],
    ],
  );
  assert.deepEqual(
    here.map((m) => m.id),
    ["2"],
  );
});

test("a case is named with birth date, ID and its number; one of a former release is told so", () => {
  const one = kase(series());
  const other = { ...one, id: "c2", patient: { ...one.patient, id: "7", birth_date: "1970-01-02" } };
  const both = doc({ cases: [one, other] });
  assert.equal(caseLine(both, "c2"), "DEMO, Anna · born 2 Jan 1970 · ID 7 · case 2 of 2");
  assert.equal(patientOf(both, "c2"), "DEMO, Anna (case 2 of 2)", "two of one name are told apart");
  assert.equal(patientOf(doc({ cases: [one] }), "c1"), "DEMO, Anna");
  assert.equal(caseLine(both, ""), UNNAMED);
});

test("what is not sent of all cases is there again when the page is loaded again", () => {
  const before = new Drafts();
  before.bind({ case: 1, about: "a" }, "");
  before.bind({ case: 2, about: "b" }, "for a");
  const kept = before.all("for b");
  assert.deepEqual(kept, [
    ["a", "for a"],
    ["b", "for b"],
  ]);
  const after = new Drafts();
  after.kept = new Map(kept);
  assert.equal(after.bind({ case: 2, about: "b" }, ""), "for b");
  assert.equal(after.bind({ case: 3, about: "a" }, "for b, and more"), "for a");
  assert.deepEqual(after.all(" "), [["b", "for b, and more"]]);
});
