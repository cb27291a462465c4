/**
 * Where the others point, as it is sent, and as it is shown: the newest of each seat, smoothed in space. `now` is in
 * milliseconds.
 */
/** @import {Cursors, Pointed, Spot} from "../../wire.js" */
/** @import {Vec} from "../vec.js" */
import { add, scale, subtract } from "../vec.js";

/** A cursor comes to where it was sent in so long. */
export const SMOOTH_MS = 80;
/** One that does not move for so long is hidden. */
export const IDLE_MS = 4000;

/** @typedef {{pointed: Pointed, from: Vec, since: number}} Held */

export class PeerCursors {
  constructor() {
    /** @type {Map<string, Held>} */
    this.held = new Map();
    this.case = -1;
  }

  /** All that point now. @param {Cursors} message @param {number} now */
  receive(message, now) {
    if (message.case !== this.case) this.held.clear();
    this.case = message.case;
    const pointing = new Map(message.cursors.map((pointed) => [pointed.seat, pointed]));
    for (const seat of this.held.keys()) if (!pointing.has(seat)) this.held.delete(seat);
    for (const [seat, pointed] of pointing) {
      const before = this.held.get(seat);
      if (before && before.pointed.n === pointed.n) continue;
      const same = before && sameImage(before.pointed.at, pointed.at);
      this.held.set(seat, { pointed, from: same ? this.point(before, now) : vec(pointed.at), since: now });
    }
  }

  /**
   * Where a cursor is shown now.
   * @param {Held} held
   * @param {number} now
   * @param {boolean} [still] without smoothing
   * @returns {Vec}
   */
  point(held, now, still = false) {
    const to = vec(held.pointed.at);
    const part = still ? 1 : Math.min(1, (now - held.since) / SMOOTH_MS);
    return part >= 1 ? to : add(held.from, scale(subtract(to, held.from), part));
  }

  /** Some are still on their transport. @param {number} now */
  moves(now) {
    return [...this.held.values()].some((h) => now - h.since < SMOOTH_MS);
  }

  /** @param {Held} held @param {number} now */
  idle(held, now) {
    return now - held.since >= IDLE_MS;
  }

  clear() {
    this.held.clear();
  }
}

/** @param {Spot} spot */
const vec = (spot) => /** @type {Vec} */ (spot.point);

/** @param {Spot} a @param {Spot} b */
const sameImage = (a, b) => a.series === b.series && a.image === b.image && a.viewport === b.viewport;
