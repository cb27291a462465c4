/**
 * What a viewport shows: a union of tagged kinds (consult/model/view.py). Whoever asks what is shown asks here: each
 * kind has its answer in these switches, and tsc finds one that is missing. A plane lies on no image: its place is -1.
 */
/** @import {Case, Series, Viewport} from "../../wire.js" */
import { location } from "../geometry.js";
import { perImage } from "./per-image.js";
import { imageAt, locate, reachablePlace, steppedTime } from "./series.js";

/** @typedef {Viewport["shows"]} Shown */

/** The key of the series that it is called by. @param {Shown} shows @returns {string} */
export function seriesKey(shows) {
  switch (shows.type) {
    case "stack":
      return shows.series;
    case "plane":
      return shows.volume.series;
    case "fusion":
      return seriesKey(shows.base);
  }
}

/** The keys of all series that it is made of. @param {Shown} shows @returns {string[]} */
export const seriesKeys = (shows) =>
  shows.type === "fusion" ? [seriesKey(shows.base), shows.over.series] : [seriesKey(shows)];

/** The series that it is called by. @param {Case} kase @param {Shown | undefined} shows @returns {Series | null} */
export const seriesShown = (kase, shows) =>
  (shows && kase.series.find((series) => series.key === seriesKey(shows))) ?? null;

/** Index along the normal of its series. @param {Shown} shows @returns {number} */
export function placeOf(shows) {
  switch (shows.type) {
    case "stack":
      return shows.place;
    case "plane":
      return -1;
    case "fusion":
      return placeOf(shows.base);
  }
}

/** Index on the second axis of its series. @param {Shown} shows @returns {number} */
export function timeOf(shows) {
  switch (shows.type) {
    case "stack":
      return shows.time ?? 0;
    case "plane":
      return shows.volume.time ?? 0;
    case "fusion":
      return timeOf(shows.base);
  }
}

/**
 * The index of the image of its series; -1 where it has none.
 * @param {Series} series
 * @param {Shown} shows
 * @returns {number}
 */
export function imageOf(series, shows) {
  switch (shows.type) {
    case "stack":
      return imageAt(series, shows.place, shows.time);
    case "plane":
      return -1;
    case "fusion":
      return imageOf(series, shows.base);
  }
}

/**
 * PatientOrientation of the image, where that and no plane says where its rows and columns lead to.
 * @param {Series} series @param {Shown} shows
 */
export function orientationOf(series, shows) {
  const found = perImage(series.orientations ?? [], imageOf(series, shows));
  return found?.[0] && found[1] ? found : null;
}

/**
 * Slice location along the normal of its series, in mm.
 * @param {Series} series
 * @param {Shown} shows
 * @returns {number}
 */
export function locationOf(series, shows) {
  switch (shows.type) {
    case "stack":
      return location(series.grid, shows.place);
    case "plane":
      return Number.NaN;
    case "fusion":
      return locationOf(series, shows.base);
  }
}

/** @param {Shown} a @param {Shown} b @returns {boolean} */
export function sameShown(a, b) {
  if (a.type === "stack" && b.type === "stack")
    return a.series === b.series && a.place === b.place && (a.time ?? 0) === (b.time ?? 0);
  return a.type === b.type && JSON.stringify(a) === JSON.stringify(b);
}

/** One image of a series. @param {Series} series @param {number} place @param {number} time @returns {Shown} */
export const stack = (series, place, time) => ({ type: "stack", series: series.key, place, time });

/** The image of that index. @param {Series} series @param {number} image @returns {Shown} */
export function stackOf(series, image) {
  const { place, time } = locate(series, image);
  return stack(series, place, time);
}

/** The same at another place, or the nearest on the way that has an image. Itself where nothing changes.
 * @param {Series} series @param {Shown} shows @param {number} place @returns {Shown} */
export function atPlace(series, shows, place) {
  switch (shows.type) {
    case "stack": {
      const found = reachablePlace(series, shows.time ?? 0, shows.place, place);
      return found === shows.place ? shows : { ...shows, place: found };
    }
    case "plane":
      return shows;
    case "fusion": {
      const base = atPlace(series, shows.base, place);
      return base === shows.base || base.type === "fusion" ? shows : { ...shows, base };
    }
  }
}

/** The same at the place, `by` steps on along the second axis. Itself where nothing changes.
 * @param {Series} series @param {Shown} shows @param {number} by @returns {Shown} */
export function stepTime(series, shows, by) {
  switch (shows.type) {
    case "stack": {
      const time = steppedTime(series, shows.place, shows.time ?? 0, by);
      return time === (shows.time ?? 0) ? shows : { ...shows, time };
    }
    case "plane":
      return shows;
    case "fusion": {
      const base = stepTime(series, shows.base, by);
      return base === shows.base || base.type === "fusion" ? shows : { ...shows, base };
    }
  }
}
