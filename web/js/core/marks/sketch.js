/**
 * A mark while it is drawn: pointer down, moves, up. By drag, or by clicks: a press that does not move is a click, and
 * the pointer is followed until the next. What takes several steps goes on after the first: an angle its second side, a
 * bidirectional its short axis, a Cobb angle its second line, a polyline one point after the other.
 */
/** @import {Shape} from "../../wire.js" */
/** @import {Vec} from "../vec.js" */
import { MAX_VERTICES, POINTS } from "./marks.js";
import { add, dot, norm, scale, subtract } from "../vec.js";

/** @typedef {Pick<Shape, "id" | "kind" | "series" | "image" | "in_space" | "plane" | "over" | "alignment">} What */
/** @typedef {{right: Vec, down: Vec}} Axes of the screen: an ellipse begins along them */
/** @typedef {"done" | "more" | "nothing"} Outcome */
/** @typedef {{least: number, near: number}} Reach in the grid's unit. least: points of a freehand line are so far from
 *   each other; near: so near to a point is at it */

/** The last point that the pointer sets. @type {Record<Shape["kind"], number>} */
const LAST = {
  arrow: 1,
  text: 0,
  length: 1,
  angle: 2,
  ellipse: 1,
  probe: 0,
  bidirectional: 2,
  cobb: 3,
  circle: 1,
  rectangle: 1,
  freehand: 1,
  polyline: MAX_VERTICES,
  polygon: MAX_VERTICES,
};
/** Drawn by one drag, never by clicks. @type {ReadonlySet<Shape["kind"]>} */
const BY_DRAG = new Set(["ellipse", "circle", "rectangle", "freehand"]);
/** The step of a Cobb angle in which its second line begins. */
const SECOND_LINE = 2;

export class Sketch {
  /** @param {What} what @param {Vec} at @param {Axes} axes @param {Reach} [reach] */
  constructor(what, at, axes, reach = { least: 0, near: 0 }) {
    this.axes = axes;
    this.reach = reach;
    this.start = at;
    this.now = at;
    /** Where the pointer was when this step began. */
    this.from = at;
    this.setting = Math.min(1, LAST[what.kind]);
    const [least, most] = POINTS[what.kind];
    const count = what.kind === "freehand" ? 1 : most > least ? 2 : least;
    /** @type {Shape} */
    this.shape = { ...what, points: Array.from({ length: count }, () => at), label: "" };
  }

  /** The pointer has moved since this step began. */
  get hasMoved() {
    return this.now !== this.from && norm(subtract(this.now, this.from)) > 0;
  }

  /** The pointer is pressed again. @param {Vec} at */
  press(at) {
    this.move(at);
    if (this.shape.kind !== "cobb" || this.setting !== SECOND_LINE) return;
    this.setting += 1;
    this.from = at;
  }

  /** The pointer is there now. @param {Vec} at */
  move(at) {
    this.now = at;
    this.shape = { ...this.shape, points: this.pointsTo(at) };
  }

  /** @param {Vec} at @returns {Vec[]} */
  pointsTo(at) {
    const points = /** @type {Vec[]} */ (this.shape.points);
    switch (this.shape.kind) {
      case "ellipse":
        return this.between(at);
      case "circle":
        return this.around(at);
      case "rectangle":
        return this.corners(at);
      case "freehand":
        return this.traced(at);
      case "polyline":
      case "polygon":
        return [...points.slice(0, -1), at];
      case "bidirectional":
        return this.setting === 1 ? [this.start, at, at, at] : this.crossing(at);
      default:
        return points.map((p, i) => (i >= this.setting ? at : p));
    }
  }

  /** From one corner to the other, along the axes of the screen. @param {Vec} at @returns {[Vec, Vec]} */
  sides(at) {
    const across = subtract(at, this.start);
    const [right, down] = [this.axes.right, this.axes.down].map((axis) => scale(axis, dot(across, axis)));
    return [right ?? [0, 0, 0], down ?? [0, 0, 0]];
  }

