/** What a drag on the crosshair does to the view that it began with: absolute, so that nothing drifts. Pure. */
/** @import {Case, View} from "../../wire.js" */
/** @import {Grip, Point} from "./crosshair.js" */
/** @import {PlaneName, Projection} from "./parts.js" */
import { mmPerPixel, pointAt } from "../view/camera.js";
import { add, cross, dot, scale, subtract } from "../vec.js";
import { movePoint, setSlab, tiltPlane, turnPlanes } from "./acts.js";
import { beside, SLAB_OFF_PX, tiltAbout, turnedBy } from "./crosshair.js";
import { axis, cameraNormal, isLinked, planeOf } from "./parts.js";

/** Thinner slabs are none. */
const LEAST_SLAB_MM = 1;
/** A slab that is dragged has so many steps in a mm. */
const STEPS = 2;

/**
 * @typedef {object} DragOf
 * @property {Grip} grip
 * @property {Point} from where it was pressed
 * @property {Point} to where it is now
 * @property {boolean} alone the plane of the line is tilted, and not both are turned
 * @property {Projection} projection of a slab that had none
 * @property {number} ratio device pixels of a CSS pixel
 */

/** @param {View} start @param {Case} kase @param {DragOf} drag @returns {View} */
export function dragged(start, kase, drag) {
  switch (drag.grip.kind) {
    case "move":
      return movePoint(start, kase, add(pointOf(start), offsetOf(drag)));
    case "line":
      return alongNormal(start, kase, drag);
    case "turn":
      return drag.alone || planeOf(drag.grip.viewport.shows)?.tilted
        ? tilted(start, kase, drag)
        : turned(start, kase, drag);
    case "slab":
      return thickened(start, kase, drag);
  }
}

/** @param {View} view @returns {[number, number, number]} */
const pointOf = (view) => view.crosshair?.point ?? [0, 0, 0];

/** How far the pointer has moved in the plane, mm. @param {DragOf} drag */
function offsetOf({ grip, from, to }) {
  const { camera, rect_px } = grip.viewport;
  return subtract(pointAt(camera, rect_px, ...to), pointAt(camera, rect_px, ...from));
}

/** The line goes with the pointer, and its plane with it.
 * @param {View} start @param {Case} kase @param {DragOf} drag */
function alongNormal(start, kase, drag) {
  const { camera } = drag.grip.viewport;
  const [x = 0, y = 0] = drag.grip.line?.along ?? [];
  const beside = add(scale(camera.right, -y), scale(camera.down, x));
  return movePoint(start, kase, add(pointOf(start), scale(beside, dot(offsetOf(drag), beside))));
}

/** Both others turn. @param {View} start @param {Case} kase @param {DragOf} drag */
function turned(start, kase, { grip, from, to }) {
  const plane = planeOf(grip.viewport.shows);
  if (!start.crosshair || !plane) return start;
  const side = Math.sign(dot(cameraNormal(grip.viewport.camera), axis(start.crosshair, plane.name))) || 1;
  return turnPlanes(start, kase, grip.viewport.id, side * turnedBy(grip.at, from, to));
}

/** Linked viewports that show the plane of that name. @param {View} view @param {Case} kase @param {PlaneName} name */
const ofName = (view, kase, name) =>
  view.viewports.filter((v) => planeOf(v.shows)?.name === name && view.crosshair && isLinked(v, view.crosshair, kase));

/** The plane of the line turns alone. @param {View} start @param {Case} kase @param {DragOf} drag */
function tilted(start, kase, { grip, from, to }) {
  if (!grip.line) return start;
  const about = cameraNormal(grip.viewport.camera);
  const degrees = turnedBy(grip.at, from, to);
  return ofName(start, kase, grip.line.name).reduce((view, { id, camera }) => {
    const n = cameraNormal(camera);
    const inPlane = subtract(about, scale(n, dot(about, n)));
    const size = Math.hypot(...cross(about, n));
    return size === 0 ? view : tiltPlane(view, kase, id, tiltAbout(camera, scale(inPlane, 1 / size), degrees));
  }, start);
}

/** The slab reaches to where the handle is. @param {View} start @param {Case} kase @param {DragOf} drag */
function thickened(start, kase, { grip, to, projection, ratio }) {
  if (!grip.line) return start;
  const { camera, rect_px } = grip.viewport;
  const reach = Math.abs(beside(grip.at, grip.line, to)) - SLAB_OFF_PX * ratio;
  const mm = Math.round(2 * Math.max(0, reach) * mmPerPixel(camera, rect_px) * STEPS) / STEPS;
  return slabbed(start, kase, grip.line.name, mm < LEAST_SLAB_MM ? 0 : mm, projection);
}

/** All planes of a name with a slab of so many mm; what had one shows of it what it did.
 * @param {View} view @param {Case} kase @param {PlaneName} name @param {number} mm @param {Projection} projection */
export const slabbed = (view, kase, name, mm, projection) =>
  ofName(view, kase, name).reduce((next, { id, shows }) => {
    const plane = planeOf(shows);
    return setSlab(next, id, mm, (plane?.slab_mm ?? 0) > 0 ? (plane?.projection ?? "mean") : projection);
  }, view);
