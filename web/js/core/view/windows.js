/** Windows of the VOI: the presets of CT, the file's own, and what a drag does to them. */
/** @import {Series, Window} from "../../wire.js" */

/** @typedef {{name: string, window: Window, key: string}} Preset `key`: of the keyboard, or "" */

/** @param {string} name @param {number} width @param {number} center @param {string} [key] @returns {Preset} */
const preset = (name, width, center, key = "") => ({ name, window: { center, width }, key });

/** In the order of their keys; those without one after them. */
export const CT_PRESETS = [
  preset("Soft tissue", 400, 40, "1"),
  preset("Lung", 1500, -600, "2"),
  preset("Mediastinum", 350, 50, "3"),
  preset("Bone", 2500, 480, "4"),
  preset("Brain", 80, 40, "5"),
  preset("Abdomen", 400, 50, "6"),
  preset("Liver", 150, 30, "7"),
  preset("Pulmonary embolism", 700, 100, "8"),
  preset("Angio", 600, 300, "9"),
  preset("Subdural", 200, 75),
  preset("Stroke", 40, 40),
  preset("Temporal bone", 2800, 600),
  preset("Head-neck soft tissue", 375, 40),
];
const MIN_WIDTH = 1e-6;
/** A drag over this many CSS pixels doubles a narrow window's width, as viewers have it. */
const DRAG_PX = 300;
const MIN_STEP = 0.25;

/**
 * What the window menu offers for a series: for CT the presets, then the file's own; else the file's own alone.
 * @param {Series} series @returns {Preset[]}
 */
export function presetsOf(series) {
  if (series.colour) return [];
  const own = (series.windows ?? []).map((w, i) => ({ name: w.explanation || `Window ${i + 1}`, window: w.window }));
  if (series.modality !== "CT" || series.unit !== "HU")
    return own.map((w, i) => ({ ...w, key: i < 9 ? String(i + 1) : "" }));
  return [
    ...CT_PRESETS,
    ...own.map((w) => ({ ...w, name: own.length > 1 ? `From the file: ${w.name}` : "From the file", key: "" })),
  ];
}

/** The window a series opens with. @param {Series} series @returns {Window | null} */
export const defaultWindow = (series) =>
  series.colour ? null : (series.windows?.[0]?.window ?? { center: 40, width: 400 });

/** @param {Window | null | undefined} a @param {Window | null | undefined} b */
export const sameWindow = (a, b) => a === b || (!!a && !!b && a.center === b.center && a.width === b.width);

/**
 * A W/L drag: width by dx, center by dy (down is darker), at a speed that grows with the width.
 * @param {Window} window @param {number} dx @param {number} dy in CSS pixels @returns {Window}
 */
export function dragWindow(window, dx, dy) {
  const step = Math.max(window.width / DRAG_PX, window.width > 10 ? MIN_STEP : window.width / DRAG_PX);
  const width = Math.max(window.width + dx * step, window.width > 10 ? 1 : MIN_WIDTH);
  return { center: tidy(window.center + dy * step, step), width: tidy(width, step) };
}

/** Whole numbers where a step is about one or more; else as many digits as the step tells apart.
 * @param {number} value @param {number} step */
function tidy(value, step) {
  const digits = step >= MIN_STEP ? 0 : Math.min(12, Math.ceil(-Math.log10(step)) + 1);
  const rounded = Number(value.toFixed(digits));
  return digits > 0 && rounded === 0 && value > 0 ? value : rounded + 0;
}
