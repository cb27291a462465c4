/**
 * Patient-space geometry (PS3.3 C.7.6.2.1.1): the mirror of consult/model/geometry.py.
 * Points are LPS millimetres; pixel coordinates are (column, row) with centres at whole numbers.
 */
/** @import {Grid} from "../wire.js" */
/** @import {Vec} from "./vec.js" */
import { add, cross, dot, scale, subtract } from "./vec.js";

/** Components weaker than this (5 degrees off an axis) have no letter. */
export const OBLIQUE_COSINE = 0.0872;
const AXES = /** @type {const} */ ([
  ["L", "R"],
  ["P", "A"],
  ["H", "F"],
]);

/** Unit vector of increasing slice position. @param {Grid} grid @returns {Vec} */
export const normal = (grid) => cross(grid.right, grid.down);

/**
 * Position of the centre of pixel (0, 0) at a place; indexes beyond the stack mean its ends.
 * @param {Grid} grid @param {number} place @returns {Vec}
 */
export function position(grid, place) {
  const last = grid.positions.length - 1;
  return grid.positions[Math.min(Math.max(place, 0), last)] ?? [0, 0, 0];
}

/** Signed distance of a place's plane from the origin, in mm. @param {Grid} grid @param {number} place */
export const location = (grid, place) => dot(position(grid, place), normal(grid));

/**
 * Pixel coordinates at a place to a point in space.
 * @param {Grid} grid @param {number} place @param {number} column @param {number} row @returns {Vec}
 */
export function point(grid, place, column, row) {
  const across = scale(grid.right, column * grid.column_spacing);
  return add(position(grid, place), add(across, scale(grid.down, row * grid.row_spacing)));
}

/**
 * A point in space, dropped onto a place's plane, to [column, row].
 * @param {Grid} grid @param {number} place @param {Vec} at @returns {[number, number]}
 */
export function pixel(grid, place, at) {
  const d = subtract(at, position(grid, place));
  return [dot(d, grid.right) / grid.column_spacing, dot(d, grid.down) / grid.row_spacing];
}

/** Centre of the images' area at a place. @param {Grid} grid @param {number} place @returns {Vec} */
export const centre = (grid, place) => point(grid, place, (grid.columns - 1) / 2, (grid.rows - 1) / 2);

/** The place whose plane lies nearest to a location along the normal. @param {Grid} grid @param {number} at */
export function nearest(grid, at) {
  let best = 0;
  let distance = Infinity;
  for (let i = 0; i < grid.positions.length; i++) {
    const d = Math.abs(location(grid, i) - at);
    if (d < distance) [best, distance] = [i, d];
  }
  return best;
}

/**
 * Letters of a direction in the patient, the strongest first (PS3.3 C.7.6.1.1.1): "L", "AL", "FPR".
 * @param {Vec} direction
 */
export function orientationLetters(direction) {
  return [0, 1, 2]
    .filter((i) => Math.abs(/** @type {number} */ (direction[i])) > OBLIQUE_COSINE)
    .sort(
      (i, j) =>
        Math.abs(/** @type {number} */ (direction[j])) - Math.abs(/** @type {number} */ (direction[i])) || j - i,
    )
    .map((i) => AXES[/** @type {0 | 1 | 2} */ (i)][/** @type {number} */ (direction[i]) < 0 ? 1 : 0])
    .join("");
}

/** Degrees between the normal of a stack and the way from its first to its last image: the tilt of a CT's gantry.
 * @param {Grid} grid */
export function tilt(grid) {
  const between = subtract(position(grid, Infinity), position(grid, 0));
  const [along, whole] = [Math.abs(dot(between, normal(grid))), Math.hypot(...between)];
  return grid.space === "patient" && whole > 0 ? (Math.acos(Math.min(1, along / whole)) * 180) / Math.PI : 0;
}

/** Whether two stacks lie in parallel planes of patient space, so that they can be linked by position.
 * @param {Grid} a @param {Grid} b */
export function parallel(a, b) {
  return a.space === "patient" && b.space === "patient" && dot(normal(a), normal(b)) > 0.99;
}
