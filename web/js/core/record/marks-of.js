/** The marks of a finding, and what was computed for them. Pure. */
/** @import {Finding, Mark, MarkNumbers, Snapshot} from "../../wire.js" */

/** Those that are there. @param {Snapshot} doc @param {Pick<Finding, "marks" | "case">} finding @returns {Mark[]} */
export const marksOf = (doc, finding) =>
  finding.marks.flatMap((id) => doc.marks.filter((mark) => mark.id === id && mark.case === finding.case));

/** What was computed for a mark as it is; null while that is under way.
 * @param {Snapshot} doc @param {Pick<Mark, "id" | "case" | "points">} mark @returns {MarkNumbers | null} */
export const numbersOf = (doc, { id, case: kase, points }) =>
  doc.numbers.find(
    (known) => known.mark === id && known.case === kase && JSON.stringify(known.points) === JSON.stringify(points),
  ) ?? null;
