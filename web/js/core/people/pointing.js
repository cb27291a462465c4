/**
 * Where a place that somebody points at lies on this page: by the painted picture's own stamp, so that it is the same
 * anatomy whatever the window's size, zoom, shape or plane. Device pixels of the canvas.
 */
/** @import {Case, Grid, Series, Spot, Stamp, StampedViewport, View} from "../../wire.js" */
/** @import {Rect} from "../view/camera.js" */
/** @import {Scene} from "../view/view.js" */
/** @import {Vec} from "../vec.js" */
import { pixelAt, pointAt, snap } from "../view/camera.js";
import { location, nearest, normal } from "../geometry.js";
import { activate, change, openSeries, seriesOf } from "../view/view.js";
import { add, dot, scale, subtract } from "../vec.js";

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
 * @property {[number, number]} toward the nearest point of the edge, with `MARGIN` kept; of another image: at its height
 * @property {"left" | "right" | "up" | "down"} direction
 * @property {number} image of the viewport's series, from 0
 */
/** @typedef {{viewport: StampedViewport, at: [number, number], own: boolean, inside: boolean, cut: boolean, image: number}} Sight */

/** The smallest part of a viewport's side that a pill keeps from its corners. */
const MARGIN = 0.12;

/** Half of the distance to the farther neighbour: within it a slice shows what lies beside it. @param {Series} series @param {number} image */
function reach(series, image) {
  const { grid } = series;
  const here = location(grid, image);
  const gaps = [image - 1, image + 1]
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
  const [from, series] = [seriesOf(kase, spot.series), seriesOf(kase, viewport.series)];
  if (!from || !series) return null;
  const own = from === series;
  if (!own && !sameFrame(from, series)) return null;
  const at = pixelAt(viewport.camera, viewport.rect_px, spot.point);
  const along = dot(spot.point, normal(series.grid));
  const image = own ? spot.image : nearest(series.grid, along);
  const cut = own
    ? viewport.image === spot.image
    : Math.abs(along - location(series.grid, viewport.image)) <= reach(series, viewport.image);
  return { viewport, at, own, inside: holds(viewport.rect_px, at), cut, image };
}

/** The pointer's own viewport first, then those of its series. @param {Spot} spot @param {Sight} a @param {Sight} b */
const byNearness = (spot, a, b) => nearness(spot, b) - nearness(spot, a);
/** @param {Spot} spot @param {Sight} s */
const nearness = (spot, s) => (s.own ? 2 : 0) + (s.viewport.id === spot.viewport ? 1 : 0);

/**
 * Where a place lies on the painted picture.
 * @param {Spot} spot @param {Stamp} stamp painted @param {Case} kase @param {boolean} linked the viewports move together
 * @returns {{places: Place[], off: Off | null}}
 */
export function placed(spot, stamp, kase, linked) {
  if (!seriesOf(kase, spot.series)) return { places: [], off: null };
  const sights = stamp.viewports.flatMap((v) => sight(spot, v, kase) ?? []).sort((a, b) => byNearness(spot, a, b));
  const shown = sights.filter((s) => s.cut && s.inside);
  /** @type {Place[]} */
  const places = shown.map((s, i) => ({ viewport: s.viewport.id, rect: s.viewport.rect_px, at: s.at, echo: i > 0 }));
  const [first] = shown;
  if (first && linked) places.push(...echoes(spot, first, stamp, places));
  return { places, off: first ? null : whereabouts(spot, sights, stamp) };
}

/** In linked viewports without a common frame of reference: as far from the middle. @param {Spot} spot @param {Sight} first
 * @param {Stamp} stamp @param {Place[]} places @returns {Place[]} */
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

/** @param {Spot} spot @param {Sight[]} sights @param {Stamp} stamp @returns {Off | null} */
function whereabouts(spot, sights, stamp) {
  const [best] = sights;
  if (!best) {
    const viewport = stamp.viewports.find((v) => v.id === spot.viewport) ?? stamp.viewports[0];
    return viewport
      ? { viewport, kind: "series", ...atEdge(viewport.rect_px, [Infinity, viewport.rect_px[1]]), image: spot.image }
      : null;
  }
  const { viewport, image } = best;
  const [x, y, w, h] = viewport.rect_px;
  if (best.cut) return { viewport, kind: "side", ...atEdge(viewport.rect_px, best.at), image };
  const up = image < viewport.image;
  return {
    viewport,
    kind: "image",
    toward: [x + w, y + h * (up ? MARGIN * 2 : 1 - MARGIN * 2)],
    direction: up ? "up" : "down",
    image,
  };
}

/** The point of a rect's edge that is nearest to a point outside. @param {Rect} rect @param {readonly [number, number]} at
 * @returns {{toward: [number, number], direction: "left" | "right" | "up" | "down"}} */
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

/** What lies under a device pixel of the painted picture, or null. @param {Stamp} stamp @param {readonly [number, number]} at @returns {Spot | null} */
export function spotAt(stamp, at) {
  const v = stamp.viewports.find((one) => holds(one.rect_px, at));
  return v
    ? { viewport: v.id, series: v.series, image: v.image, point: pointAt(v.camera, v.rect_px, at[0], at[1]) }
    : null;
}

/**
 * The view that shows a place which is off: its image, and the place in the middle where it is not in sight already;
 * another series in the viewport that has it, or in the active one.
 * @param {View} view @param {Scene} scene @param {Spot} spot @param {Off} off @returns {View}
 */
export function jumpTo(view, scene, spot, off) {
  const holder =
    view.viewports.find((v) => v.id === spot.viewport && v.series === spot.series) ??
    view.viewports.find((v) => v.series === spot.series);
  const id = off.kind === "series" ? (holder?.id ?? view.active) : off.viewport.id;
  const active = activate(view, id);
  const opened = off.kind === "series" ? openSeries(active, id, scene, spot.series) : active;
  return change(opened, id, scene, (v, series) => {
    const rect = scene.rects.get(id);
    const sees = !rect || holds(rect, pixelAt(v.camera, rect, spot.point));
    const camera = sees
      ? v.camera
      : snap({ ...v.camera, center: onPlane(series.grid, off.image, spot) }, series.grid, off.image, rect);
    return { ...v, image: off.image, camera };
  });
}

/** @param {Grid} grid @param {number} image @param {Spot} spot @returns {Vec} */
function onPlane(grid, image, spot) {
  const n = normal(grid);
  const point = /** @type {Vec} */ (spot.point);
  return add(point, scale(n, location(grid, image) - dot(point, n)));
}
