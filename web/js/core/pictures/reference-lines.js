/**
 * Reference lines: where the picture of the active viewport cuts the others that share its frame of reference, and are
 * not parallel to it. In device pixels of the canvas. Pure.
 */
/** @import {Case, Series, StampedViewport, View} from "../../wire.js" */
/** @import {Point} from "../planes/crosshair.js" */
/** @import {PlaneName} from "../planes/parts.js" */
/** @import {Vec} from "../vec.js" */
import { normal, point, position } from "../geometry.js";
import { add, cross, dot, norm, scale, subtract } from "../vec.js";
import { pixelAt } from "../view/camera.js";
import { placeOf, seriesShown } from "../view/shows.js";
import { viewportOf } from "../view/view.js";
import { cameraNormal, isLinked, planeOf, sameSpace } from "../planes/parts.js";

/** @typedef {{viewport: StampedViewport, name: PlaneName, from: Point, to: Point}} ReferenceLine name: of the plane
 *   that the active picture is nearest to */
/** @typedef {{normal: Vec, on: Vec, corners: Vec[]}} Sheet what a viewport shows: a rectangle in space */

/** Pictures nearer to parallel than this have no line: the sine of 8 degrees. */
const PARALLEL = 0.14;
/** Half the side of a plane, which ends where its volume does: further than any picture reaches. */
const FAR_MM = 2000;

/** The lines of a picture. @param {readonly StampedViewport[]} painted @param {View} view @param {Case} kase
 * @returns {ReferenceLine[]} */
export function referenceLines(painted, view, kase) {
  const active = painted.find((v) => v.id === view.active);
  const series = active && seriesShown(kase, active.shows);
  const own = active && series && sheetOf(series, active);
  if (!active || !own) return [];
  return painted.flatMap((viewport) => {
    const other = seriesShown(kase, viewport.shows);
    const apart = viewport.id !== active.id && other && sameSpace(kase, series.key, other.key);
    const sheet = apart && !hasCrosshair(view, kase, [active, viewport]) ? sheetOf(other, viewport) : null;
    const cut = sheet ? cutOf(own, sheet) : null;
    if (!cut) return [];
    const [from, to] = cut.map((at) => pixelAt(viewport.camera, viewport.rect_px, at));
    return from && to ? [{ viewport, name: facing(own.normal), from, to }] : [];
  });
}

/** Planes of one crosshair have its lines already. @param {View} view @param {Case} kase
 * @param {StampedViewport[]} both */
function hasCrosshair(view, kase, both) {
  const { crosshair } = view;
  return !!crosshair && both.every(({ id }) => isLinkedNow(view, kase, id));
}

/** @param {View} view @param {Case} kase @param {string} id */
function isLinkedNow(view, kase, id) {
  const viewport = viewportOf(view, id);
  return !!viewport && !!view.crosshair && isLinked(viewport, view.crosshair, kase);
}

/** @param {Series} series @param {StampedViewport} viewport @returns {Sheet | null} */
function sheetOf(series, viewport) {
  if (series.unlisted || series.grid.space !== "patient") return null;
  const { grid } = series;
  const plane = planeOf(viewport.shows);
  if (plane?.whole) return null; // it cuts nothing, and nothing lies in it
  if (plane) {
    const { center, right, down } = viewport.camera;
    return { normal: cameraNormal(viewport.camera), on: center, corners: square(center, right, down) };
  }
  const place = placeOf(viewport.shows);
  const corner = (/** @type {number} */ column, /** @type {number} */ row) => point(grid, place, column, row);
  const [right, bottom] = [grid.columns - 0.5, grid.rows - 0.5];
  const corners = [corner(-0.5, -0.5), corner(right, -0.5), corner(right, bottom), corner(-0.5, bottom)];
  return { normal: normal(grid), on: position(grid, place), corners };
}

/** @param {Vec} center @param {Vec} right @param {Vec} down @returns {Vec[]} */
const square = (center, right, down) =>
  [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ].map(([x = 0, y = 0]) => add(center, add(scale(right, x * FAR_MM), scale(down, y * FAR_MM))));

/** Where one sheet, as far as it reaches, cuts the plane of the other. @param {Sheet} one @param {Sheet} other
 * @returns {Vec[] | null} two points */
function cutOf(one, other) {
  if (norm(cross(one.normal, other.normal)) < PARALLEL) return null;
  const off = one.corners.map((corner) => dot(subtract(corner, other.on), other.normal));
  const cuts = one.corners.flatMap((corner, i) => {
    const next = (i + 1) % one.corners.length;
    const [a = 0, b = 0] = [off[i], off[next]];
    const to = one.corners[next];
    return to && a < 0 !== b < 0 ? [add(corner, scale(subtract(to, corner), a / (a - b)))] : [];
  });
  return cuts.length === 2 ? cuts : null;
}

/** The plane that a normal is nearest to. @param {Vec} direction @returns {PlaneName} */
function facing(direction) {
  const sizes = direction.map(Math.abs);
  const most = sizes.indexOf(Math.max(...sizes));
  return most === 0 ? "sagittal" : most === 1 ? "coronal" : "axial";
}
