import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { formatDate } from "../../web/js/core/format.js";
import { caseNumber, countPatients, identityLine, namesakes, personName } from "../../web/js/core/patient.js";

const examples = JSON.parse(readFileSync(new URL("../patients.json", import.meta.url), "utf8"));

test("a name is written in natural order and script, and never with a caret", () => {
  for (const [value, words] of examples.names) {
    assert.equal(personName(value), words);
    assert.ok(!personName(value).includes("^"));
  }
  assert.equal(personName(undefined), "No name");
});

test("a birth date is written with the month's name", () => {
  for (const [iso, words] of examples.dates) assert.equal(formatDate(iso), words);
});

for (const { why, patients, count, note } of examples.namesakes) {
  test(`patients are counted and told apart: ${why}`, () => {
    assert.equal(countPatients(patients), count);
    for (const [i, patient] of patients.entries())
      assert.equal(namesakes(patient, patients), Array.isArray(note) ? note[i] : note);
  });
}

test("one of another name is no namesake", () => {
  const [a, b, c] = ["DOE^JOHN", "DOE^JOHN", "DOE^JANE"].map((name, i) => ({ name, id: `${i}` }));
  assert.equal(namesakes(c, [a, b, c]), "");
  assert.equal(namesakes(a, [a, b, c]), "2 patients of this name: IDs differ");
});

test("the identity in one line: name, birth date, ID, number; a name from right to left turns nothing around", () => {
  for (const [patient, n, of, line] of examples.identities) assert.equal(identityLine(patient, { n, of }), line);
  assert.equal(caseNumber({ n: 1, of: 1 }), "");
});
