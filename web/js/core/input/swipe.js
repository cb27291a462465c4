/** One finger along the rows, where one of several viewports is shown alone: the next one, or the one before. */
/** @typedef {[number, number]} Point device pixels on the canvas */

/** A swipe is so long at least, in CSS pixels. */
const LENGTH_PX = 40;
/** It is so much longer than it is high when it starts. */
const FLAT = 1.5;

export class Swipe {
  /** @param {Point} start @param {number} ratio device pixels per CSS pixel */
  constructor(start, ratio) {
    this.start = start;
    this.ratio = ratio;
    this.at = start;
  }

  /** @param {Point} from @param {Point} to */
  static startsAs(from, to) {
    return Math.abs(to[0] - from[0]) > FLAT * Math.abs(to[1] - from[1]);
  }

  /** To the left is the next viewport, to the right the one before; 0 where it was too short. */
  get by() {
    const moved = (this.at[0] - this.start[0]) / this.ratio;
    return Math.abs(moved) < LENGTH_PX ? 0 : -Math.sign(moved);
  }
}
