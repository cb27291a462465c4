/**
 * What plays in a view: begun, stopped, faster, a part of it alone. Pure. The server has the clock: `since` 0 asks it
 * to begin with what is shown, or to go on.
 */
/** @import {Playing, Series, View, Viewport} from "../../../wire.js" */
/** @import {Along} from "./frames.js" */
/** @import {Shown} from "../shows.js" */
import { planeOf } from "../../planes/parts.js";
import { turnOf } from "../../planes/turning.js";
import { placeOf, seriesKey, timeOf } from "../shows.js";
import { alongOf, cineOf, countOf } from "./frames.js";

/** What is offered. */
export const RATES = [0.25, 0.5, 1, 2, 4];

/** @typedef {Omit<Playing, "since"> & {rate: number}} Part what is to be played, and how fast */

/** All of it at the rate of its file. @param {Series} series @param {Shown} shows @returns {Part} */
export function whole(series, shows) {
  const along = alongOf(series, shows);
  return { along, first: 0, last: Math.max(0, countOf(series, along) - 1), rate: 1 };
}

/** Whether there are two images to play. @param {Series} series @param {Shown} shows @param {Part} part */
export const playable = (series, shows, part) => cineOf(series, shows, part).ms.length > 1;

/** Which place or time is shown, or at which step a whole volume stands.
 * @param {Pick<Viewport, "shows" | "camera">} viewport @param {Along} along */
export function indexOf({ shows, camera }, along) {
  if (along === "turn") return turnOf(camera);
  return along === "place" ? placeOf(shows) : timeOf(shows);
}

/** What plays in a viewport. @param {Viewport | null | undefined} viewport @returns {Part | null} */
export function partOf(viewport) {
  const playing = viewport?.playing;
  return playing ? { along: playing.along, first: playing.first, last: playing.last, rate: playing.rate ?? 1 } : null;
}

/** A viewport plays a part from what it shows on; planes of one volume play together. @param {View} view
 * @param {string} id @param {Part} part @returns {View} */
export const started = (view, id, part) =>
  inRun(view, id, (viewport) => ({ ...viewport, playing: { ...part, since: 0 } }));

/** Nothing plays any more in a viewport, and in those that play with it. @param {View} view @param {string} id
 * @returns {View} */
export const stopped = (view, id) => inRun(view, id, (viewport) => ({ ...viewport, playing: null }));

/** All planes of one volume at another time. @param {View} view @param {string} id of one of them
 * @param {number} time @returns {View} */
export const planesAt = (view, id, time) =>
  inRun(view, id, (viewport) => ({ ...viewport, shows: atIndex(viewport.shows, "time", time), playing: null }));

/** The same at another place or time. @param {Shown} shows @param {Along} along @param {number} index
 * @returns {Shown} */
export function atIndex(shows, along, index) {
  switch (shows.type) {
    case "stack":
      return { ...shows, [along]: index };
    case "plane":
      return { ...shows, volume: { ...shows.volume, time: index } };
    case "fusion": {
      const base = atIndex(shows.base, along, index);
      return base.type === "fusion" ? shows : { ...shows, base };
    }
  }
}

/** What goes on playing where a viewport is given something else to show: who scrolls along what plays stops it there.
 * @param {Viewport} viewport @param {Shown} shows @returns {Pick<Viewport, "playing">} */
export function goesOn({ playing, shows: before, camera }, shows) {
  if (!playing) return {};
  const same = seriesKey(before) === seriesKey(shows) && before.type === shows.type;
  const index = (/** @type {Shown} */ of) => indexOf({ shows: of, camera }, playing.along);
  return same && index(before) === index(shows) ? {} : { playing: null };
}

/** A viewport, and where it shows a plane all planes of that series, and all cells of a mosaic. @param {View} view
 * @param {string} id @param {(viewport: Viewport) => Viewport} how @returns {View} */
function inRun(view, id, how) {
  const run = runOf(view.viewports.find((v) => v.id === id));
  const passes = (/** @type {Viewport} */ v) => v.id === id || view.mosaic || (run && runOf(v) === run);
  return { ...view, viewports: view.viewports.map((v) => (passes(v) ? how(v) : v)) };
}

/** Names what passes in it; "" of images, which pass alone. @param {Viewport | undefined} viewport */
function runOf(viewport) {
  const plane = planeOf(viewport?.shows);
  return plane && !plane.whole ? plane.volume.series : "";
}
