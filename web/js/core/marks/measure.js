/**
 * Values of marks, in words: the twin of consult/rendering/marks/measure.py for what needs no pixels (tests/measures.json
 * holds
 * examples for both). What is read from pixels comes from the server as a reading.
 */
/** @import {Reading, Series, Shape} from "../../wire.js" */
/** @import {Vec} from "../vec.js" */
import { formatNumber } from "../format.js";
import { ofServer, t } from "../language.js";
import { dot, norm, subtract } from "../vec.js";
import { suvFactor, unitName } from "../planes/uptake.js";
import { perImage } from "../view/per-image.js";

const NBSP = "\u00a0";

/** @typedef {{title: string, more: string}} Value two lines; the second may be empty */

/** @param {Vec[]} points @param {number} i @returns {Vec} */
const at = (points, i) => points[i] ?? [0, 0, 0];

/** Distance of the first two points, in the grid's unit. @param {Vec[]} points */
export const length = (points) => norm(subtract(at(points, 1), at(points, 0)));

/** Degrees at the second of three points; 0 where a side has no length. @param {Vec[]} points */
export function angle(points) {
  const [one, other] = [subtract(at(points, 0), at(points, 1)), subtract(at(points, 2), at(points, 1))];
  const sides = norm(one) * norm(other);
  return sides ? (Math.acos(Math.min(1, Math.max(-1, dot(one, other) / sides))) * 180) / Math.PI : 0;
}

/** Of an ellipse, in the grid's unit squared. @param {Vec[]} points */
export const area = (points) =>
  Math.PI * norm(subtract(at(points, 1), at(points, 0))) * norm(subtract(at(points, 2), at(points, 0)));

/** "mm at detector": the words behind the unit in the reader's language. @param {Series["grid"]["unit"]} unit */
const unitText = (unit) => unit.replace(/(?<=^mm ).+/, ofServer);

/** "22.4 mm", "22.4 mm at detector", "134 px". @param {number} value @param {Series["grid"]["unit"]} unit */
export const lengthText = (value, unit) =>
  `${formatNumber(value, unit === "px" && value >= 100 ? 0 : 1)}${NBSP}${unitText(unit)}`;

/** "253 mm²", "253 mm² at detector". @param {number} value @param {Series["grid"]["unit"]} unit */
export function areaText(value, unit) {
  const [first = "", ...rest] = unitText(unit).split(" ");
  return [`${formatNumber(value, value >= 10 ? 0 : 1)}${NBSP}${first}²`, ...rest].join(" ");
}

/** As many digits as values of that size need. @param {number} size @param {string} unit */
function digits(size, unit) {
  if (unit === "HU" || size >= 100 || size === 0) return 0;
  return size >= 10 ? 1 : Math.min(6, 2 - Math.floor(Math.log10(size)));
}

/** Ultrasound regions of an image. @param {Series} series @param {number} image */
const regionsOf = ({ regions = [] }, image) => perImage(regions, image) ?? [];

/**
 * A length in ultrasound: by the calibration of the region that holds both ends (PS3.3 C.8.5.5); none in a trace, nor
 * from one region to another. Null where neither end is in a region: it is in pixels then.
 * @param {Series} series @param {Shape} shape @returns {Value | null}
 */
function regionalLength(series, shape) {
  if (series.grid.unit !== "px") return null;
  const { column_spacing, row_spacing } = series.grid;
  const ends = shape.points.slice(0, 2).map((p) => [p[0] / column_spacing, p[1] / row_spacing]);
  const [one, other] = ends.map(([x = 0, y = 0]) =>
    regionsOf(series, shape.image).findLast(
      ({ box: [left, top, right, bottom] }) => left <= x && x <= right && top <= y && y <= bottom,
    ),
  );
  if (!one && !other) return null;
  if (one !== other) return { title: t("No length"), more: t("from one region to another") };
  if (!one?.mm) return { title: t("No length"), more: t("this region has none") };
  const [[x0 = 0, y0 = 0] = [], [x1 = 0, y1 = 0] = []] = ends;
  return { title: lengthText(Math.hypot((x1 - x0) * one.mm[0], (y1 - y0) * one.mm[1]), "mm"), more: "" };
}

/**
 * The words of a mark, at the picture and in the list.
 * @param {Shape} shape @param {Series | null} series that it was drawn on
 * @param {Reading | null} reading of exactly these points, or null while there is none
 * @param {Series | null} [over] what lay over it
 * @returns {Value}
 */
export function valueText(shape, series, reading, over = null) {
  const label = shape.label ?? "";
  if (!series || shape.kind === "arrow" || shape.kind === "text") return { title: label, more: "" };
  const { unit } = series.grid;
  const points = /** @type {Vec[]} */ (shape.points);
  switch (shape.kind) {
    case "length":
      return regionalLength(series, shape) ?? { title: lengthText(length(points), unit), more: "" };
    case "angle":
      return { title: `${formatNumber(angle(points), 1)}°`, more: "" };
    case "probe":
      return { title: listed(probeText(series, reading), overText(over, reading, probeText)), more: "" };
    case "ellipse":
      return bothEllipses(series, over, reading, areaText(area(points), unit));
  }
}

