/**
 * Cameras are circles (consult/model/view.py): the smaller half of a viewport spans exactly the radius, on every
 * screen.
 * A rect is [x, y, width, height] in device pixels.
 */
/** @import {Camera, Grid} from "../../wire.js" */
/** @import {Vec} from "../vec.js" */
import { centre, orientationLetters, position } from "../geometry.js";
import { add, cross, dot, negate, scale, subtract } from "../vec.js";

/** @typedef {readonly [number, number, number, number]} Rect */
/** @typedef {"rotate-right" | "rotate-left" | "flip-horizontal" | "flip-vertical"} Turn */

export const MIN_RADIUS_MM = 0.5;
export const MAX_RADIUS_MM = 20_000;

/** Size of a device pixel, in the grid's unit. @param {Camera} camera @param {Rect} rect */
export const mmPerPixel = (camera, rect) => (2 * camera.radius) / Math.min(rect[2], rect[3]);

/**
 * Device pixels per image pixel along the axis that has fewer of them.
 * @param {Grid} grid @param {Camera} camera @param {Rect} rect
 */
export function scaleOf(grid, camera, rect) {
  const found = Math.min(grid.row_spacing, grid.column_spacing) / mmPerPixel(camera, rect);
  return Math.abs(found - 1) <= 1e-9 * Math.max(found, 1) ? 1 : found;
}

/** Half of an image's longer side: in that circle every screen shows all of it. @param {Grid} grid */
export function fitRadius(grid) {
  return clampRadius(Math.max(grid.rows * grid.row_spacing, grid.columns * grid.column_spacing) / 2);
}

/** @param {number} radius */
export const clampRadius = (radius) => Math.min(Math.max(radius, MIN_RADIUS_MM), MAX_RADIUS_MM);

/** The radius in which a camera, where it is, shows all of an image on every screen.
 * @param {Camera} camera @param {Grid} grid @param {number} place */
export function wholeRadius(camera, grid, place) {
  const off = subtract(centre(grid, place), camera.center);
  const [width, height] = [grid.columns * grid.column_spacing, grid.rows * grid.row_spacing];
  const reach = (/** @type {Vec} */ axis) =>
    Math.abs(dot(off, axis)) + (Math.abs(dot(axis, grid.right)) * width + Math.abs(dot(axis, grid.down)) * height) / 2;
  return clampRadius(Math.max(reach(camera.right), reach(camera.down)));
}

/**
 * The camera that shows a whole image, as it was acquired.
 * @param {Grid} grid
 * @param {number} place
 * @returns {Camera}
 */
export function fitted(grid, place) {
  return { center: centre(grid, place), radius: fitRadius(grid), right: grid.right, down: grid.down };
}

/**
 * As it is turned now, but the whole image.
 * @param {Camera} camera
 * @param {Grid} grid
 * @param {number} place
 * @returns {Camera}
 */
export function fit(camera, grid, place) {
  return { ...camera, center: centre(grid, place), radius: fitRadius(grid) };
}

/**
 * One image pixel on one device pixel.
 * @param {Camera} camera
 * @param {Grid} grid
 * @param {Rect} rect
 * @returns {Camera}
 */
export function oneToOne(camera, grid, rect) {
  const spacing = Math.min(grid.row_spacing, grid.column_spacing);
  return { ...camera, radius: clampRadius((spacing * Math.min(rect[2], rect[3])) / 2) };
}

/** A centre that moves by less stays where it is. */
const STILL_MM = 1e-6;

/**
 * The camera at another place of the same stack: its images stay where they are on the screen, also where they are
 * shifted against each other in the patient, as a tilted gantry does.
 * @param {Camera} camera @param {Grid} grid @param {number} from place @param {number} to place @returns {Camera}
 */
export function carried(camera, grid, from, to) {
  const moved = subtract(position(grid, to), position(grid, from));
  const n = cross(grid.right, grid.down);
  const across = subtract(moved, scale(n, dot(moved, n)));
  return Math.hypot(...across) < STILL_MM ? camera : { ...camera, center: add(camera.center, across) };
}

/** Directions closer than this run along an axis; steps closer than this are one pixel. */
const ALONG = 1e-9;

/**
 * Where an image pixel is as large as a device pixel: the camera moved, by half a pixel at most, so that each device
 * pixel shows one image pixel and nothing is interpolated. Otherwise the same camera.
 * @param {Camera} camera @param {Grid} grid @param {number} place @param {Rect} rect @returns {Camera}
 */
