/**
 * Calibrations by hand: a known length makes the units of an image's grid mm. The twin of
 * consult/model/measuring/calibration.py, which has the rules.
 */
/** @import {Calibration, Case, Series} from "../../wire.js" */

/** Of all images of a series. */
const ALL_IMAGES = -1;
/** Of grids whose files do not say how long anything in the patient is. */
const OPEN_UNITS = ["px", "mm at detector"];
/** A length that may be known, mm. */
export const MAX_MM = 5000;

/** @typedef {Series & {calibrations?: readonly Calibration[]}} Calibrated a series with those of it */

/** Cases with their calibrations, as they were made last.
 * @type {WeakMap<Case, {by: readonly Calibration[], kase: Case}>} */
const made = new WeakMap();

/** A case whose series know how they are calibrated; the same object for the same case and calibrations.
 * @param {Case} kase @param {readonly Calibration[]} by of all cases @returns {Case} */
export function calibratedBy(kase, by) {
  const before = made.get(kase);
  if (before?.by === by) return before.kase;
  const own = by.filter((one) => one.case === kase.id);
  const series = kase.series.map((one) => withThose(one, own));
  const found = own.length > 0 ? { ...kase, series } : kase;
  made.set(kase, { by, kase: found });
  return found;
}

/** @param {Series} series @param {readonly Calibration[]} all @returns {Calibrated} */
function withThose(series, all) {
  const calibrations = all.filter((one) => one.series === series.key);
  return calibrations.length > 0 ? { ...series, calibrations } : series;
}

/** The one that an image is measured by: its own before that of all.
 * @param {Partial<Calibrated>} series @param {number} image
 * @returns {Calibration | null} */
export const calibrationOf = ({ calibrations = [] }, image) =>
  calibrations.find((one) => one.image === image) ?? calibrations.find((one) => one.image === ALL_IMAGES) ?? null;

/** A length that was typed, in mm; null: it is none, or none that may be known. @param {string} text */
export function lengthTyped(text) {
  const mm = Number(text.replace(/mm$/, "").trim().replace(",", "."));
  return mm > 0 && mm <= MAX_MM ? mm : null;
}

/** Whether somebody may say how long something on its images is. @param {Series} series */
export const isOpen = ({ grid, document }) => OPEN_UNITS.includes(grid.unit) && !document;

/** Of lengths by it. @param {Pick<Calibration, "name">} calibration */
export const unitBy = ({ name }) => ["mm", "calibrated by", name].join(" ");
