/** Where everybody is: in which series, on which image. Who follows is where the view is that all are shown. */
/** @import {Seat, View, Viewport} from "../wire.js" */

/** @typedef {{seat: Seat, series: string, image: number}} Position */

/** @param {View | null | undefined} shown to all @param {readonly Seat[]} people who are here @returns {Position[]} */
export function positionsOf(shown, people) {
  const active = shown?.viewports.find((v) => v.id === shown.active) ?? shown?.viewports[0];
  return active ? people.map((seat) => at(seat, active)) : [];
}

/** @param {Seat} seat @param {Viewport} viewport @returns {Position} */
const at = (seat, { series, image }) => ({ seat, series, image });

/** Those in a series by image, in the order of the images: people on one image stand beside each other.
 * @param {readonly Position[]} positions @param {string} series @returns {[number, Seat[]][]} */
export function byImage(positions, series) {
  /** @type {Map<number, Seat[]>} */
  const found = new Map();
  for (const { seat, image } of positions.filter((p) => p.series === series)) found.set(image, [...(found.get(image) ?? []), seat]);
  return [...found].sort(([a], [b]) => a - b);
}
