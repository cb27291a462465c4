/** Where the viewports of a view lie on a screen: the mirror of consult/rendering/layout.py. */
/** @import {Screen, View, Viewport} from "../../wire.js" */
/** @import {Rect} from "./camera.js" */

/** [rows, columns] of each layout. @type {Record<View["layout"], [number, number]>} */
export const LAYOUT_SIZE = { "1x1": [1, 1], "1x2": [1, 2] };

/**
 * @param {View} view
 * @param {Screen} screen
 * @returns {{viewport: Viewport, rect: Rect}[]} in reading order
 */
export function place(view, screen) {
  if (screen.only_active) {
    const viewport = view.viewports.find((v) => v.id === view.active) ?? view.viewports[0];
    return viewport ? [{ viewport, rect: [0, 0, screen.width, screen.height] }] : [];
  }
  const [rows, columns] = LAYOUT_SIZE[view.layout];
  const gap = screen.gap ?? 0;
  const width = cell(screen.width, columns, gap);
  const height = cell(screen.height, rows, gap);
  return view.viewports.slice(0, rows * columns).map((viewport, i) => ({
    viewport,
    rect: [(i % columns) * (width + gap), Math.floor(i / columns) * (height + gap), width, height],
  }));
}

/** @param {number} length @param {number} count @param {number} gap */
const cell = (length, count, gap) => Math.max(1, Math.floor((length - gap * (count - 1)) / count));
