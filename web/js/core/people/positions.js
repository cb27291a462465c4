/** Where everybody is: in which series, on which image. Who follows is where the view is that all are shown. */
/** @import {Here, Seat, Snapshot, View} from "../../wire.js" */

import { peopleHere } from "../session/document.js";

/** @typedef {{seat: Seat, series: string, image: number}} Position */

/** Where everybody else is; nobody is known to be anywhere while there is no connection.
 * @param {{doc: Snapshot | null, online: ReadonlySet<string>, me: string, here: ReadonlyMap<string, Here>, live: boolean}} session
 * @param {View | null | undefined} shown to all @returns {Position[]} */
export function othersAt({ doc, online, me, here, live }, shown) {
  const others = doc ? peopleHere(doc, online).filter((seat) => seat.id !== me) : [];
  return live ? positionsOf(shown, others, here) : [];
}

/** @param {View | null | undefined} shown to all @param {readonly Seat[]} people who are here
 * @param {ReadonlyMap<string, Here>} here what each does @returns {Position[]} */
export function positionsOf(shown, people, here) {
  const active = shown?.viewports.find((v) => v.id === shown.active) ?? shown?.viewports[0];
  return people.flatMap((seat) => {
    const at = here.get(seat.id)?.looks ?? active;
    return at ? [{ seat, series: at.series, image: at.image }] : [];
  });
}

/** Those in a series by image, in the order of the images: people on one image stand beside each other.
 * @param {readonly Position[]} positions @param {string} series @returns {[number, Seat[]][]} */
export function byImage(positions, series) {
  /** @type {Map<number, Seat[]>} */
  const found = new Map();
  for (const { seat, image } of positions.filter((p) => p.series === series))
    found.set(image, [...(found.get(image) ?? []), seat]);
  return [...found].sort(([a], [b]) => a - b);
}
