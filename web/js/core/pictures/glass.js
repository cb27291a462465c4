/** What the magnifier shows: the picture under a point, at least one device pixel for each pixel of the image. Pure. */
/** @import {Camera, Case, StampedViewport, Viewport} from "../../wire.js" */
/** @import {Point} from "../planes/crosshair.js" */
import { pixel, point } from "../geometry.js";
import { clampRadius, pointAt, snap } from "../view/camera.js";
import { placeOf, seriesShown } from "../view/shows.js";
import { geometryOf, planeOf } from "../planes/parts.js";

/** Against the picture around it. */
const LARGER = 2;
const MOST = 16;

/** Device pixels for a pixel of the image, in a picture that is so large already: whole, so that every pixel is as
 * large as the next. @param {number} scale of the picture */
export const glassScale = (scale) => Math.min(MOST, Math.max(1, Math.round(LARGER * scale)));

/** A mask as its file has it. @type {[number, number]} */
const NOT_MOVED = [0, 0];

/**
 * @param {StampedViewport} viewport painted
 * @param {Case} kase
 * @param {Point} at device pixels of the canvas
 * @param {number} size of the glass, device pixels
 * @returns {{viewport: Viewport, scale: number} | null} null where nothing is known of it
 */
export function glassAt(viewport, kase, at, size) {
  const series = seriesShown(kase, viewport.shows);
  const finest = series && finestOf(kase, viewport);
  if (!series || series.unlisted || !finest) return null;
  const scale = glassScale(viewport.scale);
  const radius = clampRadius((finest * size) / 2 / scale);
  const under = pointAt(viewport.camera, viewport.rect_px, at[0], at[1]);
  /** @type {Camera} */
  const camera = { ...viewport.camera, center: under, radius };
  const { id, shows, window = null, invert = false, without = [], palette = "", segmentations = [] } = viewport;
  const look = {
    window,
    invert,
    without,
    palette,
    segmentations,
    presentation_state: viewport.presentation_state ?? "",
    mask_shift: viewport.mask_shift ?? NOT_MOVED,
    mask_frames: viewport.mask_frames ?? [],
  };
  return { viewport: { id, shows, camera: aimed(camera, viewport, kase, size), ...look }, scale };
}

/** Of an image: on a pixel of it, so that a small move asks for nothing new. @param {Camera} camera
 * @param {StampedViewport} viewport @param {Case} kase @param {number} size @returns {Camera} */
function aimed(camera, viewport, kase, size) {
  const series = seriesShown(kase, viewport.shows);
  const place = placeOf(viewport.shows);
  if (!series || place < 0) return camera;
  const { grid } = series;
  const [column, row] = pixel(grid, place, camera.center);
  const center = point(grid, place, Math.round(column), Math.round(row));
  return snap({ ...camera, center }, grid, place, [0, 0, size, size]);
}

/** Size of a pixel of the image, or of a voxel, in its grid's unit. @param {Case} kase
 * @param {StampedViewport} viewport */
function finestOf(kase, { shows }) {
  const volume = planeOf(shows)?.volume;
  if (volume) return geometryOf(kase, volume.series, volume.time)?.finestMm ?? 0;
  const grid = seriesShown(kase, shows)?.grid;
  return grid ? Math.min(grid.row_spacing, grid.column_spacing) : 0;
}
