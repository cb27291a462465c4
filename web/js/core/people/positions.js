/** Where everybody is: in which series, at which place. Who follows is where the view is that all are shown. */
/** @import {Case, Here, Seat, Snapshot, View} from "../../wire.js" */
import { peopleHere } from "../session/document.js";
import { locate } from "../view/series.js";
import { placeOf, seriesKey } from "../view/shows.js";

/** @typedef {{seat: Seat, series: string, place: number}} Position */

/** Where everybody else is; nobody is known to be anywhere while there is no connection, nor who is still on another
 * case.
 * @param {{doc: Snapshot | null, kase: Case | null, online: ReadonlySet<string>, me: string, here:
 *   ReadonlyMap<string, Here>, live: boolean}} session
 * @param {View | null | undefined} shown to all @returns {Position[]} */
export function othersAt({ doc, kase, online, me, here, live }, shown) {
  const isHere = (/** @type {Seat} */ { id }) =>
    id !== me && (here.get(id)?.exploring?.case ?? doc?.case) === doc?.case;
  const others = doc ? peopleHere(doc, online).filter(isHere) : [];
  return live ? positionsOf(shown, others, here, kase) : [];
}

/** @param {View | null | undefined} shown to all @param {readonly Seat[]} people who are here
 * @param {ReadonlyMap<string, Here>} here what each does
 * @param {Case | null} kase on the stage
 * @returns {Position[]} */
export function positionsOf(shown, people, here, kase) {
  const active = shown?.viewports.find((v) => v.id === shown.active) ?? shown?.viewports[0];
  return people.flatMap((seat) => {
    const exploring = here.get(seat.id)?.exploring;
    if (exploring) {
      const series = kase?.series.find((s) => s.key === exploring.series);
      return series ? [{ seat, series: series.key, place: locate(series, exploring.image).place }] : [];
    }
    return active ? [{ seat, series: seriesKey(active.shows), place: placeOf(active.shows) }] : [];
  });
}

/** Those in a series by place, in the order of the places: people at one place stand beside each other.
 * @param {readonly Position[]} positions @param {string} series @returns {[number, Seat[]][]} */
export function byPlace(positions, series) {
  /** @type {Map<number, Seat[]>} */
  const found = new Map();
  for (const { seat, place } of positions.filter((p) => p.series === series && p.place >= 0))
    found.set(place, [...(found.get(place) ?? []), seat]);
  return [...found].sort(([a], [b]) => a - b);
}