  /** Centre and ends of the axes of the ellipse that fills the rectangle of two corners. @param {Vec} at
   * @returns {Vec[]} */
  between(at) {
    const [right, down] = this.sides(at).map((side) => scale(side, 0.5));
    const centre = add(this.start, scale(subtract(at, this.start), 0.5));
    return [centre, add(centre, right ?? [0, 0, 0]), add(centre, down ?? [0, 0, 0])];
  }

  /** A circle about its centre. @param {Vec} at @returns {Vec[]} */
  around(at) {
    const [right, down] = this.sides(at);
    const radius = norm(add(right, down));
    return [this.start, ...[this.axes.right, this.axes.down].map((axis) => add(this.start, scale(axis, radius)))];
  }

  /** @param {Vec} at @returns {Vec[]} */
  corners(at) {
    const [right, down] = this.sides(at);
    const across = add(this.start, right);
    return [this.start, across, add(across, down), add(this.start, down)];
  }

  /** A line that is drawn freely: one more point, where the pointer has gone far enough. Of too many every second one
   * is left out, and from then on they are further from each other. @param {Vec} at @returns {Vec[]} */
  traced(at) {
    const points = /** @type {Vec[]} */ (this.shape.points);
    const last = points[points.length - 1] ?? this.start;
    if (norm(subtract(at, last)) <= this.reach.least) return points;
    if (points.length < MAX_VERTICES) return [...points, at];
    this.reach = { ...this.reach, least: Math.max(this.reach.least, norm(subtract(at, last)) / 2) * 2 };
    return [...points.filter((_, i) => i % 2 === 0), at];
  }

  /** The short axis goes through the pointer, as far to the other side. @param {Vec} at @returns {Vec[]} */
  crossing(at) {
    const [a = at, b = at] = /** @type {Vec[]} */ (this.shape.points);
    const long = subtract(b, a);
    const size = dot(long, long);
    const share = size ? dot(subtract(at, a), long) / size : 0;
    const off = subtract(subtract(at, a), scale(long, share));
    const foot = add(a, scale(long, Math.min(1, Math.max(0, share))));
    return [a, b, add(foot, off), subtract(foot, off)];
  }

  /**
   * The pointer is up.
   * @param {boolean} moved since it was pressed
   * @returns {Outcome}
   */
  release(moved) {
    const { kind } = this.shape;
    if (LAST[kind] === 0) return "done";
    if (kind === "polyline") return this.vertex(moved);
    const stepped = moved || this.hasMoved;
    if (!stepped) return BY_DRAG.has(kind) ? "nothing" : "more";
    if (this.setting === LAST[kind]) return "done";
    this.setting += 1;
    this.from = this.now;
    return "more";
  }

  /** A point of a polyline is set: at the last one again it is done, at the first one it is closed.
   * @param {boolean} moved @returns {Outcome} */
  vertex(moved) {
    const points = /** @type {Vec[]} */ (this.shape.points);
    const set = points.slice(0, -1);
    const last = set[set.length - 1] ?? this.start;
    const is = (/** @type {Vec} */ one) => norm(subtract(this.now, one)) <= this.reach.near;
    if (set.length === 1 && !moved && is(last)) return "more";
    if (set.length > 2 && is(this.start)) return this.end("polygon", set);
    if (is(last) && set.length > 1) return this.end("polyline", set);
    if (points.length === MAX_VERTICES) return this.end("polyline", points);
    this.shape = { ...this.shape, points: [...points, this.now] };
    this.from = this.now;
    return "more";
  }

  /** No more points: what is set so far is all of it. @param {Shape["kind"]} [kind] @param {Vec[]} [points]
   * @returns {Outcome} */
  end(kind = "polyline", points = /** @type {Vec[]} */ (this.shape.points).slice(0, -1)) {
    if (points.length < 2) return "nothing";
    this.shape = { ...this.shape, kind, points };
    return "done";
  }

  /** Whether it is one of several points, one after the other, and can be ended by a key. */
  get isPath() {
    return this.shape.kind === "polyline";
  }
}
