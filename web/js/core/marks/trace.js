/** By what a reading says of which points it is: the twin of `trace` in consult/model/mark.py. */
/** @import {Vec} from "../vec.js" */

/** Of more points than these a reading names sums. */
const TRACED = 4;

/** The points, or of a contour of many the first, their sum, and their sum weighted by their number.
 * @param {Vec[]} points @returns {Vec[]} */
export function trace(points) {
  const first = points[0];
  if (points.length <= TRACED || !first) return points;
  /** @type {Vec} */
  const plain = [0, 0, 0];
  /** @type {Vec} */
  const weighted = [0, 0, 0];
  points.forEach((point, i) => {
    for (const axis of /** @type {const} */ ([0, 1, 2])) {
      plain[axis] += point[axis];
      weighted[axis] += (i + 1) * point[axis];
    }
  });
  return [first, plain, weighted];
}
