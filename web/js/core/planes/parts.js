/** What acts on planes are made of: axes of the crosshair, what is linked, cameras that face them. Pure. */
/** @import {Camera, Case, Crosshair, Fusion, Plane, View, Viewport} from "../../wire.js" */
/** @import {Vec} from "../vec.js" */
/** @import {Shown} from "../view/shows.js" */
import { add, cross, dot, norm, scale, subtract } from "../vec.js";
import { isVolume, volumeGeometry } from "./volume.js";

/** @typedef {Plane["name"]} PlaneName */
/** @typedef {NonNullable<Plane["projection"]>} Projection */

/** @type {readonly PlaneName[]} */
export const NAMES = ["axial", "sagittal", "coronal"];

/** Of its axial plane. @param {Crosshair} crosshair @returns {{right: Vec, down: Vec}} */
export const axesOf = ({ right = [1, 0, 0], down = [0, 1, 0] }) => ({ right, down });

/** The normal of one of its planes. @param {Crosshair} crosshair @param {PlaneName} name @returns {Vec} */
export function axis(crosshair, name) {
  const { right, down } = axesOf(crosshair);
  if (name === "axial") return cross(right, down);
  return name === "sagittal" ? right : down;
}

/** Of a plane that nobody has turned: as it is read, with the head or the front above.
 * @param {Crosshair} crosshair @param {PlaneName} name @returns {{right: Vec, down: Vec}} */
export function directions(crosshair, name) {
  const { right, down } = axesOf(crosshair);
  const feet = scale(axis(crosshair, "axial"), -1);
  if (name === "axial") return { right, down };
  return name === "sagittal" ? { right: down, down: feet } : { right, down: feet };
}

/** Away from who looks at the screen. @param {Camera} camera @returns {Vec} */
export const cameraNormal = ({ right, down }) => cross(right, down);

/** The plane that is shown, below a fusion too. @param {Shown | undefined} shows @returns {Plane | null} */
export function planeOf(shows) {
  const base = shows?.type === "fusion" ? shows.base : shows;
  return base?.type === "plane" ? base : null;
}

/** The same of another plane. @param {Shown} shows @param {Plane} plane @returns {Plane | Fusion} */
export const withPlane = (shows, plane) => (shows.type === "fusion" ? { ...shows, base: plane } : plane);

/** Whether a point of one series is the same place in the other: one frame of reference.
 * @param {Case} kase @param {string} one key @param {string} other key */
export function sameSpace(kase, one, other) {
  if (one === other) return true;
  const frame = (/** @type {string} */ key) => kase.series.find((s) => s.key === key)?.frame_of_reference ?? "";
  return frame(one) !== "" && frame(one) === frame(other);
}

/** Whether its plane goes through the crosshair's point.
 * @param {Viewport} viewport @param {Crosshair} crosshair @param {Case} kase */
export function isLinked(viewport, crosshair, kase) {
  const plane = planeOf(viewport.shows);
  return plane !== null && !plane.whole && sameSpace(kase, plane.volume.series, crosshair.series);
}

/** The geometry of a volume of the case, where it is known. @param {Case} kase @param {string} key
 * @param {number} [time] */
export function geometryOf(kase, key, time = 0) {
  const series = kase.series.find((s) => s.key === key);
  return series && isVolume(series) ? volumeGeometry(series, time) : null;
}

/** Whether a volume that is linked, or the crosshair's own, holds the point.
 * @param {View} view @param {Crosshair} crosshair @param {Case} kase @param {Vec} point */
export function inReach(view, crosshair, kase, point) {
  const linked = view.viewports.filter((v) => isLinked(v, crosshair, kase)).map((v) => planeOf(v.shows)?.volume);
  return [...linked, { series: crosshair.series, time: 0 }].some(
    (volume) => volume && geometryOf(kase, volume.series, volume.time)?.holds(point),
  );
}

/** Turns vectors about a unit vector (Rodrigues). @param {Vec} about @param {number} degrees
 * @returns {(v: Vec) => Vec} */
export function rotation(about, degrees) {
  const turn = (degrees * Math.PI) / 180;
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  return (v) => add(add(scale(v, c), scale(cross(about, v), s)), scale(about, dot(about, v) * (1 - c)));
}

/** The same picture in the plane through the point. @param {Viewport} viewport @param {Crosshair} crosshair
 * @returns {Viewport} */
export function through(viewport, crosshair) {
  const { camera } = viewport;
  const normal = cameraNormal(camera);
  const off = dot(subtract(crosshair.point, camera.center), normal);
  return { ...viewport, camera: { ...camera, center: add(camera.center, scale(normal, off)) } };
}

/** The camera made exactly perpendicular to a normal, from the side that it looks from already.
 * @param {Camera} camera @param {Vec} normal @returns {Camera} */
export function facing(camera, normal) {
  const sided = dot(cameraNormal(camera), normal) >= 0 ? normal : scale(normal, -1);
  const towards = scale(sided, 1 / norm(sided));
  const across = subtract(camera.right, scale(towards, dot(camera.right, towards)));
  const right = scale(across, 1 / norm(across));
  return { ...camera, right, down: cross(towards, right) };
}

/** A direction and a turn about a point: of a camera, all of it.
 * @param {Camera} camera @param {Vec} point @param {(v: Vec) => Vec} turn @returns {Camera} */
export const turnedAbout = (camera, point, turn) => ({
  ...camera,
  center: add(point, turn(subtract(camera.center, point))),
  right: turn(camera.right),
  down: turn(camera.down),
});
