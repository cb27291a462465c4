/**
 * The crosshair on a screen: one line for each other plane, handles on it, and what a press takes hold of. All in
 * device pixels of the canvas. Pure.
 */
/** @import {Camera, Case, Crosshair, StampedViewport, View, Viewport} from "../../wire.js" */
/** @import {PlaneName} from "./parts.js" */
/** @import {Vec} from "../vec.js" */
/** @import {Box} from "../view/clear.js" */
import { mmPerPixel, pixelAt } from "../view/camera.js";
import { seriesShown } from "../view/shows.js";
import { cross, dot, norm, scale } from "../vec.js";
import { cameraNormal, isLinked, planeOf, sameSpace } from "./parts.js";
import { distanceTo, sheetOf } from "./sheet.js";

/** @typedef {[number, number]} Point */
/**
 * @typedef {object} Line where another plane cuts this one
 * @property {PlaneName} name of the other
 * @property {string} viewport that shows it
 * @property {Point} along unit vector on the screen
 * @property {number} halfSlab half of the other's slab, in pixels
 */
/** @typedef {{viewport: StampedViewport, at: Point, lines: Line[]}} Drawn */
/** @typedef {{viewport: StampedViewport, at: Point, mm: number}} Away a stack: how far off the point lies */
/** @typedef {"move" | "line" | "turn" | "slab"} GripKind */
/** @typedef {{kind: GripKind, viewport: StampedViewport, line: Line | null, at: Point}} Grip */

/** Where handles stand, as parts of the smaller side of a viewport. */
const [TURN_AT, SLAB_AT] = [0.36, 0.22];
/** Of a hollow handle from its line, or from its slab's edge, in CSS pixels. */
export const SLAB_OFF_PX = 9;
/** Free of lines about the point, in CSS pixels. */
export const GAP_PX = 40;
/** Planes nearer to parallel than this have no line. */
const PARALLEL = 0.02;

/** The lines in a viewport that shows a linked plane; null in any other.
 * @param {StampedViewport} viewport painted @param {View} view @param {Case} kase @returns {Drawn | null} */
export function linesIn(viewport, view, kase) {
  const { crosshair } = view;
  const plane = planeOf(viewport.shows);
  if (!crosshair || !plane || plane.whole || !sameSpace(kase, plane.volume.series, crosshair.series)) return null;
  const { camera } = viewport;
  const others = view.viewports.filter((v) => v.id !== viewport.id && isLinked(v, crosshair, kase));
  /** @type {Line[]} */
  const lines = [];
  for (const other of others) {
    const line = lineOf(other, camera, mmPerPixel(camera, viewport.rect_px));
    if (line && !lines.some((one) => isSameLine(one, line))) lines.push(line);
  }
  return { viewport, at: pixelAt(camera, viewport.rect_px, crosshair.point), lines };
}

/** @param {Viewport} other @param {Camera} camera @param {number} mm of a pixel @returns {Line | null} */
function lineOf(other, camera, mm) {
  const plane = planeOf(other.shows);
  const along = cross(cameraNormal(camera), cameraNormal(other.camera));
  const size = norm(along);
  if (!plane || size < PARALLEL) return null;
  const unit = scale(along, 1 / size);
  const halfSlab = (plane.slab_mm ?? 0) / 2 / mm / size;
  const on = /** @type {Point} */ ([dot(unit, camera.right), dot(unit, camera.down)]);
  return { name: plane.name, viewport: other.id, along: on, halfSlab };
}

/** @param {Line} a @param {Line} b */
const isSameLine = (a, b) =>
  a.name === b.name && Math.abs(a.along[0] * b.along[1] - a.along[1] * b.along[0]) < PARALLEL;

/** Where the point lies against an image of its space, which shows no plane; on a whole volume just where it is.
 * @param {StampedViewport} viewport painted @param {Crosshair} crosshair @param {Case} kase @returns {Away | null} */
export function awayFrom(viewport, crosshair, kase) {
  const series = seriesShown(kase, viewport.shows);
  const plane = planeOf(viewport.shows);
  if (!series || series.unlisted || (plane && !plane.whole) || series.grid.space !== "patient") return null;
  if (!sameSpace(kase, series.key, crosshair.series)) return null;
  const at = pixelAt(viewport.camera, viewport.rect_px, crosshair.point);
  if (plane) return { viewport, at, mm: 0 };
  return { viewport, at, mm: distanceTo(sheetOf(series, viewport), crosshair.point) };
}

