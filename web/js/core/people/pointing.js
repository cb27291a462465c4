/**
 * Where a place that somebody points at lies on this page: by the painted picture's own stamp, so that it is the same
 * anatomy whatever the window's size, zoom, shape or plane. Device pixels of the canvas.
 */
/** @import {Case, Grid, Series, Spot, Stamp, StampedViewport, View} from "../../wire.js" */
/** @import {Rect} from "../view/camera.js" */
/** @import {Scene} from "../view/view.js" */
/** @import {Vec} from "../vec.js" */
import { carried, pixelAt, pointAt, snap } from "../view/camera.js";
import { location, nearest, normal } from "../geometry.js";
import { movePoint } from "../planes/acts.js";
import { planeOf } from "../planes/parts.js";
import { distanceTo, sheetOf } from "../planes/sheet.js";
import { imageNear, locate } from "../view/series.js";
import { imageOf, locationOf, placeOf, seriesKey, seriesShown, stack, timeOf } from "../view/shows.js";
import { openSeries } from "../view/opening/series.js";
import { activate, change, seriesOf } from "../view/view.js";
import { add, cross, dot, scale, subtract } from "../vec.js";

/**
 * @typedef {object} Place
 * @property {string} viewport
 * @property {Rect} rect of the viewport
 * @property {[number, number]} at
 * @property {boolean} echo in another viewport than the pointer's: hollow, without name
 */
/**
 * @typedef {object} Off nowhere on this page
 * @property {StampedViewport} viewport whose edge says so
 * @property {"side" | "image" | "series"} kind beyond the edge, on another image, in another series
 * @property {[number, number]} toward the nearest point of the edge, with `MARGIN` kept; of another image: at its
 *   height
 * @property {"left" | "right" | "up" | "down"} direction
 * @property {number} place in the series, from 0
 * @property {number} time in the series, from 0
 */
/**
 * @typedef {{viewport: StampedViewport, at: [number, number], own: boolean, inside: boolean, cut: boolean, place:
 *   number, time: number}} Sight
 */

/** The smallest part of a viewport's side that a pill keeps from its corners. */
const MARGIN = 0.12;

/**
 * Half of the distance to the farther neighbour: within it a slice shows what lies beside it.
 * @param {Series} series
 * @param {number} place
 */
function reach(series, place) {
  const { grid } = series;
  const here = location(grid, place);
  const gaps = [place - 1, place + 1]
    .filter((i) => i >= 0 && i < grid.positions.length)
    .map((i) => Math.abs(location(grid, i) - here));
  const gap = gaps.length > 0 ? Math.max(...gaps) : series.slice_thickness_mm || 1;
  return gap / 2 + 1e-6;
}

/** @param {Series} a @param {Series} b */
const sameFrame = (a, b) =>
  a.grid.space === "patient" &&
  b.grid.space === "patient" &&
  a.frame_of_reference !== "" &&
  a.frame_of_reference === b.frame_of_reference;

/** @param {Rect} rect @param {readonly [number, number]} at */
const holds = ([x, y, w, h], at) => at[0] >= x && at[0] <= x + w && at[1] >= y && at[1] <= y + h;

/** How a viewport sees a place, or null where they have no space in common.
 * @param {Spot} spot @param {StampedViewport} viewport @param {Case} kase @returns {Sight | null} */
function sight(spot, viewport, kase) {
  const [from, series] = [seriesOf(kase, spot.series), seriesShown(kase, viewport.shows)];
  if (!from || !series || series.unlisted) return null;
  const own = from === series;
  if (!own && !sameFrame(from, series)) return null;
  const at = pixelAt(viewport.camera, viewport.rect_px, spot.point);
  if (planeOf(viewport.shows)) return onSheet(spot, viewport, series, at);
  const along = dot(spot.point, normal(series.grid));
  const { place, time } = own
    ? locate(series, spot.image)
    : { place: nearest(series.grid, along), time: timeOf(viewport.shows) };
  const cut = own
    ? imageOf(series, viewport.shows) === spot.image
    : Math.abs(along - locationOf(series, viewport.shows)) <= reach(series, placeOf(viewport.shows));
  return { viewport, at, own, inside: holds(viewport.rect_px, at), cut, place, time };
}

