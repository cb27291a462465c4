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
    for (const patient of patients) assert.equal(namesakes(patient, patients), note);
  });
}

test("one of another name is no namesake", () => {
  const [a, b, c] = ["DOE^JOHN", "DOE^JOHN", "DOE^JANE"].map((name, i) => ({ name, id: `${i}` }));
  assert.equal(namesakes(c, [a, b, c]), "");
  assert.equal(namesakes(a, [a, b, c]), "2 patients of this name: IDs differ");
});

test("the identity in one line: name, birth date, ID, number", () => {
  const anna = { name: "DEMO^ANNA", id: "4711", birth_date: "1962-11-24" };
  assert.equal(identityLine(anna, { n: 2, of: 5 }), "DEMO, Anna · born 24 Nov 1962 · ID 4711 · case 2 of 5");
  assert.equal(identityLine(anna), "DEMO, Anna · born 24 Nov 1962 · ID 4711");
  assert.equal(identityLine({ name: "", id: "" }), "No name · no birth date · no ID");
  assert.equal(caseNumber({ n: 1, of: 1 }), "");
});

test("a name from right to left does not turn the date beside it around", () => {
  const line = identityLine({ name: "يونس^سارة", id: "7", birth_date: "1962-11-24" });
  assert.equal(line, "\u2068يونس, سارة\u2069 · born 24 Nov 1962 · ID 7");
});
