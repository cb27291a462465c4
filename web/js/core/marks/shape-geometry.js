/**
 * Lengths, angles and areas of shapes: the twin of consult/rendering/marks/measure.py and of `crosses_itself` in
 * areas.py. tests/measures.json holds both to the same values.
 */
/** @import {Vec} from "../vec.js" */
import { add, cross, dot, norm, scale, subtract } from "../vec.js";

/** Degrees: no curve of a spine is larger. */
const COBB_MOST = 120;

/** @param {Vec[]} points @param {number} i @returns {Vec} */
export const at = (points, i) => points[i] ?? [0, 0, 0];

/** Distance of the first two points, in the grid's unit. @param {Vec[]} points */
export const length = (points) => norm(subtract(at(points, 1), at(points, 0)));

/** Along all points. @param {Vec[]} points */
export const pathLength = (points) =>
  points.slice(1).reduce((sum, point, i) => sum + norm(subtract(point, at(points, i))), 0);

/** Long and short axis of four points; the longer one is the long one, whichever was drawn first.
 * @param {Vec[]} points @returns {[number, number]} */
export function bothAxes(points) {
  const [one, other] = [length(points.slice(0, 2)), length(points.slice(2))];
  return [Math.max(one, other), Math.min(one, other)];
}

/** Degrees at the second of three points; 0 where a side has no length. @param {Vec[]} points */
export const angle = (points) =>
  between(subtract(at(points, 0), at(points, 1)), subtract(at(points, 2), at(points, 1)));

/** Degrees between two directions; 0 where one has no length. @param {Vec} one @param {Vec} other */
function between(one, other) {
  const sides = norm(one) * norm(other);
  return sides ? (Math.acos(Math.min(1, Math.max(-1, dot(one, other) / sides))) * 180) / Math.PI : 0;
}

/** Middles of both lines of a Cobb angle. @param {Vec[]} points @returns {[Vec, Vec]} */
export const middlesOf = (points) => [
  scale(add(at(points, 0), at(points, 1)), 0.5),
  scale(add(at(points, 2), at(points, 3)), 0.5),
];

/** Degrees at which two lines meet, however each was drawn: at their crossing, between the middles of both. Over
 * COBB_MOST they follow each other (two bones), and it is the angle that completes it to 180. @param {Vec[]} points */
export function cobb(points) {
  const [one, other] = [subtract(at(points, 1), at(points, 0)), subtract(at(points, 3), at(points, 2))];
  const [middle, far] = middlesOf(points);
  const spine = subtract(far, middle);
  const turned = dot(beside(one, spine), beside(other, spine)) < 0;
  const found = turned ? 180 - between(one, other) : between(one, other);
  return found <= COBB_MOST ? found : 180 - found;
}

/** What of a direction is perpendicular to another. @param {Vec} direction @param {Vec} spine @returns {Vec} */
function beside(direction, spine) {
  const size = dot(spine, spine);
  return size ? subtract(direction, scale(spine, dot(direction, spine) / size)) : direction;
}

/** Of an ellipse or a circle, in the grid's unit squared. @param {Vec[]} points */
export const area = (points) =>
  Math.PI * norm(cross(subtract(at(points, 1), at(points, 0)), subtract(at(points, 2), at(points, 0))));

/** Of a closed contour in a plane. @param {Vec[]} points */
export function polygonArea(points) {
  const first = at(points, 0);
  /** @type {Vec} */
  let total = [0, 0, 0];
  for (let i = 1; i + 1 < points.length; i++)
    total = add(total, cross(subtract(at(points, i), first), subtract(at(points, i + 1), first)));
  return norm(total) / 2;
}

/** Of a circle. @param {Vec[]} points */
export const diameter = (points) =>
  norm(subtract(at(points, 1), at(points, 0))) + norm(subtract(at(points, 2), at(points, 0)));

/** Perpendicular to the plane of points; zero of a line. @param {Vec[]} points @returns {Vec} */
function normalOf(points) {
  const away = points.map((point) => subtract(point, at(points, 0)));
  const longest = (/** @type {Vec[]} */ all) => all.reduce((a, b) => (norm(b) > norm(a) ? b : a), at(all, 0));
  const far = longest(away);
  return longest(away.map((one) => cross(far, one)));
}

/** Whether two sides of a closed contour cross; it has no area then. @param {Vec[]} points */
export function crossesItself(points) {
  const size = normalOf(points).map(Math.abs);
  const leftOut = size.indexOf(Math.max(...size));
  const flat = points.map((point) => point.filter((_, axis) => axis !== leftOut));
  const n = flat.length;
  for (let i = 0; i < n; i++)
    for (let j = i + 2; j < n; j++) if ((i > 0 || j < n - 1) && cuts(flat, i, j) && cuts(flat, j, i)) return true;
  return false;
}

/** Whether a side's line goes between both ends of another.
 * @param {number[][]} flat @param {number} i @param {number} j */
function cuts(flat, i, j) {
  const [from, to] = [flat[i] ?? [], flat[(i + 1) % flat.length] ?? []];
  return side(from, to, flat[j] ?? []) * side(from, to, flat[(j + 1) % flat.length] ?? []) < 0;
}

/** On which side of a line a place lies; 0: on it.
 * @param {number[]} from @param {number[]} to @param {number[]} place */
function side([x0 = 0, y0 = 0], [x1 = 0, y1 = 0], [x = 0, y = 0]) {
  const found = (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0);
  const size = Math.hypot(x1 - x0, y1 - y0) * Math.hypot(x - x0, y - y0);
  return Math.abs(found) <= 1e-12 * size ? 0 : found;
}
