/**
 * Places and times of a series: the mirror of consult/model/catalogue.py. Its images are ordered time by time, and in
 * each time place by place, missing ones left out. Without a second axis an image's index is its place.
 */
/** @import {Series} from "../../wire.js" */
/** @import {Vec} from "../vec.js" */
import { location, normal } from "../geometry.js";
import { ofServer, t } from "../language.js";
import { dot } from "../vec.js";
import { perImage } from "./per-image.js";

/** How many places along the normal. @param {Series} series */
export const places = (series) => series.unlisted?.places ?? series.grid.positions.length;

/** How many images there may be at each place. @param {Series} series */
export const times = (series) => series.unlisted?.times ?? series.axis?.labels.length ?? 1;

/** Cells without an image, as indexes of a full table. @param {Series} series @returns {number[]} */
const gaps = (series) => (series.axis?.missing ?? []).map(([time, place]) => time * places(series) + place);

/**
 * The index of the image at a place and a time; -1 where there is none.
 * @param {Series} series
 * @param {number} place
 * @param {number} [time]
 */
export function imageAt(series, place, time = 0) {
  if (place < 0 || place >= places(series) || time < 0 || time >= times(series)) return -1;
  const cell = time * places(series) + place;
  const missing = gaps(series);
  return missing.includes(cell) ? -1 : cell - missing.filter((gap) => gap < cell).length;
}

/** Where an image lies; an index beyond the ends means them. @param {Series} series @param {number} image
 * @returns {{place: number, time: number}} */
export function locate(series, image) {
  let cell = Math.min(Math.max(image, 0), series.images - 1);
  for (const gap of gaps(series).sort((a, b) => a - b)) {
    if (gap > cell) break;
    cell += 1;
  }
  return { place: cell % places(series), time: Math.floor(cell / places(series)) };
}

/** The image of a time that lies nearest to a point. @param {Series} series @param {Vec} point @param {number} time */
export function imageNear(series, point, time) {
  const at = dot(point, normal(series.grid));
  const away = (/** @type {number} */ place) => Math.abs(location(series.grid, place) - at);
  let best = -1;
  for (let place = 0; place < places(series); place++)
    if (imageAt(series, place, time) >= 0 && (best < 0 || away(place) < away(best))) best = place;
  return Math.max(0, imageAt(series, Math.max(0, best), time));
}

/** The first time at which there is an image at a place. @param {Series} series @param {number} place */
export function firstTime(series, place) {
  for (let time = 0; time < times(series); time++) if (imageAt(series, place, time) >= 0) return time;
  return 0;
}

/**
 * The place with an image at a time that is nearest to `to` on the way on from `from`, else on the way back.
 * @param {Series} series @param {number} time @param {number} from @param {number} to
 */
export function reachablePlace(series, time, from, to) {
  const last = places(series) - 1;
  const wanted = Math.min(Math.max(Math.round(to), 0), last);
  const onward = wanted < from ? -1 : 1;
  for (let place = wanted; place >= 0 && place <= last; place += onward)
    if (imageAt(series, place, time) >= 0) return place;
  for (let place = wanted; place >= 0 && place <= last; place -= onward)
    if (imageAt(series, place, time) >= 0) return place;
  return from;
}

/** The time `by` steps on that has an image at a place; steps over those that have none, and not round the ends.
 * @param {Series} series @param {number} place @param {number} time @param {number} by */
export function steppedTime(series, place, time, by) {
  const onward = Math.sign(by);
  let [found, left] = [time, Math.abs(by)];
  for (let next = time + onward; onward !== 0 && left > 0 && next >= 0 && next < times(series); next += onward) {
    if (imageAt(series, place, next) < 0) continue;
    found = next;
    left -= 1;
  }
  return found;
}

/** What people call a time: "b 1000"; "" without a second axis. @param {Series} series @param {number} time */
export const timeLabel = (series, time) => (series.axis?.labels[time] ?? "").split(", ").map(ofServer).join(", ");

/** What people call the second axis. @type {Record<string, string>} */
const AXIS_NAMES = {
  DiffusionBValue: t("b value"),
  EchoTime: t("echo time"),
  InversionTime: t("inversion time"),
  TemporalPositionIdentifier: t("phase"),
  TriggerTime: t("trigger time"),
};

/** What people call the second axis: "b value"; of others the keyword's own words. @param {Series} series */
export function axisName(series) {
  const keyword = series.axis?.attribute ?? "";
  return AXIS_NAMES[keyword] ?? (keyword.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase() || t("time"));
}

/**
 * An image in words: "image 3", "image 3, b 1000"; "image 3/40 (I: 38)" where a report calls it by another number.
 * @param {Series} series @param {{place: number, time: number}} at
 */
export function imageName(series, { place, time }) {
  const number = perImage(series.values?.instance_number ?? [], imageAt(series, place, time));
  const n = place + 1;
  const name =
    number === null || number === n
      ? t("image {n}", { n })
      : t("image {n}/{count} (I: {number})", { n, count: places(series), number });
  return [name, timeLabel(series, time)].filter(Boolean).join(", ");
}

/** Whether a mask is subtracted from an image. @param {Series} series @param {number} place @param {number} time */
export function isSubtracted(series, place, time) {
  const image = imageAt(series, place, time);
  return (series.subtracted ?? []).some(([first, last]) => first <= image && image <= last);
}
