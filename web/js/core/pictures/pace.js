/**
 * Whether frames keep up with the view while it moves: a slow link (or decoder) is given fewer, newest wins. `now` in
 * ms.
 * Rules:
 * - Changes that come faster than frames are made count as one.
 * - Judged over spans of `SPAN_MS` in which the view changed often enough; rest counts for nothing.
 * - It is slow after two such spans in a row with few frames, and no longer after one with enough.
 */

export const SPAN_MS = 2000;
/** The server makes no more than a frame each so many milliseconds. */
export const FRAME_MS = 33;
/** Fewer changes in a span count for nothing. */
export const MOVES = 20;
/** Frames for each change that are few. */
const FEW = 0.4;
/** Frames for each change that are enough. */
const ENOUGH = 0.6;

export class Pace {
  constructor() {
    this.slow = false;
    this.countedAt = -Infinity;
    /** @type {number | null} when the span began */
    this.since = null;
    this.views = 0;
    this.frames = 0;
    this.poor = 0;
  }

  /** Nothing is known of the span that was begun. */
  clear() {
    this.since = null;
    this.views = this.frames = this.poor = 0;
  }

  /** The view has changed. @param {number} now */
  revised(now) {
    if (now - this.countedAt < FRAME_MS) return;
    this.countedAt = now;
    this.since ??= now;
    this.views += 1;
  }

  /** A frame came. */
  framed() {
    if (this.since !== null) this.frames += 1;
  }

  /** Time passes; call it a few times a second. @param {number} now @returns {boolean} slow */
  tick(now) {
    if (this.since === null || now - this.since < SPAN_MS) return this.slow;
    if (this.views >= MOVES) this.judge(this.frames / this.views);
    this.since = null;
    this.views = this.frames = 0;
    return this.slow;
  }

  /** @param {number} share */
  judge(share) {
    this.poor = share < FEW ? this.poor + 1 : 0;
    if (this.poor >= 2) this.slow = true;
    else if (share >= ENOUGH) this.slow = false;
  }
}
