/**
 * What PET's values mean. Windows travel in the file's own unit (Bq/ml); people read them as SUV by body weight, where
 * the file says all that it takes. Pure.
 */
/** @import {Case, Series, StampedViewport, View, Window} from "../../wire.js" */
import { formatNumber, formatWindow } from "../format.js";
import { ofServer, t } from "../language.js";

const NBSP = "\u00a0";
/** Upper bounds of windows from 0, in SUV; PET opens with the first. */
export const SUV_TOPS = [5, 7, 10, 15];
/** As people write the units of files. @type {Record<string, string>} */
const UNITS = { BQML: "Bq/ml" };

/** @param {Series} series */
export const unitName = ({ unit = "" }) => UNITS[unit] ?? unit;

/** @typedef {NonNullable<View["uptake"]>} Uptake */
/** @typedef {NonNullable<Series["suv"]> & {read_by?: Uptake}} ReadSuv read_by: what its first factor is by */

/** Cases as they are read by lean body mass. @type {WeakMap<Case, Case>} */
const lean = new WeakMap();

/** A case whose PET are read as a view asks: SUV by body weight, or by lean body mass where the files say all that it
 * takes. The same object for the same case. @param {Case} kase @param {Uptake} uptake @returns {Case} */
export function readBy(kase, uptake) {
  if (uptake !== "lean_mass") return kase;
  const before = lean.get(kase);
  if (before) return before;
  const found = { ...kase, series: kase.series.map(byLeanMass) };
  lean.set(kase, found);
  return found;
}

/** @param {Series} series @returns {Series} */
function byLeanMass(series) {
  const { suv } = series;
  if (!suv?.body_weight || !suv.lean_mass) return series;
  /** @type {ReadSuv} */
  const read = { ...suv, body_weight: suv.lean_mass, read_by: "lean_mass" };
  return { ...series, suv: read };
}

/** Whether its values are SUL. @param {Series} series */
const isLean = ({ suv }) => /** @type {ReadSuv | null | undefined} */ (suv)?.read_by === "lean_mass";

/** "SUVbw", "SUL". @param {Series} series */
export const suvName = (series) => (isLean(series) ? "SUL" : "SUVbw");

/** "SUV", "SUL": where there is little space, and before max and peak. @param {Series} series */
export const suvShort = (series) => (isLean(series) ? "SUL" : "SUV");

/** Why a PET that has SUVbw has no SUL; "" where it has. @param {Series} series */
export function whyNoSul({ suv }) {
  if (!suv?.body_weight || suv.lean_mass) return "";
  return ofServer(suv.lean_reason) || t("Height, weight or sex is not known.");
}

/** SUV of one unit of its values, by what it is read; 0 where there is none.
 * @param {Series | null | undefined} series */
export const suvFactor = (series) => series?.suv?.body_weight ?? 0;

/** What values of a series are multiplied by for people to read; `valueUnit` is what they are in then.
 * @param {Series} series */
export const valueFactor = (series) => suvFactor(series) || 1;

/** @param {Series} series */
export const valueUnit = (series) => (suvFactor(series) ? suvName(series) : unitName(series));

/** As many digits as values of that size need. @param {number} size @param {string} unit */
export function digits(size, unit) {
  if (unit === "HU" || size >= 100 || size === 0) return 0;
  return size >= 10 ? 1 : Math.min(6, 2 - Math.floor(Math.log10(size)));
}

/** @param {number} suv */
export const suvText = (suv) => formatNumber(suv, suv >= 100 ? 0 : suv >= 0.1 ? 1 : 2);

/** A value as people read it: "45 HU", "SUVbw 8.0". @param {Series} series @param {number} value in its own unit */
export function valueWords(series, value) {
  const factor = suvFactor(series);
  if (factor) return `${valueUnit(series)}${NBSP}${suvText(value * factor)}`;
  const unit = unitName(series);
  return [formatNumber(value, digits(Math.abs(value), unit)), unit].filter(Boolean).join(NBSP);
}

/** What the voxels at the crosshair say, of an exact picture: "45 HU · SUVbw 8.0"; "" where there are none.
 * @param {Case} kase @param {Pick<StampedViewport, "at_crosshair">} viewport */
export const crosshairValues = (kase, { at_crosshair = [] }) =>
  at_crosshair
    .flatMap(({ series, value }) => {
      const found = kase.series.find(({ key }) => key === series);
      return found ? [valueWords(found, value)] : [];
    })
    .join(" · ");

/** A window from 0 to so many SUV. @param {Series} series @param {number} top @returns {Window} */
export const suvWindow = (series, top) => ({ center: top / 2 / suvFactor(series), width: top / suvFactor(series) });

/** Whether a window of PET begins at 0, or above: below there is nothing. @param {Window} window @returns {Window} */
export function aboveNothing(window) {
  const [low, high] = [window.center - window.width / 2, window.center + window.width / 2];
  if (low >= 0) return window;
  const top = Math.max(high, window.width / 2);
  return { ...window, center: top / 2, width: top };
}

/** "SUVbw 0–5", "Bq/ml 0–12000". @param {Series} series @param {Window} window */
export function uptakeWindow(series, window) {
  const factor = suvFactor(series);
  const unit = unitName(series);
  if (!factor) return unit ? `${unit}${NBSP}${range(window, 1)}` : formatWindow(window);
  return `${suvName(series)}${NBSP}${range(window, factor)}`;
}

/** @param {Window} window @param {number} factor */
function range({ center, width }, factor) {
  const ends = [center - width / 2, center + width / 2].map((value) => value * factor);
  const digits = (/** @type {number} */ value) => (Math.abs(value - Math.round(value)) < 0.005 ? 0 : 1);
  return ends.map((value) => formatNumber(value, Math.abs(value) >= 100 ? 0 : digits(value))).join("–");
}

/** Why values of a PET are not SUV: "SUV unknown: ... Shown in Bq/ml."; "" where they are, or of another series.
 * @param {Series | null} series */
export function whyNoSuv(series) {
  if (!series?.suv || suvFactor(series)) return "";
  const unit = unitName(series);
  const why = ofServer(series.suv.reason);
  return unit ? t("SUV unknown: {why} Shown in {unit}.", { why, unit }) : t("SUV unknown: {why}", { why });
}
