/**
 * How many images a turn of the wheel means: one notch one image, Shift five; small deltas of a trackpad accumulate.
 */

/** @typedef {{deltaX: number, deltaY: number, deltaMode: number, shiftKey: boolean}} Turn */

/** A pixel delta of this size is a notch of a wheel; smaller ones come from a trackpad. */
export const NOTCH_PX = 50;
/** So much of a trackpad's transport is one image. */
export const TRACKPAD_PX = 30;
const WHEEL_PX = 120;
const LINES = 3;
const FORGET_MS = 250;
const SHIFT = 5;

export class WheelSteps {
  constructor() {
    this.left = 0;
    this.at = -Infinity;
  }

  /** @param {Turn} turn @param {number} now ms @returns {number} images, down the stack is positive */
  images({ deltaX, deltaY, deltaMode, shiftKey }, now) {
    const delta = deltaY || (shiftKey ? deltaX : 0);
    const steps = this.steps(delta, deltaMode, now);
    return (shiftKey ? steps * SHIFT : steps) + 0;
  }

  /** @param {number} delta @param {number} mode @param {number} now */
  steps(delta, mode, now) {
    if (mode !== 0) return Math.sign(delta) * Math.max(1, Math.round(Math.abs(delta) / (mode === 1 ? LINES : 1)));
    if (Math.abs(delta) >= NOTCH_PX) return Math.sign(delta) * Math.max(1, Math.round(Math.abs(delta) / WHEEL_PX));
    if (now - this.at > FORGET_MS || Math.sign(delta) !== Math.sign(this.left)) this.left = 0;
    this.at = now;
    this.left += delta;
    const steps = Math.trunc(this.left / TRACKPAD_PX);
    this.left -= steps * TRACKPAD_PX;
    return steps;
  }
}
