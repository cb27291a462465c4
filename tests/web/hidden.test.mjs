import assert from "node:assert/strict";
import { test } from "node:test";
import { identityLine, identityParts, idText, patientName } from "../../web/js/core/patient.js";
import { fold } from "../../web/js/core/session/document.js";
import { mayHoldText, mayNameSomebody } from "../../web/js/core/privacy/hidden.js";
import { kase, series } from "./examples.mjs";

const hidden = { name: "Case 2", id: "", birth_date: "", sex: "F", hidden: true };

test("a label stands in place of who it is, and nothing is said to be missing", () => {
  assert.equal(patientName(hidden), "Case 2");
  assert.equal(patientName({ name: "DEMO^ANNA", id: "1" }), "DEMO, Anna");
  assert.equal(patientName(undefined), "No name");
  assert.deepEqual(identityParts(hidden), ["patient data hidden"]);
  assert.equal(idText(hidden), "patient data hidden");
  assert.equal(identityLine(hidden, { n: 2, of: 3 }), "Case 2 · patient data hidden · case 2 of 3");
});

test("pictures that may hold text themselves are all but grey images of a scanner with a place", () => {
  assert.equal(mayHoldText(series()), false);
  const may = [
    { modality: "US" },
    { colour: true },
    { document: "report" },
    { modality: "CR" },
    { grid: { ...series().grid, space: "image" } },
  ];
  for (const more of may) assert.equal(mayHoldText({ ...series(), ...more }), true, JSON.stringify(more));
  assert.equal(mayNameSomebody({ ...kase(series()), series: [series(), { ...series(), modality: "US" }] }).length, 1);
  assert.deepEqual(mayNameSomebody(null), []);
});

test("the host's page knows whether they are hidden", () => {
  assert.equal(fold({ seats: [] }, { type: "hiding_changed", hidden: true }).patients_hidden, true);
});
