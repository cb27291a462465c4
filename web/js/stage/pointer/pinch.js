/** Two fingers: their middle pans, their distance zooms about it. */
/** @import {View} from "../../wire.js" */
/** @import {Scene} from "../../core/view/view.js" */
/** @import {Point} from "./drag.js" */
import { panBy, zoomBy } from "../../core/view/view.js";

const MIN_DISTANCE = 10;

export class Pinch {
  /** @param {string} viewport @param {Point} a @param {Point} b */
  constructor(viewport, a, b) {
    this.viewport = viewport;
    this.middle = middle(a, b);
    this.distance = distance(a, b);
  }

  /** @param {View} view @param {Scene} scene @param {Point} a @param {Point} b @returns {View} */
  move(view, scene, a, b) {
    const [m, d] = [middle(a, b), distance(a, b)];
    const panned = panBy(view, this.viewport, scene, m[0] - this.middle[0], m[1] - this.middle[1]);
    const zoomed = zoomBy(panned, this.viewport, scene, d / this.distance, m);
    this.middle = m;
    this.distance = d;
    return zoomed;
  }
}

/** @param {Point} a @param {Point} b @returns {Point} */
const middle = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
/** @param {Point} a @param {Point} b */
const distance = (a, b) => Math.max(MIN_DISTANCE, Math.hypot(a[0] - b[0], a[1] - b[1]));
