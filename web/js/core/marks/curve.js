/**
 * The values of a region over the second axis of its series, or over the frames of a clip: what is drawn, in words and
 * as CSV. The server reads them (consult/streaming/values/curves.py). Pure.
 */
/** @import {Mark, Series, Shape} from "../../wire.js" */
/** @import {Vec} from "../vec.js" */
import { formatNumber } from "../format.js";
import { ofServer, t } from "../language.js";
import { digits, valueFactor, valueUnit } from "../planes/uptake.js";
import { isCine } from "../view/cine/frames.js";
import { axisName, timeLabel, times } from "../view/series.js";
import { AREA_KINDS } from "./marks.js";

/** @typedef {"time" | "trigger" | "phase" | "b" | "echo" | "inversion" | "number"} Quantity */
/** @typedef {{index: number, at: number, pixels: number, mean: number, sd: number, low: number, high: number,
 *   sentence: string}} Step in the unit of the series; pixels 0: nothing was read, and the sentence says why */
/** @typedef {{mark: string, points: Vec[], series: string, along: "time" | "place", quantity: Quantity,
 *   steps: Step[]}} Curve as consult/streaming/values/curves.py has it */

const NBSP = "\u00a0";
/** How large the plot is, in units of its own. */
export const SIZE = { width: 300, height: 184 };
/** Where its axes stand. */
const FRAME = { left: 50, right: 290, top: 10, bottom: 142 };
/** Ticks of an axis at most. */
const TICKS = { across: 5, up: 4 };
/** Below this, as a share of its least value, a range is none: all values are the same. */
const FLAT = 1e-9;

/** Units of the second axis. @type {Record<Quantity, string>} */
const UNITS = { time: "s", trigger: "ms", phase: "%", b: "s/mm²", echo: "ms", inversion: "ms", number: "" };
/** @type {Record<Quantity, string>} */
const NAMES = {
  time: t("Time"),
  trigger: t("Trigger time"),
  phase: t("Cardiac phase"),
  b: t("b value"),
  echo: t("Echo time"),
  inversion: t("Inversion time"),
  number: "",
};
/** Columns of a CSV, which is the same in every language. @type {Record<Quantity, string>} */
const COLUMNS = {
  time: "time_s",
  trigger: "trigger_time_ms",
  phase: "cardiac_phase_percent",
  b: "b_value_s_per_mm2",
  echo: "echo_time_ms",
  inversion: "inversion_time_ms",
  number: "number",
};

/** Frames of one object that follow each other at their FrameTime. @param {Series} series */
const isClip = (series) =>
  times(series) === 1 && series.grid.space === "image" && (series.values?.frame_time_ms ?? []).length > 0;

/** Whether there is a curve of a mark. @param {Pick<Shape, "kind">} mark @param {Series | null} series its own
 * @returns {series is Series} */
export const hasCurve = ({ kind }, series) =>
  (AREA_KINDS.has(kind) || kind === "probe") &&
  !!series &&
  !series.colour &&
  !series.document &&
  series.images > 1 &&
  (times(series) > 1 || isClip(series));

/** What the curve of a series is called. @param {Series} series */
export const curveName = (series) =>
  isCine(series) ? t("Time-intensity curve") : t("Curve over {axis}", { axis: axisName(series) });

/** "Time (s)"; of steps that are only counted the axis' own name. @param {Curve} curve @param {Series} series */
export function acrossName({ quantity }, series) {
  if (quantity !== "number") return `${NAMES[quantity]} (${UNITS[quantity]})`;
  return isCine(series) ? t("Number of the image in time") : axisName(series);
}

/** "HU", "SUVbw"; of values without a unit "Signal". @param {Series} series */
export const upName = (series) => valueUnit(series) || t("Signal");

/** Where one step lies, in words: "12.4 s", "b 1000". @param {Curve} curve @param {Series} series @param {Step} step */
export function stepName({ quantity, along }, series, step) {
  const label = along === "time" ? timeLabel(series, step.index) : "";
  if (quantity !== "time") return label || String(step.index + 1);
  return [`${formatNumber(step.at, step.at < 100 ? 1 : 0)}${NBSP}s`, label].filter(Boolean).join(", ");
}

/** @typedef {{x: number, mean: number, low: number, high: number, index: number}} Dot in units of the plot;
 * low, high: mean -/+ one standard deviation */
/** @typedef {{at: number, text: string}} Tick */
/** @typedef {{dots: Dot[], across: Tick[], up: Tick[]}} Plot */

/** What is drawn of a curve; null where not one step has a value. @param {Curve} curve @param {Series} series
 * @returns {Plot | null} */
