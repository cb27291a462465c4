/**
 * Whether what the page knows is still the newest, as far as the server has confirmed it. `now` is in milliseconds of a
 * steady clock that counts sleep (core/network/steady-clock.js).
 * Rules:
 * - The server answers each question behind all that it has sent before. So an answer confirms as of the time of its
 *   question, however long it lay in a buffer.
 * - What nobody has confirmed for STALE_MS is stale.
 * - After a gap in the page's own timers, a change of network, or when somebody looks again, it is in doubt: only what
 *   was asked since then counts.
 */

/** @typedef {"fresh" | "doubted" | "stale"} Freshness stale: nobody has confirmed it for STALE_MS, or ever */

export const STALE_MS = 3000;
/** Timers that are so late: the page or its machine did not run. */
export const GAP_MS = 2000;

export class Liveness {
  constructor() {
    /** As of when the server has confirmed it last. */
    this.confirmedAt = -Infinity;
    /** Only what was asked since then counts. */
    this.doubtedAt = -Infinity;
    this.tickedAt = Infinity;
  }

  /** The server has answered. @param {number} askedAt */
  confirm(askedAt) {
    this.confirmedAt = Math.max(this.confirmedAt, askedAt);
  }

  /** Something may have happened that the page does not know of. @param {number} now */
  doubt(now) {
    this.doubtedAt = now;
  }

  /** Time passes; whether it has passed without the page. @param {number} now @returns {boolean} */
  tick(now) {
    const slept = now - this.tickedAt > GAP_MS;
    this.tickedAt = now;
    if (slept) this.doubt(now);
    return slept;
  }

  get inDoubt() {
    return this.confirmedAt < this.doubtedAt;
  }

  /** @param {number} now @returns {Freshness} */
  freshness(now) {
    if (now - this.confirmedAt >= STALE_MS) return "stale";
    return this.inDoubt ? "doubted" : "fresh";
  }
}
