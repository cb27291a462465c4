/** What is said of files that were set aside. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { differences } from "../../web/js/home/set-aside/set-aside.js";

test("each attribute that differs has a line, the study's value and the file's", () => {
  const differing = /** @type {Record<string, [string, string]>} */ ({
    PatientID: ["10042", "666"],
    PatientName: ["DEMO^ANNA", "DEMO^BERTA"],
    PatientBirthDate: ["1961-03-14", ""],
  });
  const file = { file: "f", name: "a", study_uid: "1", modality: "CT", series_description: "", at: 0, differing };
  assert.deepEqual(differences(file), [
    "Patient ID: the study has 10042, the file 666",
    "Name: the study has DEMO, Anna, the file DEMO, Berta",
    "Birth date: the study has 14 Mar 1961, the file (empty)",
  ]);
});
