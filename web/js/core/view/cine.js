/** Cine: which image of a clip, or of a second axis that is time, is shown when. Pure: times come in. */
/** @import {Series} from "../../wire.js" */
/** @import {Shown} from "./shows.js" */
import { perImage } from "./per-image.js";
import { imageOf, placeOf, stack, timeOf } from "./shows.js";
import { imageAt, places, times } from "./series.js";

/** How long an image is shown where no file says so. */
export const DEFAULT_MS = 100;
/** A shorter step between trigger times is no frame of a heart's cycle, and a longer one is no cine. */
const STEP_MS = { least: 5, most: 2000 };
/** Second axes that are time. */
const TIMES = new Set([
  "TemporalPositionIdentifier",
  "TriggerTime",
  "NominalCardiacTriggerDelayTime",
  "NominalPercentageOfCardiacPhase",
  "AcquisitionNumber",
  "AcquisitionTime",
  "ContentTime",
]);

/** @typedef {{shows: Shown, ms: number}} CineFrame how long it is shown */
/** @typedef {{frames: CineFrame[], stated: boolean}} Cine stated: the files say how fast */

/** It is made to be played: a clip, or times of one acquisition. @param {Series} series */
export const isCine = (series) => (times(series) > 1 ? TIMES.has(series.axis?.attribute ?? "") : isClip(series));

/** Frames of one object, or images that have a frame time. @param {Series} series */
const isClip = ({ images, grid, values }) =>
  images > 1 &&
  ((values?.frame_time_ms ?? []).length > 0 || (grid.space === "image" && values?.instance_number?.length === 1));

/**
 * What is played: the times of the place that is shown where the second axis is time, else the images along the stack.
 * @param {Series} series
 * @param {Shown} shows
 * @returns {Cine}
 */
export function cineOf(series, shows) {
  const all = times(series) > 1 && isCine(series) ? alongTimes(series, placeOf(shows)) : alongPlaces(series, shows);
  const frames = all.filter((frame) => imageOf(series, frame.shows) >= 0);
  return {
    frames: frames.map(({ shows: image, ms }) => ({ shows: image, ms: ms ?? DEFAULT_MS })),
    stated: frames.length > 0 && frames.every(({ ms }) => ms !== null),
  };
}

/** @typedef {{shows: Shown, ms: number | null}} Told */

/** @param {Series} series @param {number} place @returns {Told[]} */
function alongTimes(series, place) {
  const steps = triggerSteps(series);
  return Array.from({ length: times(series) }, (_, time) => ({
    shows: stack(series, place, time),
    ms: frameTime(series, imageAt(series, place, time)) ?? steps[time] ?? null,
  }));
}

/** @param {Series} series @param {Shown} shows @returns {Told[]} */
function alongPlaces(series, shows) {
  const time = timeOf(shows);
  return Array.from({ length: places(series) }, (_, place) => ({
    shows: stack(series, place, time),
    ms: frameTime(series, imageAt(series, place, time)),
  }));
}

/** @param {Series} series @param {number} image @returns {number | null} */
function frameTime(series, image) {
  return perImage(series.values?.frame_time_ms ?? [], image);
}

/** From each trigger time to the next; the last is shown as long as the one before. Empty where they are not known.
 * @param {Series} series @returns {number[]} */
function triggerSteps(series) {
  const labels = series.axis?.labels ?? [];
  const at = Array.from({ length: times(series) }, (_, time) => /^([\d.]+) ms$/.exec(labels[time] ?? "")?.[1]);
  const steps = at.slice(1).map((later, i) => Number(later) - Number(at[i]));
  if (steps.length === 0 || !steps.every((ms) => ms >= STEP_MS.least && ms <= STEP_MS.most)) return [];
  return [...steps, steps[steps.length - 1] ?? DEFAULT_MS];
}

/** Frames a second, on average. @param {Cine} cine */
export const rateOf = ({ frames }) => Math.round(10_000 / (whole(frames) / frames.length)) / 10;

/** @param {CineFrame[]} frames */
const whole = (frames) => frames.reduce((sum, { ms }) => sum + ms, 0);

/** Which frame shows this image; the first where none does.
 * @param {Series} series @param {Cine} cine @param {Shown} shows */
export function frameOf(series, { frames }, shows) {
  const image = imageOf(series, shows);
  return Math.max(
    0,
    frames.findIndex((frame) => imageOf(series, frame.shows) === image),
  );
}

/**
 * The frame that is due some time after one began, round and round, and how long until the next.
 * @param {Cine} cine @param {number} from its index @param {number} afterMs @returns {{index: number, waitMs: number}}
 */
export function frameAt({ frames }, from, afterMs) {
  let left = afterMs % whole(frames);
  let index = from;
  for (;;) {
    const ms = frames[index]?.ms ?? DEFAULT_MS;
    if (left < ms) return { index, waitMs: ms - left };
    left -= ms;
    index = (index + 1) % frames.length;
  }
}
