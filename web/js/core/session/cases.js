/** The cases of a consult in words: whose each is, which of how many, and which of two of one name. */
/** @import {Case, Snapshot} from "../../wire.js" */
import { t } from "../language.js";
import { caseNumber, caseTitle, identityLine, knownPatients, namesakes, patientName } from "../patient.js";

/** Over what was written by an old release, or is of a case that the consult does not have. */
export const UNNAMED = t("Before cases were named");

/** @param {Snapshot} doc @param {string} id @returns {Case | null} */
export const caseOf = (doc, id) => doc.cases.find((c) => c.id === id) ?? null;

/** @param {Snapshot} doc @param {Case} of @returns {import("../patient.js").Numbered} */
const numbered = (doc, of) => ({ n: doc.cases.indexOf(of) + 1, of: doc.cases.length });

/**
 * "DEMO, Anna · born 14 Mar 1961 · ID 10042 · case 2 of 5".
 * @param {Snapshot} doc @param {string} id of a case
 */
export function caseLine(doc, id) {
  const found = caseOf(doc, id);
  if (found?.withheld) return caseTitle(numbered(doc, found));
  return found ? identityLine(found.patient, numbered(doc, found)) : UNNAMED;
}

/**
 * The patient of a case, in a sentence: "DEMO, Anna"; of one of several of that name also which case it is.
 * @param {Snapshot} doc @param {string} id of a case
 */
export function patientOf(doc, id) {
  const found = caseOf(doc, id);
  if (!found) return t("another case");
  if (found.withheld) return caseNumber(numbered(doc, found));
  const patients = knownPatients(doc.cases);
  const name = patientName(found.patient);
  return namesakes(found.patient, patients) ? `${name} (${caseNumber(numbered(doc, found))})` : name;
}

/** There is more than one patient to take for another. @param {Snapshot} doc */
export const severalCases = (doc) => doc.cases.length > 1;