/** How a plane sees a place: within its slab, or a layer of voxels.
 * @param {Spot} spot @param {StampedViewport} viewport @param {Series} series @param {[number, number]} at
 * @returns {Sight} */
function onSheet(spot, viewport, series, at) {
  const sheet = sheetOf(series, viewport);
  const away = distanceTo(sheet, spot.point);
  const cut = Math.abs(away) <= (sheet.high - sheet.low) / 2 + 1e-6;
  const own = spot.viewport === viewport.id;
  return { viewport, at, own, inside: holds(viewport.rect_px, at), cut, ...locate(series, spot.image) };
}

/** The pointer's own viewport first, then those of its series. @param {Spot} spot @param {Sight} a @param {Sight} b */
const byNearness = (spot, a, b) => nearness(spot, b) - nearness(spot, a);
/** @param {Spot} spot @param {Sight} s */
const nearness = (spot, s) => (s.own ? 2 : 0) + (s.viewport.id === spot.viewport ? 1 : 0);

/**
 * Where a place lies on the painted picture.
 * @param {Spot} spot
 * @param {Stamp} stamp painted
 * @param {Case} kase
 * @param {boolean} linked the viewports move together
 * @returns {{places: Place[], off: Off | null}}
 */
export function placed(spot, stamp, kase, linked) {
  const series = seriesOf(kase, spot.series);
  if (!series) return { places: [], off: null };
  const sights = stamp.viewports.flatMap((v) => sight(spot, v, kase) ?? []).sort((a, b) => byNearness(spot, a, b));
  const shown = sights.filter((s) => s.cut && s.inside);
  /** @type {Place[]} */
  const places = shown.map((s, i) => ({ viewport: s.viewport.id, rect: s.viewport.rect_px, at: s.at, echo: i > 0 }));
  const [first] = shown;
  if (first && linked) places.push(...echoes(spot, first, stamp, places));
  return { places, off: first ? null : whereabouts(spot, series, sights, stamp) };
}

/**
 * In linked viewports without a common frame of reference: as far from the middle.
 * @param {Spot} spot
 * @param {Sight} first
 * @param {Stamp} stamp
 * @param {Place[]} places
 * @returns {Place[]}
 */
function echoes(spot, first, stamp, places) {
  const from = subtract(/** @type {Vec} */ (spot.point), /** @type {Vec} */ (first.viewport.camera.center));
  const others = stamp.viewports.filter((v) => !places.some((p) => p.viewport === v.id));
  return others.flatMap((v) => {
    const { camera } = first.viewport;
    const [x, y] = [dot(from, camera.right), dot(from, camera.down)];
    const at = pixelAt(
      v.camera,
      v.rect_px,
      add(v.camera.center, add(scale(v.camera.right, x), scale(v.camera.down, y))),
    );
    return holds(v.rect_px, at) ? [{ viewport: v.id, rect: v.rect_px, at, echo: true }] : [];
  });
}

/**
 * @param {Spot} spot
 * @param {Series} series pointed at
 * @param {Sight[]} sights
 * @param {Stamp} stamp
 * @returns {Off | null}
 */
function whereabouts(spot, series, sights, stamp) {
  const [best] = sights;
  if (!best) {
    const viewport = stamp.viewports.find((v) => v.id === spot.viewport) ?? stamp.viewports[0];
    if (!viewport) return null;
    const edge = atEdge(viewport.rect_px, [Infinity, viewport.rect_px[1]]);
    return { viewport, kind: "series", ...edge, ...locate(series, spot.image) };
  }
  const { viewport, place, time } = best;
  const [x, y, w, h] = viewport.rect_px;
  if (best.cut) return { viewport, kind: "side", ...atEdge(viewport.rect_px, best.at), place, time };
  const here = placeOf(viewport.shows);
  if (here < 0) return beside(spot, best);
  const up = place < here || (place === here && time < timeOf(viewport.shows));
  return {
    viewport,
    kind: "image",
    toward: [x + w, y + h * (up ? MARGIN * 2 : 1 - MARGIN * 2)],
    direction: up ? "up" : "down",
    place,
    time,
  };
}

