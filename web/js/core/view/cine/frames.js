/** Cine: what is played of a series, and how fast. The server's clock says what is due (consult/model/cine/). */
/** @import {Playing, Series} from "../../../wire.js" */
/** @import {Shown} from "../shows.js" */
import { perImage } from "../per-image.js";
import { imageAt, places, times } from "../series.js";
import { isWhole, TURNS } from "../../planes/whole/turning.js";
import { placeOf, timeOf } from "../shows.js";

/** How long an image is shown where no file says so. */
export const DEFAULT_MS = 100;
/** The view changes no more often: of a faster clip images are left out. */
const LEAST_STEP_MS = 30;
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

/** @typedef {Playing["along"]} Along */
/** @typedef {{along: Along, ms: number[], stated: boolean}} Cine ms: how long each is shown; stated: by the files */

/** It is made to be played: a clip, or times of one acquisition. @param {Series} series */
export const isCine = (series) => (times(series) > 1 ? TIMES.has(series.axis?.attribute ?? "") : isClip(series));

/** Frames of one object, or images that have a frame time; pages are none. @param {Series} series */
const isClip = ({ images, grid, values, document }) =>
  images > 1 &&
  !document &&
  ((values?.frame_time_ms ?? []).length > 0 || (grid.space === "image" && values?.instance_number?.length === 1));

/** What is played first: times where the second axis is time, or where there is one place alone, or of planes; else
 * images along the stack; a whole volume turns. @param {Series} series @param {Shown} shows @returns {Along} */
export function alongOf(series, shows) {
  if (isWhole(shows)) return "turn";
  const timed = times(series) > 1 && (isCine(series) || places(series) < 2);
  return timed || placeOf(shows) < 0 ? "time" : "place";
}

/** How many places or times there are, or steps of a turn. @param {Series} series @param {Along} along */
export const countOf = (series, along) => ({ place: places(series), time: times(series), turn: TURNS })[along];

/**
 * What is played at the place, or the time, that is shown; of a part where that is given.
 * @param {Series} series @param {Shown} shows @param {{along: Along, first?: number, last?: number}} part
 * @returns {Cine}
 */
export function cineOf(series, shows, { along, first = 0, last = Infinity }) {
  if (along === "turn")
    return { along, ms: Array(Math.min(last, TURNS - 1) - first + 1).fill(DEFAULT_MS), stated: true };
  const found = along === "time" ? alongTimes(series, placeOf(shows)) : alongPlaces(series, timeOf(shows));
  const frames = found.filter(({ index, image }) => image >= 0 && index >= first && index <= last);
  return {
    along,
    ms: frames.map(({ ms }) => ms ?? DEFAULT_MS),
    stated: frames.length > 0 && frames.every(({ ms }) => ms !== null),
  };
}

/** @typedef {{index: number, image: number, ms: number | null}} Frame */

/** @param {Series} series @param {number} place -1: of planes, which have all places @returns {Frame[]} */
function alongTimes(series, place) {
  const steps = triggerSteps(series);
  return Array.from({ length: times(series) }, (_, time) => {
    const image = place < 0 ? imageAt(series, Math.floor(places(series) / 2), time) : imageAt(series, place, time);
    return { index: time, image, ms: frameTime(series, image) ?? steps[time] ?? null };
  });
}

/** @param {Series} series @param {number} time @returns {Frame[]} */
function alongPlaces(series, time) {
  return Array.from({ length: places(series) }, (_, place) => {
    const image = imageAt(series, place, time);
    return { index: place, image, ms: frameTime(series, image) };
  });
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

/** Images a second, on average. @param {Cine} cine @param {number} [rate] how many times as fast as the files say */
export function rateOf({ ms }, rate = 1) {
  const whole = ms.reduce((sum, one) => sum + one, 0);
  return Math.round((10_000 * rate) / (whole / ms.length)) / 10;
}

/** Of how many images one is shown: of a clip that is faster than the moving picture. @param {Cine} cine
 * @param {number} [rate] */
export function oneOf({ ms }, rate = 1) {
  const shortest = Math.min(...ms) / rate;
  return shortest > 0 ? Math.max(1, Math.ceil(LEAST_STEP_MS / shortest - 1e-6)) : 1;
}
