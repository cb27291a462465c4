/** Where one takes hold of a shape, and how its handles move it. */
/** @import {Shape} from "../../wire.js" */
/** @import {Vec} from "../vec.js" */
/** @import {Point2, Project} from "./marks.js" */
import { add, dot, norm, scale, subtract } from "../vec.js";
import { isRound } from "./marks.js";

/** Handles of a freehand contour: one holds its part of the line, and what lies beside it follows. */
const OF_FREEHAND = 12;
/** A handle never makes an axis smaller than this share of it. */
const LEAST_SHARE = 1e-3;

/** @param {Shape} shape @param {number} i @returns {Vec} */
const pointOf = (shape, i) => /** @type {Vec} */ (shape.points[i] ?? [0, 0, 0]);

/** Where one takes hold of a shape. @param {Shape} shape @returns {Vec[]} */
export function handles(shape) {
  if (shape.kind === "freehand") return held(shape).map((i) => pointOf(shape, i));
  if (!isRound(shape.kind)) return /** @type {Vec[]} */ (shape.points);
  const centre = pointOf(shape, 0);
  return [1, 2].flatMap((i) => {
    const axis = subtract(pointOf(shape, i), centre);
    return [add(centre, axis), subtract(centre, axis)];
  });
}

/** Which points of a freehand contour have a handle. @param {Shape} shape @returns {number[]} */
function held({ points: { length } }) {
  const count = Math.min(length, OF_FREEHAND);
  return Array.from({ length: count }, (_, i) => Math.floor((i * length) / count));
}

/** Move one handle. @template {Shape} S @param {S} shape @param {number} handle @param {Vec} to @returns {S} */
export function moveHandle(shape, handle, to) {
  switch (shape.kind) {
    case "ellipse":
      return stretched(shape, handle, to);
    case "circle":
      return { ...shape, points: widened(shape, to) };
    case "rectangle":
      return { ...shape, points: cornered(shape, handle, to) };
    case "bidirectional":
      return { ...shape, points: handle < 2 ? swung(shape, handle, to) : slid(shape, handle, to) };
    case "freehand":
      return { ...shape, points: pulled(shape, handle, to) };
    default:
      return { ...shape, points: shape.points.map((p, i) => (i === handle ? to : p)) };
  }
}

/** The end across from it stays. @template {Shape} S @param {S} shape @param {number} handle @param {Vec} to
 * @returns {S} */
function stretched(shape, handle, to) {
  const which = handle < 2 ? 1 : 2;
  const centre = pointOf(shape, 0);
  const all = handles(shape);
  const taken = all[handle] ?? centre;
  const across = all[handle % 2 === 0 ? handle + 1 : handle - 1] ?? centre;
  const axis = subtract(taken, across);
  const size = dot(axis, axis);
  if (size === 0) return shape;
  const share = Math.max(dot(subtract(to, across), axis) / size, LEAST_SHARE);
  const middle = add(across, scale(axis, share / 2));
  const other = subtract(pointOf(shape, 3 - which), centre);
  const end = handle % 2 === 0 ? add(across, scale(axis, share)) : across;
  const second = add(middle, other);
  return { ...shape, points: which === 1 ? [middle, end, second] : [middle, second, end] };
}

/** The centre stays, all radii change. @param {Shape} shape @param {Vec} to @returns {Vec[]} */
function widened(shape, to) {
  const centre = pointOf(shape, 0);
  const axes = [1, 2].map((i) => subtract(pointOf(shape, i), centre));
  const size = norm(axes[0] ?? [0, 0, 0]);
  if (size === 0) return /** @type {Vec[]} */ (shape.points);
  const share = Math.max(norm(subtract(to, centre)) / size, LEAST_SHARE);
  return [centre, ...axes.map((axis) => add(centre, scale(axis, share)))];
}

/** The corner across from it stays, and the sides keep their directions. @param {Shape} shape @param {number} handle
 * @param {Vec} to @returns {Vec[]} */
function cornered(shape, handle, to) {
  const corner = (/** @type {number} */ i) => pointOf(shape, (handle + i + 4) % 4);
  const fixed = corner(2);
  const reach = subtract(to, fixed);
  const [one, other] = [corner(1), corner(-1)].map((beside) => {
    const side = subtract(beside, fixed);
    const size = dot(side, side);
    return size ? add(fixed, scale(side, nonzero(dot(reach, side) / size))) : beside;
  });
  const [after = fixed, before = fixed] = [one, other];
  const moved = add(fixed, add(subtract(after, fixed), subtract(before, fixed)));
  /** @type {Vec[]} */
  const points = [];
  for (const [i, point] of [moved, after, fixed, before].entries()) points[(handle + i) % 4] = point;
  return points;
}

