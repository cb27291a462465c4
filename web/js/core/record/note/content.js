/** All that a reader of a note reads, of one that is written or of a signed version alike. Pure. */
/** @import {Case, Comparison, Finding, Mark, MarkNumbers, SignedNote, Snapshot, Study} from "../../../wire.js" */
/** @import {Field} from "./fields.js" */
/** @import {LesionTable} from "../lesions.js" */
import { lesionsOf } from "../lesions.js";
import { marksOf, numbersOf } from "../marks-of.js";
import { noteOf, textsOf } from "./fields.js";
import { limitsOf, limitWords } from "./limits.js";
import { findingsOf } from "./order.js";

/** @typedef {{finding: Finding, marks: readonly Mark[], numbers: readonly MarkNumbers[]}} ReadFinding */

/**
 * @typedef {object} Content
 * @property {SignedNote | null} version null: it is written, not signed
 * @property {string} case id
 * @property {import("../../patient.js").Patient} patient
 * @property {readonly Study[]} studies
 * @property {ReadonlySet<string> | null} seen keys of studies that the signer has seen; null: nobody has said so
 * @property {Partial<Record<Field, string>>} texts
 * @property {readonly ReadFinding[]} findings
 * @property {readonly Comparison[]} comparisons
 * @property {readonly string[]} limits found by the server, in the reader's language
 * @property {LesionTable} lesions
 */

/** @param {SignedNote} version @param {Case | null} kase as it is now @returns {Content} */
export const contentOfVersion = (version, kase) => ({
  version,
  case: version.case,
  patient: version.patient,
  studies: version.studies,
  seen: new Set(version.seen),
  texts: version.texts,
  findings: version.findings,
  comparisons: version.comparisons,
  limits: version.limits.map(limitWords),
  lesions: lesionsOf(version.findings, version.studies, kase?.series ?? []),
});

/** As it is written now. @param {Snapshot} doc @param {Case} kase @param {readonly Comparison[]} comparisons
 * @returns {Content} */
export function contentOfDraft(doc, kase, comparisons) {
  const note = noteOf(doc.notes, kase.id);
  const findings = findingsOf(doc.findings, kase.id, note).map((finding) => readFinding(doc, finding));
  return {
    version: null,
    case: kase.id,
    patient: kase.patient,
    studies: kase.studies,
    seen: null,
    texts: textsOf(note),
    findings,
    comparisons,
    limits: limitsOf(kase).map(limitWords),
    lesions: lesionsOf(findings, kase.studies, kase.series),
  };
}

/** @param {Snapshot} doc @param {Finding} finding @returns {ReadFinding} */
export function readFinding(doc, finding) {
  const marks = marksOf(doc, finding);
  return { finding, marks, numbers: marks.flatMap((mark) => numbersOf(doc, mark) ?? []) };
}
