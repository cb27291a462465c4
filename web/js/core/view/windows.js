/** Windows of the VOI: the presets of CT, the file's own, and what a drag does to them. */
/** @import {NamedWindow, Series, Window} from "../../wire.js" */
import { t } from "../language.js";
import { SUV_TOPS, suvFactor, suvShort, suvWindow } from "../planes/uptake.js";

/** @typedef {{name: string, window: Window, key: string, subtracted?: boolean}} Preset `key`: of the keyboard, or "" */

/** @param {string} name @param {number} width @param {number} center @param {string} [key] @returns {Preset} */
const preset = (name, width, center, key = "") => ({ name, window: { center, width }, key });

/** In the order of their keys; those without one after them. */
export const CT_PRESETS = [
  preset(t("Soft tissue"), 400, 40, "1"),
  preset(t("Lung"), 1500, -600, "2"),
  preset(t("Mediastinum"), 350, 50, "3"),
  preset(t("Bone"), 2500, 480, "4"),
  preset(t("Brain"), 80, 40, "5"),
  preset(t("Abdomen"), 400, 50, "6"),
  preset(t("Liver"), 150, 30, "7"),
  preset(t("Pulmonary embolism"), 700, 100, "8"),
  preset(t("Angio"), 600, 300, "9"),
  preset(t("Subdural"), 200, 75),
  preset(t("Stroke"), 40, 40),
  preset(t("Temporal bone"), 2800, 600),
  preset(t("Head-neck soft tissue"), 375, 40),
];
/** What is offered first, by the part of the body: words of BodyPartExamined, and names of CT_PRESETS.
 * @type {[RegExp, string[]][]} */
const FIRST = [
  [/HEAD|BRAIN|SKULL|CRANI|ORBIT|SINUS/i, [t("Brain"), t("Subdural"), t("Stroke"), t("Bone")]],
  [/TEMPORAL|EAR\b|IAC/i, [t("Temporal bone"), t("Bone"), t("Brain")]],
  [/NECK|LARYNX/i, [t("Head-neck soft tissue"), t("Bone"), t("Angio")]],
  [/SPINE|EXTREM|KNEE|HIP|SHOULDER|ELBOW|WRIST|HAND|ANKLE|FOOT|LEG|ARM\b|BONE/i, [t("Bone"), t("Soft tissue")]],
  [/CHEST|THORAX|LUNG/i, [t("Lung"), t("Mediastinum"), t("Soft tissue"), t("Bone")]],
  [/ABDOMEN|PELVIS|LIVER|KIDNEY/i, [t("Abdomen"), t("Liver"), t("Soft tissue"), t("Bone")]],
];
const MIN_WIDTH = 1e-6;
/** A drag over this many CSS pixels doubles a narrow window's width, as viewers have it. */
const DRAG_PX = 300;
const MIN_STEP = 0.25;

/**
 * What the window menu offers for a series: for CT the presets, for PET those in SUV, then the file's own.
 * @param {Series} series @returns {Preset[]}
 */
export function presetsOf(series) {
  if (series.colour) return [];
  const own = series.windows ?? [];
  const ct = series.modality === "CT" && series.unit === "HU";
  const before = ct ? ctPresets(series) : suvPresets(series);
  const named = own.map((w, i) => ({
    name: ownName(w, i, before.length > 0 ? own.length : 0),
    window: w.window,
    key: before.length === 0 && i < 9 ? String(i + 1) : "",
    ...(w.subtracted ? { subtracted: true } : {}),
  }));
  return [...before, ...named];
}

/** Of a PET that has SUV: "SUV 0–5" and more. @param {Series} series @returns {Preset[]} */
export const suvPresets = (series) =>
  suvFactor(series) > 0
    ? SUV_TOPS.map((top, i) => ({
        name: `${suvShort(series)} 0–${top}`,
        window: suvWindow(series, top),
        key: String(i + 1),
      }))
    : [];

/** A window of the series itself: of its file, or measured. @param {NamedWindow} own @param {number} i
 * @param {number} of how many, where it has to be told from presets; else 0 */
function ownName({ explanation, measured, subtracted }, i, of) {
  if (measured) return subtracted ? t("Subtracted (measured)") : t("Measured");
  const name = explanation || t("Window {n}", { n: i + 1 });
  if (of === 0) return name;
  return of > 1 ? t("From the file: {name}", { name }) : t("From the file");
}

/** The presets of CT, those for the part of the body first; each keeps its key. @param {Series} series */
function ctPresets(series) {
  const names = firstNames(series);
  const first = names.map((name) => CT_PRESETS.find((p) => p.name === name)).filter((p) => p !== undefined);
  return [...first, ...CT_PRESETS.filter((p) => !names.includes(p.name))];
}

/** @param {Series} series */
const firstNames = (series) => FIRST.find(([part]) => part.test(series.body_part ?? ""))?.[1] ?? [];

/** @param {Series} series @returns {Window | null} */
const defaultWindow = (series) => (series.colour ? null : (series.windows?.[0]?.window ?? { center: 40, width: 400 }));

/** The window that an image opens with: PET's 0 to 5 SUV, the series' own choice (brain, for a head), else its first;
 * with its mask subtracted values lie elsewhere.
 * @param {Series} series @param {boolean} subtracted @returns {Window | null} */
export const windowFor = (series, subtracted) =>
  suvPresets(series)[0]?.window ??
  (subtracted ? null : series.opening) ??
  series.windows?.find((w) => (w.subtracted ?? false) === subtracted)?.window ??
  defaultWindow(series);

/** Whether a window is not the file's but was measured.
 * @param {Series} series @param {Window | null | undefined} window */
export const isMeasured = (series, window) =>
  (series.windows ?? []).some((w) => w.measured && sameWindow(w.window, window));

/** @param {Window | null | undefined} a @param {Window | null | undefined} b */
export const sameWindow = (a, b) =>
  a === b || (!!a && !!b && a.center === b.center && a.width === b.width && (a.lut ?? 0) === (b.lut ?? 0));

/**
 * A W/L drag: width by dx, center by dy (down is darker), at a speed that grows with the width.
 * @param {Window} window @param {number} dx @param {number} dy in CSS pixels @returns {Window}
 */
export function dragWindow(window, dx, dy) {
  const step = Math.max(window.width / DRAG_PX, window.width > 10 ? MIN_STEP : window.width / DRAG_PX);
  const width = Math.max(window.width + dx * step, window.width > 10 ? 1 : MIN_WIDTH);
  return { ...window, center: tidy(window.center + dy * step, step), width: tidy(width, step) };
}

/** Whole numbers where a step is about one or more; else as many digits as the step tells apart.
 * @param {number} value @param {number} step */
function tidy(value, step) {
  const digits = step >= MIN_STEP ? 0 : Math.min(12, Math.ceil(-Math.log10(step)) + 1);
  const rounded = Number(value.toFixed(digits));
  return digits > 0 && rounded === 0 && value > 0 ? value : rounded + 0;
}
