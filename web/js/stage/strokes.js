/** Lines over a picture, which are read on white and on black: a dark one below, the one in colour above. */

/** @typedef {readonly [number, number]} Point device pixels */

const DARK = "rgb(0 0 0 / 50%)";

/**
 * @param {CanvasRenderingContext2D} context
 * @param {readonly (readonly Point[])[]} lines each through its points
 * @param {string} colour
 * @param {{under: number, line: number}} widths CSS pixels
 */
export function strokeOver(context, lines, colour, { under, line }) {
  context.beginPath();
  for (const points of lines)
    points.forEach(([x, y], i) => void (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.strokeStyle = DARK;
  context.lineWidth = under * devicePixelRatio;
  context.stroke();
  context.strokeStyle = colour;
  context.lineWidth = line * devicePixelRatio;
  context.stroke();
}

/** The lines of an upright cross. @param {Point} at @param {number} arm device pixels
 * @returns {[number, number][][]} */
export const cross = ([x, y], arm) => [
  [
    [x - arm, y],
    [x + arm, y],
  ],
  [
    [x, y - arm],
    [x, y + arm],
  ],
];
