/**
 * Acts on planes: each takes a view and gives the view that somebody wants instead. The twin of
 * consult/model/planes/acts.py, which has the rules of the file; docs/planes.md numbers what holds after any of them,
 * and tests/planes-acts.json has sequences that both must meet. Without a crosshair nothing changes.
 */
/** @import {Case, Crosshair, Plane, View, Viewport} from "../../wire.js" */
/** @import {Vec} from "../vec.js" */
/** @import {Projection} from "./parts.js" */
import { add, dot, norm, scale, subtract } from "../vec.js";
import {
  axesOf,
  axis,
  cameraNormal,
  directions,
  facing,
  geometryOf,
  inReach,
  isLinked,
  planeOf,
  rotation,
  through,
  turnedAbout,
  withPlane,
} from "./parts.js";

export const MAX_SLAB_MM = 50;

/** @param {View} view @param {string} id */
const viewportOf = (view, id) => view.viewports.find((v) => v.id === id);

/** @param {View} view @param {Viewport} viewport @returns {View} */
const withViewport = (view, viewport) => ({
  ...view,
  viewports: view.viewports.map((v) => (v.id === viewport.id ? viewport : v)),
});

/** The view with all linked planes changed. @param {View} view @param {Case} kase
 * @param {(viewport: Viewport, plane: Plane) => Viewport} change @returns {View} */
function linked(view, kase, change) {
  const { crosshair } = view;
  if (!crosshair) return view;
  const changed = (/** @type {Viewport} */ viewport) => {
    const plane = planeOf(viewport.shows);
    return plane && isLinked(viewport, crosshair, kase) ? change(viewport, plane) : viewport;
  };
  return { ...view, viewports: view.viewports.map(changed) };
}

/** The crosshair to a point, or to the edge of its volume. No picture is panned.
 * @param {View} view @param {Case} kase @param {Vec} point @returns {View} */
export function movePoint(view, kase, point) {
  const { crosshair } = view;
  if (!crosshair) return view;
  const reached = inReach(view, crosshair, kase, point);
  const at = reached ? point : (geometryOf(kase, crosshair.series)?.clamped(point) ?? crosshair.point);
  const moved = { ...crosshair, point: at };
  return linked({ ...view, crosshair: moved }, kase, (viewport) => through(viewport, moved));
}

/** The point along a plane's normal, by so many layers of voxels: all linked planes show it.
 * @param {View} view @param {Case} kase @param {string} id @param {number} steps @returns {View} */
export function scrollPlane(view, kase, id, steps) {
  const viewport = viewportOf(view, id);
  const volume = planeOf(viewport?.shows)?.volume;
  const geometry = volume && geometryOf(kase, volume.series, volume.time);
  if (!view.crosshair || !viewport || !geometry) return view;
  const normal = cameraNormal(viewport.camera);
  return movePoint(view, kase, add(view.crosshair.point, scale(normal, steps * geometry.layerMm(normal))));
}

/** @param {Crosshair} crosshair @returns {Crosshair} */
function orthonormal(crosshair) {
  const axes = axesOf(crosshair);
  const right = scale(axes.right, 1 / norm(axes.right));
  const down = subtract(axes.down, scale(right, dot(right, axes.down)));
  return { ...crosshair, right, down: scale(down, 1 / norm(down)) };
}

/** The other planes about this one's normal, through the point: they stay perpendicular to it and each other.
 * @param {View} view @param {Case} kase @param {string} id @param {number} degrees @returns {View} */
export function turnPlanes(view, kase, id, degrees) {
  const [before, viewport] = [view.crosshair, viewportOf(view, id)];
  const about = planeOf(viewport?.shows);
  if (!before || !viewport || !about || about.tilted || !isLinked(viewport, before, kase)) return view;
  const turn = rotation(axis(before, about.name), degrees);
  const { right, down } = axesOf(before);
  const after = orthonormal({ ...before, right: turn(right), down: turn(down) });
  return linked({ ...view, crosshair: after }, kase, (other, plane) => {
    if (plane.tilted) return other;
    const camera = plane.name === about.name ? other.camera : turnedAbout(other.camera, after.point, turn);
    return through({ ...other, camera: facing(camera, axis(after, plane.name)) }, after);
  });
}

/** One plane about its own screen axes (right, then down), through the point; the others stay.
 * @param {View} view @param {Case} kase @param {string} id @param {[number, number]} degrees @returns {View} */
export function tiltPlane(view, kase, id, degrees) {
  const [crosshair, viewport] = [view.crosshair, viewportOf(view, id)];
  const plane = planeOf(viewport?.shows);
  if (!crosshair || !viewport || !plane || !isLinked(viewport, crosshair, kase)) return view;
  const { right, down } = viewport.camera;
  const first = turnedAbout(viewport.camera, crosshair.point, rotation(right, degrees[0]));
  const both = turnedAbout(first, crosshair.point, rotation(down, degrees[1]));
  const shows = withPlane(viewport.shows, { ...plane, tilted: true });
  return withViewport(view, through({ ...viewport, shows, camera: facing(both, cameraNormal(both)) }, crosshair));
}

/** A tilted plane perpendicular to its axis again, as it is read.
 * @param {View} view @param {Case} kase @param {string} id @returns {View} */
export function straightenPlane(view, kase, id) {
  const [crosshair, viewport] = [view.crosshair, viewportOf(view, id)];
  const plane = planeOf(viewport?.shows);
  if (!crosshair || !viewport || !plane || !isLinked(viewport, crosshair, kase)) return view;
  const camera = { ...viewport.camera, center: crosshair.point, ...directions(crosshair, plane.name) };
  return withViewport(view, { ...viewport, shows: withPlane(viewport.shows, { ...plane, tilted: false }), camera });
}

/** How thick a plane is, and what it shows of that.
 * @param {View} view @param {string} id @param {number} mm @param {Projection} projection @returns {View} */
export function setSlab(view, id, mm, projection) {
  const viewport = viewportOf(view, id);
  const plane = planeOf(viewport?.shows);
  if (!viewport || !plane || plane.whole) return view;
  const slab = { ...plane, slab_mm: Math.min(Math.max(mm, 0), MAX_SLAB_MM), projection };
  return withViewport(view, { ...viewport, shows: withPlane(viewport.shows, slab) });
}

/** A picture within its own plane, about its middle. @param {View} view @param {string} id @param {number} degrees
 * @returns {View} */
export function spinPlane(view, id, degrees) {
  const viewport = viewportOf(view, id);
  if (!viewport) return view;
  const { camera } = viewport;
  const turn = rotation(cameraNormal(camera), degrees);
  const turned = { ...camera, right: turn(camera.right), down: turn(camera.down) };
  return withViewport(view, { ...viewport, camera: facing(turned, cameraNormal(camera)) });
}
