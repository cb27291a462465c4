/** What became of a consult's file, in words, and which file is one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BEGINNING, importedWords, isConsultsFile } from "../../web/js/home/importing/words.js";

const IMPORTED = { consult: "k", title: "Board", entries: 3, images: 1, missing_studies: 0, open_criticals: 0 };

test("where it went, and what of it is not here", () => {
  assert.deepEqual(importedWords(IMPORTED), [
    "“Board” is in the list below, to be read: 3 entries of its log, 1 picture.",
  ]);
  const [first, study, critical, ...more] = importedWords({
    ...IMPORTED,
    title: "",
    missing_studies: 1,
    open_criticals: 2,
  });
  assert.match(first ?? "", /^It is in the list below/);
  assert.match(study ?? "", /^1 study of it is not here/);
  assert.match(critical ?? "", /^2 critical results of it are open/);
  assert.deepEqual(more, []);
});

test("a consult's file is known by its first member", () => {
  const head = `PK\u0003\u0004${"x".repeat(26)}log.jsonl`;
  assert.equal(head.length, BEGINNING);
  assert.ok(isConsultsFile(head));
  assert.ok(!isConsultsFile(head.replace("log", "lag")));
  assert.ok(!isConsultsFile(head.replace("PK", "PX")));
  assert.ok(!isConsultsFile(""));
});
