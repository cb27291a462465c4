/** Where the names of those who point may stand, the best first. CSS pixels. Pure. */
/** @import {Point} from "../view/clear.js" */

/** From a cursor's tip to its name: right of it, left of it, below and above. */
const [RIGHT, LEFT, BELOW, ABOVE] = [14, 4, 18, 4];
/** From an edge of the picture to a pill: the letters of the sides lie between. */
const [AT_LEFT, AT_TOP, AT_BOTTOM] = [12, 30, 34];

/** Of a name beside its cursor. @param {Point} tip @param {Point} size @returns {Point[]} top left corners */
export function namePlaces([x, y], [w, h]) {
  const [right, left, below, above] = [x + RIGHT, x - LEFT - w, y + BELOW, y - ABOVE - h];
  return [
    [right, below],
    [left, below],
    [right, above],
    [left, above],
  ];
}

/**
 * Of the pill of somebody who points where the picture is not shown.
 * @param {string} direction the edge that it stands at @param {Point} at on that edge @param {Point} size
 * @param {number} room beside the right edge
 * @returns {Point[]} top left corners
 */
export function pillPlaces(direction, [x, y], [w, h], room) {
  const middle = { x: x - w / 2, y: y - h / 2 };
  if (direction === "right") return [[x - w - room, middle.y]];
  if (direction === "left") return [[x + AT_LEFT, middle.y]];
  return [direction === "up" ? [middle.x, y + AT_TOP] : [middle.x, y - h - AT_BOTTOM]];
}

/**
 * Whose pills are shown where there is room for some: those that are shown stay, so that none blinks.
 * @param {ReadonlySet<string>} shown @param {readonly string[]} wanting seats @param {number} most
 * @returns {ReadonlySet<string>}
 */
export function admitted(shown, wanting, most) {
  const stay = wanting.filter((seat) => shown.has(seat));
  const come = wanting.filter((seat) => !shown.has(seat));
  return new Set([...stay, ...come].slice(0, most));
}
