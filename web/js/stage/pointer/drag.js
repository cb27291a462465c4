/** One drag of a pointer with a tool, from down to up. What it does is absolute where steps would round away. */
/** @import {View, Window} from "../../wire.js" */
/** @import {Scene} from "../../core/view/view.js" */
import { aboveNothing } from "../../core/planes/uptake.js";
import { dragWindow } from "../../core/view/windows.js";
import { settings } from "../../transport/storage.js";
import { places } from "../../core/view/series.js";
import { placeOf, seriesShown } from "../../core/view/shows.js";
import * as views from "../../core/view/view.js";

/** @typedef {"window" | "pan" | "zoom" | "stack" | "magnify" | "laser" | "crosshair"} Tool */
/** @typedef {[number, number]} Point device pixels on the canvas */

/** The picture doubles over this many CSS pixels. */
const ZOOM_PX = 150;
/** A stack scrolls by one image over so many CSS pixels, depending on how many there are. */
const STACK_PX = /** @type {const} */ ([3, 14]);

export class Drag {
  /** @param {Tool} tool @param {string} viewport @param {View} view @param {Point} start @param {number} ratio */
  constructor(tool, viewport, view, start, ratio) {
    this.tool = tool;
    this.viewport = viewport;
    this.start = start;
    /** How far the picture was moved already, in whole device pixels: at one to one it stays on the pixels.
     * @type {[number, number]} */
    this.panned = [0, 0];
    this.last = start;
    this.ratio = ratio;
    const v = views.viewportOf(view, viewport);
    /** @type {Window | null} */
    this.window = v?.window ?? null;
    this.place = v ? placeOf(v.shows) : 0;
    /** Layers of a plane that it was scrolled by already. */
    this.scrolled = 0;
  }

  /** @param {View} view @param {Scene} scene @param {Point} at @returns {View} */
  move(view, scene, at) {
    const dy = at[1] - this.last[1];
    const [wholeX, wholeY] = [(at[0] - this.start[0]) / this.ratio, (at[1] - this.start[1]) / this.ratio];
    this.last = at;
    switch (this.tool) {
      case "laser":
      case "magnify":
        return view;
      case "window":
        return this.setWindow(view, scene, wholeX, settings.dragDown === "brighter" ? -wholeY : wholeY);
      case "pan":
        return this.pan(view, scene, at);
      case "zoom":
        return views.zoomBy(view, this.viewport, scene, 2 ** (-dy / this.ratio / ZOOM_PX), this.start);
      case "stack":
        return this.scroll(view, scene, Math.round(wholeY / this.pxPerImage(scene, view)));
      case "crosshair":
        return views.pointTo(view, this.viewport, scene, at);
    }
  }

  /** @param {View} view @param {Scene} scene @param {number} dx @param {number} dy */
  setWindow(view, scene, dx, dy) {
    if (!this.window) return view;
    const window = dragWindow(this.window, dx, dy);
    const series = seriesShown(scene.kase, views.viewportOf(view, this.viewport)?.shows);
    return views.setWindow(view, this.viewport, scene, series?.modality === "PT" ? aboveNothing(window) : window);
  }

  /** To a place that far from where it began; of a plane by layers. @param {View} view @param {Scene} scene
   * @param {number} by */
  scroll(view, scene, by) {
    if (this.place >= 0) return views.goTo(view, this.viewport, scene, this.place + by);
    const layers = by - this.scrolled;
    this.scrolled = by;
    return layers === 0 ? view : views.scroll(view, this.viewport, scene, layers);
  }

  /** @param {View} view @param {Scene} scene @param {Point} at */
  pan(view, scene, at) {
    const [x, y] = this.panned;
    this.panned = [Math.round(at[0] - this.start[0]), Math.round(at[1] - this.start[1])];
    return views.panBy(view, this.viewport, scene, this.panned[0] - x, this.panned[1] - y);
  }

  /** @param {Scene} scene @param {View} view */
  pxPerImage(scene, view) {
    const series = seriesShown(scene.kase, views.viewportOf(view, this.viewport)?.shows);
    const count = series ? places(series) : 1;
    const height = (scene.rects.get(this.viewport)?.[3] ?? 1) / this.ratio;
    return Math.min(Math.max(height / count, STACK_PX[0]), STACK_PX[1]);
  }
}