/** What the crosshair points at in a linked plane, where lines leave the picture free; null where there is none.
 * @param {StampedViewport} viewport painted @param {Crosshair | null} crosshair @param {Case} kase
 * @param {number} ratio device pixels of a CSS pixel @returns {Box | null} within the viewport */
export function pointedAt({ shows, camera, rect_px }, crosshair, kase, ratio) {
  const plane = planeOf(shows);
  if (!crosshair || !plane || plane.whole || !sameSpace(kase, plane.volume.series, crosshair.series)) return null;
  const [x, y] = pixelAt(camera, rect_px, crosshair.point);
  const half = (GAP_PX / 2) * ratio;
  return [x - rect_px[0] - half, y - rect_px[1] - half, 2 * half, 2 * half];
}

/** @param {Point} from @param {Point} along @param {number} far @param {number} [off] to its left @returns {Point} */
const step = (from, along, far, off = 0) => [
  from[0] + along[0] * far - along[1] * off,
  from[1] + along[1] * far + along[0] * off,
];

/** @param {StampedViewport} viewport */
const smaller = ({ rect_px: [, , w, h] }) => Math.min(w, h);

/** The round handles of a line, which turn. @param {Drawn} drawn @param {Line} line @returns {Point[]} */
export const turnHandles = ({ viewport, at }, { along }) =>
  [1, -1].map((side) => step(at, along, side * TURN_AT * smaller(viewport)));

/** The hollow handles of a line, which set the slab. @param {Drawn} drawn @param {Line} line
 * @param {number} ratio device pixels of a CSS pixel @returns {Point[]} */
export const slabHandles = ({ viewport, at }, { along, halfSlab }, ratio) =>
  [1, -1].flatMap((side) =>
    [1, -1].map((up) => step(at, along, side * SLAB_AT * smaller(viewport), up * (halfSlab + SLAB_OFF_PX * ratio))),
  );

/** @param {Point} a @param {Point} b */
const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** How far a place lies beside a line through the point: to its left, in pixels.
 * @param {Point} at of the point @param {Line} line @param {Point} p */
export const beside = (at, { along }, p) => along[0] * (p[1] - at[1]) - along[1] * (p[0] - at[0]);

/** What a press at a place takes hold of; null: nothing.
 * @param {Drawn} drawn @param {Point} p @param {{slop: number, ratio: number, handles: boolean}} how handles: they are
 *   seen @returns {Grip | null} */
export function gripAt(drawn, p, { slop, ratio, handles }) {
  const { viewport, at, lines } = drawn;
  const near = (/** @type {Point} */ handle) => distance(handle, p) <= slop;
  const grip = (/** @type {Grip["kind"]} */ kind, /** @type {Line | null} */ line) => ({ kind, viewport, line, at });
  const turned = handles ? lines.find((line) => turnHandles(drawn, line).some(near)) : undefined;
  if (turned) return grip("turn", turned);
  const thick = handles ? lines.find((line) => slabHandles(drawn, line, ratio).some(near)) : undefined;
  if (thick) return grip("slab", thick);
  if (lines.length > 0 && distance(at, p) <= Math.max(slop, (GAP_PX / 4) * ratio)) return grip("move", null);
  const free = distance(at, p) > (GAP_PX / 2) * ratio;
  const held = free ? lines.find((line) => Math.abs(beside(at, line, p)) <= slop) : undefined;
  return held ? grip("line", held) : null;
}

/** How far a drag has turned about the point, in degrees, clockwise on the screen.
 * @param {Point} at of the point @param {Point} from @param {Point} to */
export function turnedBy(at, from, to) {
  const angle = (/** @type {Point} */ p) => (Math.atan2(p[1] - at[1], p[0] - at[0]) * 180) / Math.PI;
  const by = angle(to) - angle(from);
  return by > 180 ? by - 360 : by < -180 ? by + 360 : by;
}

/** The angles of `tiltPlane` that turn a plane about a direction in it.
 * @param {Camera} camera of the plane @param {Vec} about a unit vector in its plane @param {number} degrees
 * @returns {[number, number]} */
export function tiltAbout({ right, down }, about, degrees) {
  const turn = (degrees * Math.PI) / 180;
  const [r, d] = [dot(about, right), dot(about, down)];
  const first = Math.asin(Math.min(1, Math.max(-1, r * Math.sin(turn))));
  const second = Math.atan2(d * Math.sin(turn), Math.cos(turn));
  return [(first * 180) / Math.PI, (second * 180) / Math.PI];
}
