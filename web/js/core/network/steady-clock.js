/**
 * A page's own clock for intervals: it never goes back, and it counts the time in which the machine slept. A browser's
 * monotonic clock may stand still in a sleep; the wall clock goes on, and may be set.
 */

/** So much more by the wall clock than by the monotonic one is a sleep (or a clock that was put forward). */
export const SLEPT_MS = 1000;

export class SteadyClock {
  /** @param {number} monotonic ms @param {number} wall ms */
  constructor(monotonic, wall) {
    this.monotonic = monotonic;
    this.wall = wall;
    this.slept = 0;
  }

  /** What time it is. @param {number} monotonic ms @param {number} wall ms @returns {number} ms */
  now(monotonic, wall) {
    const more = wall - this.wall - (monotonic - this.monotonic);
    if (more > SLEPT_MS) this.slept += more;
    this.monotonic = monotonic;
    this.wall = wall;
    return monotonic + this.slept;
  }
}
