/** Where a place on the screen lies in space, for what is drawn there; lengths on the screen in device pixels. Pure. */
/** @import {Series, Shape, StampedViewport} from "../../wire.js" */
/** @import {Vec} from "../vec.js" */
/** @import {Point2} from "./marks.js" */
/** @import {Reach} from "./sketch.js" */
import { cameraNormal, planeOf } from "../planes/parts.js";
import { mmPerPixel, pointAt } from "../view/camera.js";
import { imageNear, locate } from "../view/series.js";
import { imageOf, timeOf } from "../view/shows.js";
import { asDeepAs, onPlane, rounded, whereOf } from "./marks.js";
import { Sketch } from "./sketch.js";

/** So far from each other are the points of a line that is drawn freely, in CSS pixels. */
const STEP_PX = 3;

/**
 * On the image that a shape was drawn on; of one in space beside what is held, never towards who looks.
 * @param {StampedViewport} viewport that is drawn in @param {Series} series of the shape @param {Shape} shape
 * @param {Point2} at @param {Vec | null} depth what is held @returns {Vec}
 */
export function placeIn(viewport, series, shape, at, depth) {
  const under = pointAt(viewport.camera, viewport.rect_px, at[0], at[1]);
  if (!shape.in_space) return onPlane(series.grid, locate(series, shape.image).place, under);
  return rounded(depth ? asDeepAs(under, depth, cameraNormal(viewport.camera)) : under);
}

/** How far is far on the screen, in mm. @param {StampedViewport} viewport @param {number} slop @param {number} ratio
 * device pixels per CSS pixel @returns {Reach} */
export function reachIn({ camera, rect_px }, slop, ratio) {
  const mm = mmPerPixel(camera, rect_px);
  return { least: mm * ratio * STEP_PX, near: mm * slop };
}

/**
 * A shape begins.
 * @param {StampedViewport} viewport @param {Series} series that it shows @param {Point2} at
 * @param {{id: string, kind: Shape["kind"], reach: Reach}} what
 */
export function sketchAt(viewport, series, at, { id, kind, reach }) {
  const { shows, camera } = viewport;
  const plane = planeOf(shows);
  const under = pointAt(camera, viewport.rect_px, at[0], at[1]);
  const image = plane ? imageNear(series, under, timeOf(shows)) : imageOf(series, shows);
  const point = plane ? rounded(under) : onPlane(series.grid, locate(series, image).place, under);
  return new Sketch({ id, kind, series: series.key, image, ...whereOf(shows) }, point, camera, reach);
}