/** Before or behind a plane. @param {Spot} spot @param {Sight} sight @returns {Off} */
function beside(spot, { viewport, place, time }) {
  const [x, y, w, h] = viewport.rect_px;
  const n = cross(viewport.camera.right, viewport.camera.down);
  const up = dot(subtract(/** @type {Vec} */ (spot.point), viewport.camera.center), n) < 0;
  const toward = /** @type {[number, number]} */ ([x + w, y + h * (up ? MARGIN * 2 : 1 - MARGIN * 2)]);
  return { viewport, kind: "image", toward, direction: up ? "up" : "down", place, time };
}

/**
 * The point of a rect's edge that is nearest to a point outside.
 * @param {Rect} rect
 * @param {readonly [number, number]} at
 * @returns {{toward: [number, number], direction: "left" | "right" | "up" | "down"}}
 */
function atEdge([x, y, w, h], at) {
  const beyond = { left: x - at[0], right: at[0] - (x + w), up: y - at[1], down: at[1] - (y + h) };
  const sides = /** @type {("left" | "right" | "up" | "down")[]} */ (Object.keys(beyond));
  const direction = sides.reduce((a, b) => (beyond[b] > beyond[a] ? b : a));
  const within = (/** @type {number} */ v, /** @type {number} */ from, /** @type {number} */ length) =>
    Math.min(Math.max(v, from + length * MARGIN), from + length * (1 - MARGIN));
  if (direction === "left" || direction === "right")
    return { toward: [direction === "left" ? x : x + w, within(at[1], y, h)], direction };
  return { toward: [within(at[0], x, w), direction === "up" ? y : y + h], direction };
}

/** What lies under a device pixel of the painted picture, or null.
 * @param {Stamp} stamp @param {Case} kase @param {readonly [number, number]} at @returns {Spot | null} */
export function spotAt(stamp, kase, at) {
  const v = stamp.viewports.find((one) => holds(one.rect_px, at));
  const series = v && seriesShown(kase, v.shows);
  if (!v || !series) return null;
  const under = pointAt(v.camera, v.rect_px, at[0], at[1]);
  if (planeOf(v.shows))
    return { viewport: v.id, series: series.key, image: imageNear(series, under, timeOf(v.shows)), point: under };
  const point = onPlane(series.grid, placeOf(v.shows), under);
  return { viewport: v.id, series: series.key, image: imageOf(series, v.shows), point };
}

/**
 * The view that shows a place which is off: its image, and the place in the middle where it is not in sight already;
 * another series in the viewport that has it, or in the active one.
 * @param {View} view @param {Scene} scene @param {Spot} spot @param {Off} off @returns {View}
 */
export function jumpTo(view, scene, spot, off) {
  const holders = view.viewports.filter((v) => seriesKey(v.shows) === spot.series);
  const holder = holders.find((v) => v.id === spot.viewport) ?? holders[0];
  const id = off.kind === "series" ? (holder?.id ?? view.active) : off.viewport.id;
  const active = activate(view, id);
  const opened = off.kind === "series" ? openSeries(active, id, scene, spot.series) : active;
  const there = view.viewports.find((v) => v.id === id);
  if (there && planeOf(there.shows)) return movePoint(opened, scene.kase, /** @type {Vec} */ (spot.point));
  return change(opened, id, scene, (v, series) => {
    const rect = scene.rects.get(id);
    const here = carried(v.camera, series.grid, placeOf(v.shows), off.place);
    const sees = !rect || holds(rect, pixelAt(here, rect, spot.point));
    const camera = sees
      ? here
      : snap(
          { ...here, center: onPlane(series.grid, off.place, /** @type {Vec} */ (spot.point)) },
          series.grid,
          off.place,
          rect,
        );
    return { ...v, shows: stack(series, off.place, off.time), camera };
  });
}

/** A camera's centre stays where it was while one scrolls: dropped onto the plane that is shown.
 * @param {Grid} grid @param {number} place @param {Vec} point @returns {Vec} */
function onPlane(grid, place, point) {
  const n = normal(grid);
  return add(point, scale(n, location(grid, place) - dot(point, n)));
}