/** What is read of pixels.
 * @typedef {Pick<Reading, "pixels" | "mean" | "sd" | "low" | "high" | "sentence" | "peak">} Read */

/** @param {...string} parts */
const listed = (...parts) => parts.filter(Boolean).join(" · ");

/** The values of what lies over an image, in words; "" where nothing does, or nothing is read.
 * @param {Series | null} over @param {Reading | null} reading
 * @param {(series: Series, read: Read) => string} words */
const overText = (over, reading, words) => (over && reading?.over ? words(over, reading.over) : "");

/** Of both: PET's first, which it is drawn for. @param {Series} series @param {Series | null} over
 * @param {Reading | null} reading @param {string} size @returns {Value} */
function bothEllipses(series, over, reading, size) {
  const own = ellipseText(series, reading, size);
  const above = over && reading?.over ? ellipseText(over, reading.over, "") : null;
  return above ? { title: above.title, more: [own.title, size].filter(Boolean).join(", ") } : own;
}

/** @param {number} suv */
const suvText = (suv) => formatNumber(suv, suv >= 100 ? 0 : suv >= 0.1 ? 1 : 2);

/** @param {Series} series @param {Read | null} reading */
function probeText(series, reading) {
  if (!reading) return "…";
  if (reading.pixels === 0) return ofServer(reading.sentence) || t("No value");
  const factor = suvFactor(series);
  if (factor) return `SUV${NBSP}${suvText(reading.mean * factor)}`;
  return [formatNumber(reading.mean, digits(Math.abs(reading.mean), unitName(series))), unitName(series)]
    .filter(Boolean)
    .join(NBSP);
}

/** "SUVmax 8.9 mean 6.3", below it the peak. @param {Read} reading @param {number} factor @param {string} size
 * @returns {Value} */
function uptakeText({ mean, high, peak, sentence }, factor, size) {
  const [most = "", middle = "", top = ""] = [high, mean, peak].map((value) => suvText(value * factor));
  return {
    title: `SUVmax${NBSP}${most} ${t("mean")}${NBSP}${middle}`,
    more: [peak > 0 ? t("peak {peak}", { peak: top }) : "", size, ofServer(sentence)].filter(Boolean).join(", "),
  };
}

/** @param {Series} series @param {Read | null} reading @param {string} size @returns {Value} */
function ellipseText(series, reading, size) {
  if (!reading) return { title: size, more: "" };
  if (reading.pixels === 0)
    return { title: size || ofServer(reading.sentence), more: size && ofServer(reading.sentence) };
  if (suvFactor(series)) return uptakeText(reading, suvFactor(series), size);
  const unit = unitName(series);
  const n = digits(Math.max(Math.abs(reading.mean), reading.high - reading.low), unit);
  const [mean, sd, low, high] = [reading.mean, reading.sd, reading.low, reading.high].map((v) => formatNumber(v, n));
  return {
    title: [`${mean}${NBSP}±${NBSP}${sd}`, unit].filter(Boolean).join(NBSP),
    more: [
      t("min {low}, max {high}, {size}", { low, high, size }),
      ofServer(reading.sentence),
      series.subtracted?.length && t("unsubtracted"),
    ]
      .filter(Boolean)
      .join(", "),
  };
}

/** Whether a reading is of these very points. @param {Reading | undefined} reading @param {Shape} shape */
export const isOf = (reading, shape) => !!reading && JSON.stringify(reading.points) === JSON.stringify(shape.points);

/** What a kind is called. @type {Record<Shape["kind"], string>} */
export const KIND_NAMES = {
  arrow: t("Arrow"),
  text: t("Text"),
  length: t("Length"),
  angle: t("Angle"),
  ellipse: t("Ellipse"),
  probe: t("Probe"),
};

/** Readings of marks that are remembered. */
const MAX_READINGS = 1024;

/** The newest reading of each mark; one is shown only for the very points that it was read at. */
export class Readings {
  constructor() {
    /** @type {Map<string, Reading>} */
    this.all = new Map();
  }

  /** @param {readonly Reading[]} readings */
  keep(readings) {
    for (const reading of readings) {
      this.all.delete(reading.mark);
      this.all.set(reading.mark, reading);
    }
    for (const id of [...this.all.keys()].slice(0, Math.max(0, this.all.size - MAX_READINGS))) this.all.delete(id);
  }

  /** The value of exactly this shape, or null while there is none. @param {Shape} shape */
  of(shape) {
    const reading = this.all.get(shape.id);
    return reading && isOf(reading, shape) ? reading : null;
  }
}
