/**
 * Marks in space: what a view cuts of them, what is under the pointer, and how their handles move them.
 * Points lie in the space of the grid of the series that a mark was drawn on (consult/model/mark.py).
 */
/** @import {Case, Grid, Mark, Series, Shape, StampedViewport} from "../../wire.js" */
/** @import {Vec} from "../vec.js" */
/** @import {Box} from "../view/clear.js" */
import { alignmentOf } from "../alignment/alignment.js";
import { normal, position } from "../geometry.js";
import { planeOf } from "../planes/parts.js";
import { sheetOf, slice } from "../planes/sheet.js";
import { add, dot, scale, subtract } from "../vec.js";
import { clearShift } from "../view/clear.js";
import { imageAt, locate } from "../view/series.js";
import { placeOf as placeShown, timeOf } from "../view/shows.js";

/** @typedef {[number, number]} Point2 device pixels on the canvas */
/** @typedef {(at: Vec) => Point2} Project */

/** Points of a contour or a polyline at most. */
export const MAX_VERTICES = 128;
/** How many points each kind has, at least and at most. @type {Record<Shape["kind"], [number, number]>} */
export const POINTS = {
  arrow: [2, 2],
  text: [1, 1],
  length: [2, 2],
  angle: [3, 3],
  ellipse: [3, 3],
  probe: [1, 1],
  bidirectional: [4, 4],
  cobb: [4, 4],
  circle: [3, 3],
  rectangle: [4, 4],
  freehand: [3, MAX_VERTICES],
  polyline: [2, MAX_VERTICES],
  polygon: [3, MAX_VERTICES],
};
/** Those that enclose something. @type {ReadonlySet<Shape["kind"]>} */
export const AREA_KINDS = new Set(["ellipse", "circle", "rectangle", "freehand", "polygon"]);
/** Those of two lines. @type {ReadonlySet<Shape["kind"]>} */
const TWO_LINES = new Set(["bidirectional", "cobb"]);
/** Whether it has a centre and two semi-axes. @param {Shape["kind"]} kind */
export const isRound = (kind) => kind === "ellipse" || kind === "circle";
export const MAX_LABEL = 120;
/** Corners of the polygon that stands for an ellipse. */
const CORNERS = 64;
/** Closer than this to the edge of a slab is on it, in mm. */
const EDGE = 1e-4;
/** Coordinates are rounded to so many digits. */
const DIGITS = 4;

/** @param {Shape} shape @param {number} i @returns {Vec} */
const pointOf = (shape, i) => /** @type {Vec} */ (shape.points[i] ?? [0, 0, 0]);

/** The series of a case that a shape was drawn on. @param {Case} kase @param {Shape} shape @returns {Series | null} */
export const seriesUnder = (kase, shape) => kase.series.find((s) => s.key === shape.series) ?? null;

/** The frame of reference in which a shape has a meaning; "" where it means its series alone.
 * @param {Shape} shape @param {Series | null} series that it was drawn on */
export function frameOf(shape, series) {
  if ("frame_of_reference" in shape) return /** @type {Mark} */ (shape).frame_of_reference;
  return series?.grid.space === "patient" ? series.frame_of_reference : "";
}

/** Shapes never change: what is computed of one is kept with it. @type {WeakMap<Shape, Vec[][]>} */
const outlines = new WeakMap();
/** @type {WeakMap<Shape, Map<string, number>>} */
const wholeAt = new WeakMap();

/** The lines of a shape in space. @param {Shape} shape @returns {Vec[][]} */
export function outline(shape) {
  const known = outlines.get(shape) ?? linesOf(shape);
  outlines.set(shape, known);
  return known;
}

/** Closed where it encloses something; two lines of a bidirectional and of a Cobb angle.
 * @param {Shape} shape @returns {Vec[][]} */
function linesOf(shape) {
  const points = /** @type {Vec[]} */ (shape.points);
  if (isRound(shape.kind)) return rim(shape);
  if (TWO_LINES.has(shape.kind)) return [points.slice(0, 2), points.slice(2)];
  return [AREA_KINDS.has(shape.kind) ? [...points, pointOf(shape, 0)] : points];
}

/** @param {Shape} shape of an ellipse or a circle @returns {Vec[][]} */
function rim(shape) {
  const centre = pointOf(shape, 0);
  const [one, other] = [subtract(pointOf(shape, 1), centre), subtract(pointOf(shape, 2), centre)];
  return [
    Array.from({ length: CORNERS + 1 }, (_, i) => {
      const turn = (2 * Math.PI * (i % CORNERS)) / CORNERS;
      return add(centre, add(scale(one, Math.cos(turn)), scale(other, Math.sin(turn))));
    }),
  ];
}

