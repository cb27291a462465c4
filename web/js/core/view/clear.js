/** Room for what lies over a picture: nothing covers a letter, PRIOR, CURRENT or the identity line. Pure. */

/** @typedef {readonly [number, number, number, number]} Box x, y, width, height */
/** @typedef {readonly [number, number]} Point */

/** So far from what is kept clear, in the unit of the boxes. */
const GAP = 2;

/** In another unit: so many of it are one of the box's. @param {Box} box @param {number} by @returns {Box} */
export const scaled = ([x, y, w, h], by) => [x * by, y * by, w * by, h * by];

/** @param {Box} a @param {Box} b */
export const meets = ([x, y, w, h], [a, b, c, d]) => x < a + c && a < x + w && y < b + d && b < y + h;

/** @param {Box} box @param {readonly Box[]} taken */
export const isClear = (box, taken) => taken.every((other) => !meets(box, other));

/**
 * How far down a box goes (up: negative) until it covers nothing: the nearest within the range; null where none is.
 * @param {Box} box @param {readonly Box[]} taken @param {readonly [number, number]} range top and bottom
 */
export function clearShift([x, y, w, h], taken, [top, bottom]) {
  const edges = taken.flatMap(([, b, , d]) => [b - h - GAP, b + d + GAP]);
  const free = [y, ...edges]
    .filter((at) => at >= top && at + h <= bottom && isClear([x, at, w, h], taken))
    .sort((a, b) => Math.abs(a - y) - Math.abs(b - y) || a - b);
  return free[0] === undefined ? null : free[0] - y;
}

/**
 * How far down each corner's text goes (up: negative) so that it lies over no words of the picture, nor over a letter
 * or another corner's; 0 where there is no room.
 * @param {readonly Box[]} corners @param {readonly Box[]} words @param {readonly Box[]} letters
 * @param {number} height of the picture @returns {number[]}
 */
export function cornerShifts(corners, words, letters, height) {
  const placed = [...corners];
  return corners.map((box, i) => {
    if (isClear(box, words)) return 0;
    const others = placed.filter((_, at) => at !== i);
    const shift = clearShift(box, [...words, ...letters, ...others], [0, height]) ?? 0;
    placed[i] = [box[0], box[1] + shift, box[2], box[3]];
    return shift;
  });
}

/**
 * Where a box goes that may stand at several places: the first that is clear, else the first that can be moved clear
 * up or down; null where there is no room.
 * @param {readonly Point[]} corners top left, the best first @param {Point} size @param {readonly Box[]} taken
 * @param {Box} area in which it must lie
 * @returns {Point | null}
 */
export function clearCorner(corners, [w, h], taken, [left, top, width, height]) {
  const inside = corners.map(
    ([x, y]) => /** @type {Point} */ ([clamp(x, left, left + width - w), clamp(y, top, top + height - h)]),
  );
  const found = inside.find(([x, y]) => isClear([x, y, w, h], taken));
  if (found) return found;
  for (const [x, y] of inside) {
    const shift = clearShift([x, y, w, h], taken, [top, top + height]);
    if (shift !== null) return [x, y + shift];
  }
  return null;
}

/** @param {number} value @param {number} least @param {number} most */
const clamp = (value, least, most) => Math.max(least, Math.min(value, most));
