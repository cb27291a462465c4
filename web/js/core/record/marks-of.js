/** The marks of a finding, and what was computed for them. Pure. */
/** @import {Finding, Mark, MarkNumbers, Snapshot} from "../../wire.js" */
import { calibrationOf } from "../marks/calibrations.js";

/** Those that are there. @param {Snapshot} doc @param {Pick<Finding, "marks" | "case">} finding @returns {Mark[]} */
export const marksOf = (doc, finding) =>
  finding.marks.flatMap((id) => doc.marks.filter((mark) => mark.id === id && mark.case === finding.case));

/** What was computed for a mark as it is, by the calibration that its image has; null while that is under way.
 * @param {Snapshot} doc @param {Pick<Mark, "id" | "case" | "points" | "series" | "image">} mark
 * @returns {MarkNumbers | null} */
export function numbersOf(doc, { id, case: kase, points, series, image }) {
  const own = (doc.calibrations ?? []).filter((one) => one.case === kase && one.series === series);
  const factor = calibrationOf({ calibrations: own }, image)?.factor ?? 0;
  const isOf = (/** @type {MarkNumbers} */ known) =>
    known.mark === id && known.case === kase && JSON.stringify(known.points) === JSON.stringify(points);
  return doc.numbers.find((known) => isOf(known) && (known.factor ?? 0) === factor) ?? null;
}
