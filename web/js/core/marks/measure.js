/** Values of marks, in words. What is read from pixels comes from the server as a reading. */
/** @import {Axes, Reading, Series, Shape} from "../../wire.js" */
/** @import {Vec} from "../vec.js" */
/** @import {Ruled} from "./regions.js" */
import { formatNumber } from "../format.js";
import { ofServer, t } from "../language.js";
import { digits, suvFactor, suvShort, suvText, unitName, valueWords } from "../planes/uptake.js";
import { AREA_KINDS, isRound } from "./marks.js";
import { ruled, whatOf } from "./regions.js";
import {
  angle,
  area,
  bothAxes,
  cobb,
  crossesItself,
  diameter,
  length,
  pathLength,
  polygonArea,
} from "./shape-geometry.js";
import { trace } from "./trace.js";

const NBSP = "\u00a0";

/** @typedef {{title: string, more: string}} Value two lines; the second may be empty */

/** "mm at detector": the words behind the unit in the reader's language. @param {string} unit */
const unitText = (unit) => unit.replace(/(?<=^mm ).+/, ofServer);

/** @param {number} value @param {string} unit */
const bareLength = (value, unit) => formatNumber(value, unit === "px" && value >= 100 ? 0 : 1);

/** "22.4 mm", "22.4 mm at detector", "134 px". @param {number} value @param {string} unit */
export const lengthText = (value, unit) => `${bareLength(value, unit)}${NBSP}${unitText(unit)}`;

/** "253 mm²", "253 mm² at detector". @param {number} value @param {string} unit */
export function areaText(value, unit) {
  const [first = "", ...rest] = unitText(unit).split(" ");
  return [`${formatNumber(value, value >= 10 ? 0 : 1)}${NBSP}${first}²`, ...rest].join(" ");
}

/** Why a mark on an ultrasound image is not measured. @param {Shape["kind"]} kind @param {Ruled["why"]} why
 * @returns {Value} */
function unmeasured(kind, why) {
  const title = { length: t("No length"), angle: t("No angle"), area: t("No area"), value: t("No value") }[
    whatOf(kind)
  ];
  return { title, more: why === "across" ? t("from one region to another") : t("this region has none") };
}

/** In a trace: "45.2 cm/s", below it "0.32 s"; in an M-mode "12.3 mm" and "320 ms". @param {Shape} shape
 * @param {Ruled} by @param {Axes} axes @returns {Value} */
function traceText(shape, { points }, axes) {
  const [[x0, y0] = [0, 0], [x1, y1] = [0, 0]] = points;
  if (shape.kind === "probe") {
    const known = axes.zero === null || axes.zero === undefined ? null : (y0 - axes.zero) * axes.down;
    return known === null
      ? unmeasured("probe", "none")
      : { title: `${formatNumber(known, 1)}${NBSP}${axes.unit}`, more: "" };
  }
  const ms = Math.abs(x1 - x0) * axes.time_ms;
  const time = axes.unit === "mm" ? `${formatNumber(ms, 0)}${NBSP}ms` : `${formatNumber(ms / 1000, 2)}${NBSP}s`;
  return { title: `${formatNumber(Math.abs((y1 - y0) * axes.down), 1)}${NBSP}${axes.unit}`, more: time };
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
  const by = ruled(series, shape);
  if (by.trace?.axes) return traceText(shape, by, by.trace.axes);
  if (by.why && shape.kind !== "probe") return unmeasured(shape.kind, by.why);
  if (shape.kind === "probe")
    return { title: listed(probeText(series, reading), overText(over, reading, probeText)), more: byHand(shape, over) };
  if (!AREA_KINDS.has(shape.kind)) return { title: lineText(shape.kind, by), more: "" };
  if (!isRound(shape.kind) && crossesItself(by.points))
    return { title: t("No area"), more: t("the contour crosses itself") };
  const both = bothAreas(series, over, reading, sizeText(shape.kind, by));
  return { ...both, more: [both.more, byHand(shape, over)].filter(Boolean).join(", ") };
}

/** The lines of a mark's text: its parts go below each other where they would else lie over what is measured.
 * @param {string} title @param {string} more @param {number} room beside the mark
 * @param {(text: string) => number} widthOf */
