/** The mask of an angiography: moved by hand until bones no longer show, pixels down and across, on top of the file's
 * own MaskSubPixelShift; and which frames of the run make it. Pure. */
/** @import {Series, View, Viewport} from "../../../wire.js" */
/** @import {Scene} from "../view.js" */
import { formatNumber } from "../../format.js";
import { t } from "../../language.js";
import { change, subtractedAt } from "../view.js";

/** One step of a button or a key, and with Shift. */
export const STEP_PX = 0.5;
export const FINE_PX = 0.1;
const MOST_PX = 64;

/** @typedef {readonly [number, number]} Shift down, across */

/** @param {Pick<Viewport, "mask_shift"> | null | undefined} viewport @returns {Shift} */
export const shiftOf = (viewport) => viewport?.mask_shift ?? [0, 0];

/** @param {Shift} shift */
export const isShifted = ([down, across]) => down !== 0 || across !== 0;

/** "→ 1.5 px, ↓ 0.5 px". @param {Shift} shift */
export function shiftWords([down, across]) {
  const part = (/** @type {number} */ by, /** @type {string} */ on, /** @type {string} */ back) =>
    by === 0 ? "" : `${by > 0 ? on : back}\u00a0${formatNumber(Math.abs(by), 1)}`;
  const all = [part(across, "→", "←"), part(down, "↓", "↑")].filter(Boolean).join(" ");
  return `${all || "0"}\u00a0px`;
}

/** To a shift, in tenths of a pixel. @param {View} view @param {string} id @param {Scene} scene @param {Shift} to
 * @returns {View} */
export const shiftMask = (view, id, scene, to) =>
  change(view, id, scene, (viewport, series) =>
    subtractedAt(series, viewport, viewport.shows) ? { ...viewport, mask_shift: [tidy(to[0]), tidy(to[1])] } : viewport,
  );

/** @param {number} px */
const tidy = (px) => Math.round(Math.min(Math.max(px, -MOST_PX), MOST_PX) * 10) / 10 + 0;

// Which frames make it

/** So many have a mean. */
export const MOST_FRAMES = 8;

/** The images whose mean is subtracted; none: as in the file. @param {Pick<Viewport, "mask_frames"> | null | undefined}
 * viewport @returns {readonly number[]} */
export const framesOf = (viewport) => viewport?.mask_frames ?? [];

/** "frame 3", "mean of frames 2, 3, 5". @param {readonly number[]} frames */
export function framesWords(frames) {
  const numbers = frames.map((frame) => frame + 1).join(", ");
  return frames.length > 1 ? t("mean of frames {numbers}", { numbers }) : t("frame {numbers}", { numbers });
}

/** Whether a mask may be chosen: of a run that its file subtracts one from, on any frame of it.
 * @param {Series} series @param {Pick<Viewport, "without" | "shows">} viewport */
export const hasMask = (series, { without = [], shows }) =>
  shows.type === "stack" && (series.subtracted ?? []).length > 0 && !without.includes("mask");

/** Other frames make the mask. @param {View} view @param {string} id @param {Scene} scene
 * @param {readonly number[]} frames none: as in the file @returns {View} */
export const maskFrames = (view, id, scene, frames) =>
  change(view, id, scene, (viewport, series) =>
    hasMask(series, viewport)
      ? { ...viewport, mask_frames: [...new Set(frames)].sort((a, b) => a - b).slice(0, MOST_FRAMES) }
      : viewport,
  );
