/** Who has had which images of a series on the screen: what the server knows, and what this page has painted since. */
/** @import {Coverage, Series, Snapshot} from "../../wire.js" */
/** @import {Runs} from "./runs.js" */
import { imageAt, places } from "../view/series.js";
import { has, united, without } from "./runs.js";

/** @typedef {{mine: Runs, others: Runs, seats: Map<string, Runs>}} Seen mine: this seat's; others: of anybody else;
 * seats: of each seat that has seen any */
/** @typedef {"mine" | "others" | "nobody"} By who has seen an image: this seat, others alone */

/** What this page has painted, by series. */
export class Painted {
  constructor() {
    /** @type {Map<string, Runs>} */
    this.images = new Map();
  }

  /** @param {string} series @returns {Runs} */
  of(series) {
    return this.images.get(series) ?? [];
  }

  /** @param {string} series @param {number} image */
  has(series, image) {
    return has(this.of(series), image);
  }

  /** @param {string} series @param {number} image */
  add(series, image) {
    this.images.set(series, united(this.of(series), [[image, image]]));
  }

  /** What the server does not know yet of a series. @param {Snapshot} doc @param {string} me @param {string} series */
  unknown(doc, me, series) {
    return without(this.of(series), ofSeat(doc, me, series));
  }
}

/** Of the case on the stage. @param {Snapshot} doc @param {string} series */
const ofSeries = (doc, series) =>
  (doc.coverage ?? []).filter((one) => one.case === doc.current && one.series === series);

/** @param {Snapshot} doc @param {string} seat @param {string} series @returns {Runs} */
const ofSeat = (doc, seat, series) => ofSeries(doc, series).find((one) => one.seat === seat)?.runs ?? [];

/** @param {Snapshot} doc @param {string} me @param {string} series @param {Painted} painted @returns {Seen} */
export function seenOf(doc, me, series, painted) {
  const known = ofSeries(doc, series);
  const mine = united(painted.of(series), ofSeat(doc, me, series), Infinity);
  const others = known.filter((one) => one.seat !== me).reduce(joined, /** @type {Runs} */ ([]));
  /** @type {Map<string, Runs>} */
  const seats = new Map(known.map(({ seat, runs }) => [seat, runs]));
  if (mine.length > 0) seats.set(me, mine);
  return { mine, others, seats };
}

/** @param {Runs} runs @param {Coverage} one */
const joined = (runs, one) => united(runs, one.runs, Infinity);

/** Images that nobody has seen. @param {Series} series @param {Seen} seen @returns {Runs} */
export const unseen = (series, { mine, others }) =>
  series.images > 0 ? without([[0, series.images - 1]], united(mine, others, Infinity)) : [];

/** Who has seen the image at each place at a time, as runs of places: the strip beside the scroll bar.
 * @param {Series} series @param {number} time @param {Seen} seen @returns {{first: number, last: number, by: By}[]} */
export function strip(series, time, { mine, others }) {
  /** @type {{first: number, last: number, by: By}[]} */
  const found = [];
  for (let place = 0; place < places(series); place++) {
    const image = imageAt(series, place, time);
    if (image < 0) continue;
    const by = has(mine, image) ? "mine" : has(others, image) ? "others" : "nobody";
    const last = found[found.length - 1];
    if (last && last.by === by && last.last === place - 1) last.last = place;
    else found.push({ first: place, last: place, by });
  }
  return found;
}