export function plotOf(curve, series) {
  const factor = valueFactor(series);
  const read = curve.steps.filter(({ pixels }) => pixels > 0);
  const [first, last] = [curve.steps[0], curve.steps[curve.steps.length - 1]];
  if (read.length === 0 || !first || !last) return null;
  const ends = read.flatMap(({ mean, sd }) => [(mean - sd) * factor, (mean + sd) * factor]);
  const up = axis([Math.min(...ends), Math.max(...ends)], TICKS.up, [FRAME.bottom, FRAME.top]);
  const across = axis([first.at, last.at], TICKS.across, [FRAME.left, FRAME.right], { exact: true });
  return {
    dots: read.map(({ index, at, mean, sd }) => ({
      index,
      x: across.to(at),
      mean: up.to(mean * factor),
      low: up.to((mean - sd) * factor),
      high: up.to((mean + sd) * factor),
    })),
    across: across.ticks,
    up: up.ticks,
  };
}

/**
 * @param {[number, number]} range @param {number} most ticks @param {[number, number]} on where its ends are drawn
 * @param {{exact?: boolean}} [how] exact: the axis ends where the range does, else at a tick
 */
function axis([low, high], most, [from, until], { exact = false } = {}) {
  const flat = high - low <= FLAT * Math.max(1, Math.abs(low));
  const step = niceStep(flat ? Math.max(1, Math.abs(low) / 10) : high - low, most);
  const start = exact && !flat ? low : Math.floor(low / step + FLAT) * step;
  const end = exact && !flat ? high : Math.max(Math.ceil(high / step - FLAT) * step, start + step);
  const to = (/** @type {number} */ value) => from + ((value - start) / (end - start)) * (until - from);
  const places = Math.max(0, -Math.floor(Math.log10(step) + FLAT));
  const ticks = [];
  for (let n = Math.ceil(start / step - FLAT); n * step <= end + step * FLAT; n++)
    ticks.push({ at: to(n * step), text: formatNumber(n * step, places) });
  return { to, ticks };
}

/** 1, 2 or 5 times a power of ten, so that no more than `most` steps lie in a range. @param {number} range
 * @param {number} most */
export function niceStep(range, most) {
  const least = range / most;
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((n) => n * power >= least * (1 - FLAT)) ?? 10) * power;
}

/** The step that lies nearest to a place across the plot. @param {Plot} plot @param {number} x */
export const nearest = ({ dots }, x) =>
  dots.reduce((best, dot) => (Math.abs(dot.x - x) < Math.abs(best.x - x) ? dot : best));

/** The mean line. @param {Plot} plot */
export const meanPath = ({ dots }) => path(dots.map(({ x, mean }) => [x, mean]));

/** The band of one standard deviation to both sides. @param {Plot} plot */
export const bandPath = ({ dots }) =>
  `${path([...dots.map(({ x, high }) => [x, high]), ...dots.map(({ x, low }) => [x, low]).reverse()])}Z`;

/** @param {number[][]} points */
const path = (points) => points.map(([x = 0, y = 0], i) => `${i ? "L" : "M"}${tenth(x)} ${tenth(y)}`).join("");

/** @param {number} value */
const tenth = (value) => Math.round(value * 10) / 10;

/** The axes, as a path. */
export const AXES = `M${FRAME.left} ${FRAME.top}V${FRAME.bottom}H${FRAME.right}`;
/** Where they stand, for who draws. */
export const PLOT = FRAME;

/** "45 ± 3 HU", or why there is none. @param {Step} step @param {Series} series */
export function stepValue({ mean, sd, pixels, sentence }, series) {
  if (pixels === 0) return ofServer(sentence) || t("No value");
  const [of, by] = [mean * valueFactor(series), sd * valueFactor(series)];
  const size = Math.max(Math.abs(of), by);
  const places = digits(size, series.unit);
  return [`${formatNumber(of, places)}${NBSP}±${NBSP}${formatNumber(by, places)}`, valueUnit(series)]
    .filter(Boolean)
    .join(NBSP);
}

/** A curve for a spreadsheet: decimal points, one line a step. @param {Curve} curve @param {Series} series
 * @param {Pick<Mark, "kind" | "label">} mark */
export function csvOf(curve, series, { kind, label = "" }) {
  const factor = valueFactor(series);
  const unit = valueUnit(series);
  const in_unit = (/** @type {string} */ name) => (unit ? `${name} (${unit})` : name);
  const head = ["region", "series", "step", "label", COLUMNS[curve.quantity]];
  const columns = [...head, ...["mean", "sd", "min", "max"].map(in_unit), "pixels", "note"];
  const lines = curve.steps.map((step) => {
    const values = [step.mean, step.sd, step.low, step.high].map((value) => (step.pixels ? value * factor : ""));
    const name = curve.along === "time" ? (series.axis?.labels[step.index] ?? "") : "";
    const own = [label || kind, series.description || String(series.number), step.index + 1, name, step.at];
    return [...own, ...values, step.pixels, step.sentence];
  });
  return `\ufeff${[columns, ...lines].map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** What begins as a formula is text to a spreadsheet. @param {string | number} value */
function cell(value) {
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