/** @typedef {{whole: boolean, lines: Vec[][]}} Piece what a view shows of a shape; whole: all of it */

/**
 * What an image shows of a shape, or null where it does not cut it: a mark never shows on a slice that it is not in. In
 * its own stack that is its own image, of its own time: it lies in the plane of it.
 * @param {Shape} shape
 * @param {string} frame of reference, by `frameOf`
 * @param {Series} series shown
 * @param {number} place
 * @param {number} [time]
 * @returns {Piece | null}
 */
export function cut(shape, frame, series, place, time = 0) {
  if (shape.series === series.key && !shape.in_space)
    return shape.image === imageAt(series, place, time) ? { whole: true, lines: outline(shape) } : null;
  if (!isOfSpace(shape, frame, series, time)) return null;
  return between(shape, normal(series.grid), slice(series, place));
}

/** What a viewport shows of a shape: an image, as `cut` has it, or a plane within its slab.
 * @param {Shape} shape @param {string} frame of reference @param {Series} series shown
 * @param {Pick<StampedViewport, "shows" | "camera">} viewport @returns {Piece | null} */
export function cutOn(shape, frame, series, viewport) {
  const { shows } = viewport;
  if (!planeOf(shows)) return cut(shape, frame, series, placeShown(shows), timeOf(shows));
  if (!isOfSpace(shape, frame, series, timeOf(shows))) return null;
  const sheet = sheetOf(series, viewport);
  return between(shape, sheet.normal, [sheet.low, sheet.high]);
}

/** Whether a shape lies in the space of a series; of its own at its own time.
 * @param {Shape} shape @param {string} frame @param {Series} series @param {number} time */
function isOfSpace(shape, frame, series, time) {
  if (series.grid.space !== "patient") return false;
  if (shape.series === series.key) return locate(series, shape.image).time === time;
  return frame !== "" && frame === series.frame_of_reference;
}

/** @param {Shape} shape @param {Vec} n @param {[number, number]} range along n @returns {Piece | null} */
function between(shape, n, [low, high]) {
  const inside = (/** @type {Vec} */ at) => dot(at, n) >= low - EDGE && dot(at, n) < high - EDGE;
  const lines = outline(shape);
  if (lines.every((line) => line.every(inside))) return { whole: true, lines };
  const pieces = lines.flatMap((line) => clip(line, n, low, high));
  return pieces.length > 0 ? { whole: false, lines: pieces } : null;
}

/**
 * The first place of a stack that has all of a shape, or -1.
 * @param {Shape} shape
 * @param {string} frame
 * @param {Series} series
 */
export function placeOf(shape, frame, series) {
  if (series.unlisted) return -1;
  if (shape.series === series.key && !shape.in_space) return locate(series, shape.image).place;
  if (shape.series !== series.key && (frame === "" || frame !== series.frame_of_reference)) return -1;
  if (series.grid.space !== "patient") return -1;
  const known = wholeAt.get(shape) ?? new Map();
  wholeAt.set(shape, known);
  const found = known.get(series.key) ?? series.grid.positions.findIndex((_, i) => cut(shape, frame, series, i)?.whole);
  known.set(series.key, found);
  return found;
}

/**
 * The parts of a line that lie between two planes.
 * @param {Vec[]} line
 * @param {Vec} n
 * @param {number} low
 * @param {number} high
 * @returns {Vec[][]}
 */
function clip(line, n, low, high) {
  /** @type {Vec[][]} */
  const parts = [];
  for (let i = 1; i < line.length; i++) {
    const [a, b] = [/** @type {Vec} */ (line[i - 1]), /** @type {Vec} */ (line[i])];
    const [da, db] = [dot(a, n), dot(b, n)];
    const along = db - da;
    if (Math.abs(along) < EDGE) {
      if (da >= low - EDGE && da < high - EDGE) parts.push([a, b]);
      continue;
    }
    const ends = [(low - da) / along, (high - da) / along].sort((x, y) => x - y);
    const [from, to] = [Math.max(0, ends[0] ?? 0), Math.min(1, ends[1] ?? 1)];
    const step = subtract(b, a);
    if (from < to) parts.push([add(a, scale(step, from)), add(a, scale(step, to))]);
  }
  return parts;
}

/**
 * Drop a point onto a place's plane, in round numbers.
 * @param {Grid} grid
 * @param {number} place
 * @param {Vec} at
 * @returns {Vec}
 */
