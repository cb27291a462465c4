/**
 * A mark while it is drawn: pointer down, moves, up. By drag, or by clicks: a press that does not move is the first
 * click,
 * and the pointer is followed until the next. An angle takes one step more.
 */
/** @import {Shape} from "../../wire.js" */
/** @import {Vec} from "../vec.js" */
import { POINTS } from "./marks.js";
import { add, dot, scale, subtract } from "../vec.js";

/** @typedef {Pick<Shape, "id" | "kind" | "series" | "image" | "in_space" | "plane" | "over">} What */
/** @typedef {{right: Vec, down: Vec}} Axes of the screen: an ellipse begins along them */
/** @typedef {"done" | "more" | "nothing"} Outcome */

/** The last point that the pointer sets. @type {Record<Shape["kind"], number>} */
const LAST = { arrow: 1, text: 0, length: 1, angle: 2, ellipse: 1, probe: 0 };

export class Sketch {
  /** @param {What} what @param {Vec} at @param {Axes} axes */
  constructor(what, at, axes) {
    this.axes = axes;
    this.start = at;
    this.setting = Math.min(1, LAST[what.kind]);
    /** @type {Shape} */
    this.shape = { ...what, points: Array.from({ length: POINTS[what.kind] }, () => at), label: "" };
  }

  /** The pointer is there now. @param {Vec} at */
  move(at) {
    const { shape } = this;
    this.shape =
      shape.kind === "ellipse"
        ? { ...shape, points: this.between(at) }
        : { ...shape, points: shape.points.map((p, i) => (i >= this.setting ? at : p)) };
  }

  /**
   * Centre and ends of the axes of the ellipse that fills the rectangle of two corners.
   * @param {Vec} at
   * @returns {Vec[]}
   */
  between(at) {
    const across = subtract(at, this.start);
    const [right, down] = [this.axes.right, this.axes.down].map((axis) => scale(axis, dot(across, axis) / 2));
    const centre = add(this.start, scale(across, 0.5));
    return [centre, add(centre, right ?? [0, 0, 0]), add(centre, down ?? [0, 0, 0])];
  }

  /**
   * The pointer is up.
   * @param {boolean} moved since it was pressed, or this is a click after the first
   * @returns {Outcome}
   */
  release(moved) {
    const { kind } = this.shape;
    if (LAST[kind] === 0) return "done";
    if (!moved) return kind === "ellipse" ? "nothing" : "more";
    if (this.setting === LAST[kind]) return "done";
    this.setting += 1;
    return "more";
  }
}
