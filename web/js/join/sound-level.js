/** How loud a microphone is, as a row of segments. */

export const SEGMENTS = 12;
/** The quietest level that lights a segment, dBFS; 0 lights all. */
const FLOOR_DB = -54;

/** How many segments a level lights. @param {number} rms 0 to 1 */
export const lit = (rms) =>
  Math.max(0, Math.min(SEGMENTS, Math.round((1 - (20 * Math.log10(Math.max(rms, 1e-6))) / FLOOR_DB) * SEGMENTS)));

/** Of samples between -1 and 1. @param {Float32Array} samples */
export const rms = (samples) => Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