export function snap(camera, grid, place, rect) {
  const step = mmPerPixel(camera, rect);
  const from = subtract(camera.center, position(grid, place));
  const off = (/** @type {Vec} */ axis, /** @type {number} */ length) => {
    const across = 1 - Math.abs(dot(axis, grid.right)) < ALONG;
    const spacing = across ? grid.column_spacing : grid.row_spacing;
    if (!across && 1 - Math.abs(dot(axis, grid.down)) >= ALONG) return 0;
    if (Math.abs(step / spacing - 1) >= ALONG) return 0;
    const at = dot(from, axis) / spacing - (length - 1) / 2;
    return (Math.round(at) - at) * spacing;
  };
  const { right, down } = camera;
  const [x, y] = [off(right, rect[2]), off(down, rect[3])];
  return x === 0 && y === 0 ? camera : { ...camera, center: add(camera.center, add(scale(right, x), scale(down, y))) };
}

/**
 * The point of the picture's plane under a device pixel position of the canvas.
 * @param {Camera} camera @param {Rect} rect @param {number} x @param {number} y @returns {Vec}
 */
export function pointAt(camera, rect, x, y) {
  const step = mmPerPixel(camera, rect);
  const dx = (x - rect[0] - rect[2] / 2) * step;
  const dy = (y - rect[1] - rect[3] / 2) * step;
  return add(camera.center, add(scale(camera.right, dx), scale(camera.down, dy)));
}

/**
 * Where a point lies on the canvas, in device pixels.
 * @param {Camera} camera @param {Rect} rect @param {Vec} at @returns {[number, number]}
 */
export function pixelAt(camera, rect, at) {
  const d = subtract(at, camera.center);
  const step = mmPerPixel(camera, rect);
  return [rect[0] + rect[2] / 2 + dot(d, camera.right) / step, rect[1] + rect[3] / 2 + dot(d, camera.down) / step];
}

/** Move the picture with the pointer by (dx, dy) device pixels. @param {Camera} camera @param {Rect} rect
 * @param {number} dx @param {number} dy @returns {Camera} */
export function pan(camera, rect, dx, dy) {
  const step = mmPerPixel(camera, rect);
  return {
    ...camera,
    center: add(camera.center, add(scale(camera.right, -dx * step), scale(camera.down, -dy * step))),
  };
}

/** Magnify by `factor`; what lies under (x, y) stays there. @param {Camera} camera @param {Rect} rect
 * @param {number} factor @param {[number, number]} [about] @returns {Camera} */
export function zoom(camera, rect, factor, about) {
  const radius = clampRadius(camera.radius / factor);
  if (!about) return { ...camera, radius };
  const held = pointAt(camera, rect, about[0], about[1]);
  const center = add(held, scale(subtract(camera.center, held), radius / camera.radius));
  return { ...camera, center, radius };
}

/** Turn what is on the screen. @param {Camera} camera @param {Turn} how @returns {Camera} */
export function turn(camera, how) {
  const { right, down } = camera;
  switch (how) {
    case "rotate-right":
      return { ...camera, right: negate(down), down: right };
    case "rotate-left":
      return { ...camera, right: down, down: negate(right) };
    case "flip-horizontal":
      return { ...camera, right: negate(right) };
    case "flip-vertical":
      return { ...camera, down: negate(down) };
  }
}

/** @param {Camera} camera @param {Pick<Grid, "right" | "down">} grid */
export const isFlipped = (camera, grid) => dot(cross(camera.right, camera.down), cross(grid.right, grid.down)) < 0;

/** Not as it was acquired, and not by a flip alone. @param {Camera} camera
 * @param {Pick<Grid, "right" | "down">} grid */
export function isRotated(camera, grid) {
  return (
    Math.abs(dot(camera.right, grid.right)) < 0.999 || (!isFlipped(camera, grid) && dot(camera.right, grid.right) < 0)
  );
}

/**
 * Letters at the edges of the picture: by its plane, else by PatientOrientation; none where there is neither.
 * @param {Camera} camera @param {Grid} grid @param {readonly [string, string] | null} [orientation] of the image
 */
export function edgeLetters(camera, grid, orientation = null) {
  if (grid.space !== "patient" && !orientation) return null;
  const letters = (/** @type {Vec} */ direction) =>
    grid.space === "patient" ? orientationLetters(direction) : lettersInImage(direction, orientation ?? ["", ""]);
  return {
    left: letters(negate(camera.right)),
    right: letters(camera.right),
    top: letters(negate(camera.down)),
    bottom: letters(camera.down),
  };
}

/** @type {Record<string, string>} */
const OPPOSITE = { R: "L", L: "R", A: "P", P: "A", H: "F", F: "H" };

/** Of a direction in an image that has no plane; nothing aslant. @param {Vec} direction
 * @param {readonly [string, string]} orientation where its rows and its columns lead to */
function lettersInImage([x, y], [row, column]) {
  const [along, letters] = Math.abs(x) > Math.abs(y) ? [x, row] : [y, column];
  if (Math.abs(along) < 0.999) return "";
  return along > 0 ? letters : [...letters].map((letter) => OPPOSITE[letter] ?? "").join("");
}
