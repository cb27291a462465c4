/**
 * Sets of images as runs: [first, last], both of the set, ascending, with an image between two of them. The twin of
 * consult/sessions/features/coverage/runs.py; tests/runs.json holds both to the same sets.
 */

/** @typedef {readonly (readonly [number, number])[]} Runs */

/** Of a message, and of a seat in a series. */
export const MAX_RUNS = 256;

/** All images of both. Of more than `most` runs the shortest are left out: fewer images are named, never others.
 * @param {Runs} one @param {Runs} other @param {number} [most] @returns {Runs} */
export function united(one, other, most = MAX_RUNS) {
  /** @type {[number, number][]} */
  const found = [];
  for (const [first, last] of [...one, ...other].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const before = found[found.length - 1];
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else found.push([first, last]);
  }
  if (found.length <= most) return found;
  const longest = found.sort((a, b) => b[1] - b[0] - (a[1] - a[0])).slice(0, most);
  return longest.sort((a, b) => a[0] - b[0]);
}

/** @param {Runs} runs @param {number} image */
export const has = (runs, image) => runs.some(([first, last]) => first <= image && image <= last);

/** What of a set is not in another. @param {Runs} runs @param {Runs} known @returns {Runs} */
export function without(runs, known) {
  /** @type {[number, number][]} */
  const found = [];
  for (const [first, last] of runs) {
    let from = first;
    for (const [start, end] of known) {
      if (end < from || start > last) continue;
      if (start > from) found.push([from, start - 1]);
      from = end + 1;
    }
    if (from <= last) found.push([from, last]);
  }
  return found;
}

/** How many images. @param {Runs} runs */
export const count = (runs) => runs.reduce((sum, [first, last]) => sum + last - first + 1, 0);
