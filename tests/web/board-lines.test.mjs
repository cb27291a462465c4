/** The lines of a board that is about to be opened: what of them is taken, and what the server is asked for. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  linesOfDeferred,
  linesOfList,
  linesOfSelection,
  wishesOf,
  withStudies,
} from "../../web/js/home/boards/lines.js";

const study = (uid, patient) => ({ uid, key: uid, patient, description: "CT", date: "2026-11-24", modalities: ["CT"] });
const ANNA = { name: "DEMO^ANNA", id: "1", birth_date: "1961-03-14" };
const NAMESAKE = { name: "DEMO^ANNA", id: "2", birth_date: "1970-01-01" };
const studies = [study("1.1", ANNA), study("1.2", ANNA), study("2.1", NAMESAKE)];
const row = (more = {}) => ({
  number: 1,
  name: "DEMO^ANNA",
  patient_id: "",
  question: "Surgery?",
  minutes: 8,
  ...more,
});
const list = (...rows) => ({ rows, unknown: [] });

test("a selection has a line for each patient, namesakes too", () => {
  const lines = linesOfSelection(studies);
  assert.deepEqual(
    lines.map((line) => line.studies),
    [["1.1", "1.2"], ["2.1"]],
  );
  assert.ok(lines.every((line) => line.taken));
});

test("only what a list found without doubt is taken", () => {
  const lines = linesOfList(
    list(
      { row: row(), state: "found", studies: ["1.1"], sentence: "" },
      { row: row({ number: 2 }), state: "doubtful", studies: ["1.1", "2.1"], sentence: "Two patients." },
      { row: row({ number: 3 }), state: "nothing", studies: [], sentence: "No study is here." },
    ),
    studies,
  );
  assert.deepEqual(
    lines.map((line) => line.taken),
    [true, false, false],
  );
  assert.match(lines[1].about, /Two patients/);
  assert.deepEqual(wishesOf(lines), [
    { studies: ["1.1"], question: "Surgery?", history: "", pathology: "", minutes: 8 },
  ]);
});

test("a row in which nothing was found takes the studies that a person names, with its own question", () => {
  const [line] = linesOfList(list({ row: row(), state: "nothing", studies: [], sentence: "None." }), studies);
  const named = withStudies(line, [studies[2]]);
  assert.ok(named.taken);
  assert.deepEqual(wishesOf([named])[0].studies, ["2.1"]);
  assert.equal(wishesOf([named])[0].question, "Surgery?");
  assert.match(named.about, /ID 2/);
});

test("what was put off is offered with why, and taken over only when somebody says so", () => {
  const put = { consult: "b1", title: "Last week", case: "c2", patient: ANNA, why: "No biopsy", at: 1, views: 2 };
  const [line] = linesOfDeferred([{ ...put, studies: ["1.1"] }]);
  assert.match(line.about, /No biopsy/);
  assert.deepEqual(wishesOf([line]), []);
  assert.deepEqual(wishesOf([{ ...line, taken: true }]), [
    { studies: ["1.1"], deferred: { consult: "b1", case: "c2" } },
  ]);
});

test("a case whose studies are gone is not asked for", () => {
  const put = { consult: "b1", title: "Last week", case: "c2", patient: ANNA, why: "x", at: 1, views: 0, studies: [] };
  assert.deepEqual(wishesOf(linesOfDeferred([put]).map((line) => ({ ...line, taken: true }))), []);
});