/** @param {number} share */
const nonzero = (share) => (Math.abs(share) < LEAST_SHARE ? LEAST_SHARE * (share < 0 ? -1 : 1) : share);

/** The long axis turns about its other end, and the short one with it: where it stands, and its own reach, stay.
 * @param {Shape} shape @param {number} handle @param {Vec} to @returns {Vec[]} */
function swung(shape, handle, to) {
  const [a, b] = [pointOf(shape, 0), pointOf(shape, 1)];
  const before = subtract(b, a);
  const ends = handle === 0 ? [to, b] : [a, to];
  const [from = a, until = b] = ends;
  const after = subtract(until, from);
  const size = dot(before, before);
  if (size === 0 || norm(after) === 0) return /** @type {Vec[]} */ (shape.points);
  const short = subtract(pointOf(shape, 2), pointOf(shape, 3));
  const across = turned(short, before, after);
  return [
    from,
    until,
    ...[2, 3].map((i) => {
      const away = subtract(pointOf(shape, i), a);
      const along = dot(away, before) / size;
      const off = subtract(away, scale(before, along));
      const reach = norm(short) ? dot(off, short) / norm(short) : 0;
      return add(add(from, scale(after, along)), scale(across, reach));
    }),
  ];
}

/** A direction that was perpendicular to one vector, perpendicular to another of the plane of both.
 * @param {Vec} short @param {Vec} before @param {Vec} after @returns {Vec} of length 1; zero where there is none */
function turned(short, before, after) {
  const [wide, long] = [norm(short), norm(before)];
  if (wide === 0) return [0, 0, 0];
  const [v, u] = [scale(short, 1 / wide), scale(before, 1 / long)];
  const far = norm(after);
  return subtract(scale(v, dot(after, u) / far), scale(u, dot(after, v) / far));
}

/** An end of the short axis: it slides along the long one, stays perpendicular, and the other end keeps its reach.
 * @param {Shape} shape @param {number} handle @param {Vec} to @returns {Vec[]} */
function slid(shape, handle, to) {
  const [a, b] = [pointOf(shape, 0), pointOf(shape, 1)];
  const long = subtract(b, a);
  const size = dot(long, long);
  if (size === 0) return /** @type {Vec[]} */ (shape.points);
  const shareOf = (/** @type {Vec} */ p) => dot(subtract(p, a), long) / size;
  const share = Math.min(1, Math.max(0, shareOf(to)));
  const foot = add(a, scale(long, share));
  const other = pointOf(shape, 5 - handle);
  const [moved, kept] = [
    add(foot, subtract(to, add(a, scale(long, shareOf(to))))),
    add(foot, subtract(other, add(a, scale(long, shareOf(other))))),
  ];
  return handle === 2 ? [a, b, moved, kept] : [a, b, kept, moved];
}

/** Its part of the line goes along, less the further away. @param {Shape} shape @param {number} handle @param {Vec} to
 * @returns {Vec[]} */
function pulled(shape, handle, to) {
  const all = held(shape);
  const { length } = shape.points;
  const at = all[handle] ?? 0;
  const by = subtract(to, pointOf(shape, at));
  const reach = Math.max(1, length / all.length);
  return shape.points.map((point, i) => {
    const apart = Math.min(Math.abs(i - at), length - Math.abs(i - at));
    const share = apart >= reach ? 0 : (1 + Math.cos((Math.PI * apart) / reach)) / 2;
    return share === 0 ? /** @type {Vec} */ (point) : add(/** @type {Vec} */ (point), scale(by, share));
  });
}

/**
 * The handle under a place, or -1.
 * @param {Shape} shape
 * @param {Project} project
 * @param {Point2} p
 * @param {number} slop
 */
export function handleAt(shape, project, p, slop) {
  let best = -1;
  let distance = slop;
  handles(shape).forEach((h, i) => {
    const [x, y] = project(h);
    const d = Math.hypot(p[0] - x, p[1] - y);
    if (d <= distance) [best, distance] = [i, d];
  });
  return best;
}