export function linesBeside(title, more, room, widthOf) {
  if (widthOf(title) > room || widthOf(more) <= room) return [title, more].filter(Boolean);
  const lines = [title];
  for (const part of more.split(", ")) {
    const longer = `${lines.at(-1)}, ${part}`;
    if (lines.length > 1 && widthOf(longer) <= room) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines.filter(Boolean);
}

/** That the values of what lay over the image are read where somebody has put it. @param {Shape} shape
 * @param {Series | null} over */
const byHand = ({ alignment }, over) => (over && alignment ? t("aligned by hand") : "");

/** @param {Shape["kind"]} kind @param {Ruled} by */
function lineText(kind, { points, unit }) {
  switch (kind) {
    case "bidirectional": {
      const [long, short] = bothAxes(points);
      return `${bareLength(long, unit)}${NBSP}×${NBSP}${lengthText(short, unit)}`;
    }
    case "polyline":
      return lengthText(pathLength(points), unit);
    case "angle":
      return `${formatNumber(angle(points), 1)}°`;
    case "cobb":
      return `${formatNumber(cobb(points), 1)}°`;
    default:
      return lengthText(length(points), unit);
  }
}

/** "253 mm²"; of a circle "253 mm², Ø 18.0 mm". @param {Shape["kind"]} kind @param {Ruled} by */
function sizeText(kind, { points, unit }) {
  const enclosed = areaText(isRound(kind) ? area(points) : polygonArea(points), unit);
  return kind === "circle" ? `${enclosed}, Ø${NBSP}${lengthText(diameter(points), unit)}` : enclosed;
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
function bothAreas(series, over, reading, size) {
  const own = readText(series, reading, size);
  const above = over && reading?.over ? readText(over, reading.over, "") : null;
  return above ? { title: above.title, more: [above.more, own.title, size].filter(Boolean).join(", ") } : own;
}

/** @param {Series} series @param {Read | null} reading */
function probeText(series, reading) {
  if (!reading) return "…";
  if (reading.pixels === 0) return ofServer(reading.sentence) || t("No value");
  const factor = suvFactor(series);
  return factor ? `${suvShort(series)}${NBSP}${suvText(reading.mean * factor)}` : valueWords(series, reading.mean);
}

/** "SUVmax 8.9 mean 6.3", below it the peak. @param {Read} reading @param {Series} series @param {string} size
 * @returns {Value} */
function uptakeText({ mean, high, peak, sentence }, series, size) {
  const factor = suvFactor(series);
  const [most = "", middle = "", top = ""] = [high, mean, peak].map((value) => suvText(value * factor));
  return {
    title: `${suvShort(series)}max${NBSP}${most} ${t("mean")}${NBSP}${middle}`,
    more: [peak > 0 ? t("peak {peak}", { peak: top }) : "", size, ofServer(sentence)].filter(Boolean).join(", "),
  };
}

/** @param {Series} series @param {Read | null} reading @param {string} size @returns {Value} */
function readText(series, reading, size) {
  if (!reading) return { title: size, more: "" };
  if (reading.pixels === 0)
    return { title: size || ofServer(reading.sentence), more: size && ofServer(reading.sentence) };
  if (suvFactor(series)) return uptakeText(reading, series, size);
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

/** Whether a reading is of these very points. @param {Pick<Reading, "points"> | undefined} reading
 * @param {Pick<Shape, "points">} shape */
export const isOf = (reading, shape) =>
  !!reading && JSON.stringify(reading.points) === JSON.stringify(trace(/** @type {Vec[]} */ (shape.points)));

/** What a kind is called. @type {Record<Shape["kind"], string>} */
export const KIND_NAMES = {
  arrow: t("Arrow"),
  text: t("Text"),
  length: t("Length"),
  angle: t("Angle"),
  ellipse: t("Ellipse"),
  probe: t("Probe"),
  bidirectional: t("Bidirectional"),
  cobb: t("Cobb angle"),
  circle: t("Circle"),
  rectangle: t("Rectangle"),
  freehand: t("Freehand"),
  polyline: t("Polyline"),
  polygon: t("Polygon"),
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
