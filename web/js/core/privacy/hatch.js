/** Slanted lines that fill a convex polygon. Pure. */

/** @typedef {[number, number]} Point */

/** Lines at 45 degrees, so far apart, each from edge to edge. The same polygon has the same lines wherever it lies.
 * @param {readonly Point[]} corners one after the other @param {number} apart @returns {Point[][]} */
export function hatch(corners, apart) {
  const along = (/** @type {Point} */ [x, y]) => (x + y) / Math.SQRT2;
  const reach = corners.map(along);
  const [first, last] = [Math.min(...reach), Math.max(...reach)];
  const lines = [];
  for (let at = first + apart / 2; at < last; at += apart) {
    const ends = corners.flatMap((from, i) => {
      const to = /** @type {Point} */ (corners[(i + 1) % corners.length]);
      const [a, b] = [along(from) - at, along(to) - at];
      if (a * b >= 0) return [];
      const share = a / (a - b);
      return [/** @type {Point} */ ([from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])])];
    });
    if (ends.length === 2) lines.push(ends);
  }
  return lines;
}
