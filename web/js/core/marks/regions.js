/**
 * What lengths mean on an ultrasound image: by the region that a mark lies in (PS3.3 C.8.5.5). The twin of
 * consult/rendering/marks/regions.py, which has the rules.
 */
/** @import {Region, Series, Shape} from "../../wire.js" */
/** @import {Vec} from "../vec.js" */
import { scale } from "../vec.js";
import { perImage } from "../view/per-image.js";
import { calibrationOf, isOpen, unitBy } from "./calibrations.js";
import { AREA_KINDS } from "./marks.js";

/** @typedef {"across" | "none"} Why across: from one region to another; none: that region has no such measure */
/** @typedef {{points: Vec[], unit: string, trace: Region | null, why: Why | ""}} Ruled */

/** Kinds that have a meaning in a trace. @type {ReadonlySet<Shape["kind"]>} */
const IN_TRACES = new Set(["length", "probe"]);

/** Ultrasound regions of an image. @param {Series} series @param {number} image @returns {readonly Region[]} */
const regionsOf = ({ regions = [] }, image) => perImage(regions, image) ?? [];

/** The region that holds a pixel: the last one that does. @param {readonly Region[]} regions @param {number[]} pixel */
const holding = (regions, [x = 0, y = 0]) =>
  regions.findLast(({ box: [left, top, right, bottom] }) => left <= x && x <= right && top <= y && y <= bottom) ?? null;

/** A mark by the calibration of the region that it lies in; else by that by hand, else by its grid's unit.
 * @param {import("./calibrations.js").Calibrated} series @param {Shape} shape @returns {Ruled} */
export function ruled(series, shape) {
  const { unit, column_spacing, row_spacing } = series.grid;
  const points = /** @type {Vec[]} */ (shape.points);
  const byHand = calibrationOf(series, shape.image);
  /** @type {Ruled} */
  const plain = byHand
    ? { points: points.map((p) => scale(p, byHand.factor)), unit: unitBy(byHand), trace: null, why: "" }
    : { points, unit, trace: null, why: "" };
  const regions = unit === "px" ? regionsOf(series, shape.image) : [];
  if (regions.length === 0) return plain;
  const pixels = points.map(([x, y]) => [x / column_spacing, y / row_spacing]);
  const [region = null, ...others] = pixels.map((pixel) => holding(regions, pixel));
  if (others.some((other) => other !== region)) return { ...plain, why: "across" };
  if (!region) return plain;
  const { mm, axes } = region;
  if (mm) return { ...plain, points: pixels.map(([x = 0, y = 0]) => [x * mm[0], y * mm[1], 0]), unit: "mm" };
  if (!axes || !IN_TRACES.has(shape.kind)) return { ...plain, why: "none" };
  return { ...plain, points: pixels.map(([x = 0, y = 0]) => [x, y, 0]), trace: region };
}

/** Whether a length on an image may be said by hand: no region of its file has another measure for it.
 * @param {Series} series @param {Shape} shape */
export const isUnmeasured = (series, shape) => {
  const { trace, why, unit } = ruled({ ...series, calibrations: [] }, shape);
  return isOpen(series) && trace === null && why === "" && unit === series.grid.unit;
};

/** What a shape that is no length is called in a sentence that says why it is not measured.
 * @param {Shape["kind"]} kind @returns {"length" | "angle" | "area" | "value"} */
export function whatOf(kind) {
  if (AREA_KINDS.has(kind)) return "area";
  if (kind === "angle" || kind === "cobb") return "angle";
  return kind === "probe" ? "value" : "length";
}