export function onPlane(grid, place, at) {
  const n = normal(grid);
  const off = dot(subtract(at, position(grid, place)), n);
  return rounded(grid.space === "patient" ? subtract(at, scale(n, off)) : at);
}

/** In round numbers. @param {Vec} at @returns {Vec} */
export const rounded = ([x, y, z]) => [round(x), round(y), round(z)];

/** As deep as another point: on its parallel of a plane. @param {Vec} at on the plane @param {Vec} held
 * @param {Vec} n of the plane @returns {Vec} */
export const asDeepAs = (at, held, n) => add(at, scale(n, dot(subtract(held, at), n)));

/**
 * A shape as it is sent: on its plane, in round numbers.
 * @param {Shape} shape
 * @param {Case | null} kase
 * @returns {Shape}
 */
export function onItsPlane(shape, kase) {
  const series = kase && seriesUnder(kase, shape);
  if (!series) return shape;
  if (shape.in_space) return { ...shape, points: shape.points.map((p) => rounded(/** @type {Vec} */ (p))) };
  const { place } = locate(series, shape.image);
  return { ...shape, points: shape.points.map((p) => onPlane(series.grid, place, /** @type {Vec} */ (p))) };
}

/** No negative zeros. @param {number} v */
const round = (v) => Number(v.toFixed(DIGITS)) || 0;

/** A shape alone, as it is sent. @param {Shape} shape @returns {Shape} */
export function bareShape({ id, kind, series, image, points, label = "", in_space, plane, over, alignment }) {
  const bare = { id, kind, series, image, points, label };
  const above = { ...(over ? { over } : {}), ...(alignment ? { alignment } : {}) };
  return { ...bare, ...(in_space ? { in_space, plane: plane ?? "" } : {}), ...above };
}

/** What of a shape says that it is drawn on a plane, and what lies over it. @param {StampedViewport["shows"]} shows
 * @returns {Pick<Shape, "in_space" | "plane" | "over" | "alignment">} */
export function whereOf(shows) {
  const plane = planeOf(shows);
  const alignment = alignmentOf(shows);
  const over = shows.type === "fusion" ? { over: shows.over.series, ...(alignment ? { alignment } : {}) } : {};
  return plane ? { in_space: true, plane: plane.name, ...over } : over;
}

/** Move all of it. @template {Shape} S @param {S} shape @param {Vec} by @returns {S} */
export const moveAll = (shape, by) => ({ ...shape, points: shape.points.map((p) => add(/** @type {Vec} */ (p), by)) });

/** Distance of a place from a line of places. @param {Point2} p @param {Point2[]} line */
export function distanceTo(p, line) {
  let best = Infinity;
  for (let i = 0; i < line.length; i++) {
    const [ax, ay] = /** @type {Point2} */ (line[Math.max(0, i - 1)]);
    const [bx, by] = /** @type {Point2} */ (line[i]);
    const [dx, dy] = [bx - ax, by - ay];
    const size = dx * dx + dy * dy;
    const t = size ? Math.min(1, Math.max(0, ((p[0] - ax) * dx + (p[1] - ay) * dy) / size)) : 0;
    best = Math.min(best, Math.hypot(p[0] - ax - t * dx, p[1] - ay - t * dy));
  }
  return best;
}

/**
 * Whether its points are far enough from each other to be a mark.
 * @param {Shape} shape
 * @param {number} least in the grid's unit
 */
export function hasSize(shape, least) {
  const [first, ...others] = /** @type {Vec[]} */ (shape.points);
  if (!first || shape.points.length < POINTS[shape.kind][0]) return false;
  const far = (/** @type {Vec} */ a, /** @type {Vec} */ b) => Math.hypot(...subtract(a, b)) > least;
  const [b = first, c = first, d = first] = others;
  if (shape.kind === "angle") return far(first, b) && far(b, c);
  if (TWO_LINES.has(shape.kind)) return far(first, b) && far(c, d);
  if (shape.kind === "rectangle") return far(first, b) && far(b, c);
  if (POINTS[shape.kind][1] > POINTS[shape.kind][0]) return others.some((p) => far(first, p));
  return others.every((p) => far(first, p));
}

/**
 * The nearest place above or below where a text covers no other; its own where there is none.
 * @param {Box} box @param {Box[]} taken @param {[number, number]} range of the viewport
 */
export function clearPlace([x, y, wide, high], taken, [top, bottom]) {
  return y + (clearShift([x, y, wide, high], taken, [top, bottom]) ?? 0);
}
