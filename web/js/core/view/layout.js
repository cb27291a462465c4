/** Where the viewports of a view lie on a screen: the mirror of consult/rendering/layout.py. */
/** @import {Layout, Screen, StampedViewport, View, Viewport} from "../../wire.js" */
/** @import {Rect} from "./camera.js" */
import { t } from "../language.js";

/** @param {Layout} a @param {Layout} b */
export const sameLayout = (a, b) =>
  a.rows === b.rows && a.columns === b.columns && (a.primary ?? "") === (b.primary ?? "");

/** "2×2", "3×3 and 1". @param {Layout} layout */
export const layoutName = ({ rows, columns, primary }) => `${rows}×${columns}${primary ? ` ${t("and 1")}` : ""}`;

/**
 * @param {View} view
 * @param {Screen} screen
 * @returns {{viewport: Viewport, rect: Rect}[]} in the view's order
 */
export function place(view, screen) {
  if (screen.only_active) {
    const viewport = view.viewports.find((v) => v.id === view.active) ?? view.viewports[0];
    return viewport ? [{ viewport, rect: [0, 0, screen.width, screen.height] }] : [];
  }
  const { grid, beside } = cells(view.layout, screen);
  let next = 0;
  return view.viewports.flatMap((viewport) => {
    const rect = viewport.id === view.layout.primary ? beside : grid[next++];
    return rect ? [{ viewport, rect }] : [];
  });
}

/** As consult/model/view.py has it: of a picture area, in device pixels. 8K, and a bar. */
const [MIN_SIDE, MAX_SIDE, MAX_PIXELS] = [16, 8192, 8192 * 4352];

/** What of an area is drawn, in device pixels: all of it up to 8K, of a larger one so much of its shape.
 * @param {number} width @param {number} height */
export function drawnSize(width, height) {
  const share = Math.min(1, MAX_SIDE / width, MAX_SIDE / height, Math.sqrt(MAX_PIXELS / (width * height)));
  const length = (/** @type {number} */ pixels) => Math.max(MIN_SIDE, Math.floor(share * pixels));
  return { width: length(width), height: length(height), isWhole: share === 1 };
}

/** Below this width, in CSS pixels, a page shows the active viewport alone. */
export const PHONE_PX = 768;
/** Between viewports, in CSS pixels. */
const GAP_PX = 1;

/**
 * What a page shows pictures on.
 * @param {number} width of the picture area, in device pixels @param {number} height
 * @param {number} ratio device pixels of a CSS pixel @param {number} windowWidth in CSS pixels
 * @returns {Screen}
 */
export function screenOf(width, height, ratio, windowWidth) {
  const drawn = drawnSize(width, height);
  const only_active = windowWidth < PHONE_PX;
  return { width: drawn.width, height: drawn.height, only_active, gap: Math.round(GAP_PX * ratio) };
}

/** The grid in reading order, and the primary's place beside it. @param {Layout} layout @param {Screen} screen
 * @returns {{grid: Rect[], beside: Rect | null}} */
function cells({ rows, columns, primary }, screen) {
  const gap = screen.gap ?? 0;
  const width = cell(screen.width, columns + (primary ? 1 : 0), gap);
  const height = cell(screen.height, rows, gap);
  const [across, down] = [width + gap, height + gap];
  return {
    grid: Array.from({ length: rows * columns }, (_, i) => [
      (i % columns) * across,
      Math.floor(i / columns) * down,
      width,
      height,
    ]),
    beside: primary ? [columns * across, 0, width, rows * down - gap] : null,
  };
}

/** @param {number} length @param {number} count @param {number} gap */
const cell = (length, count, gap) => Math.max(1, Math.floor((length - gap * (count - 1)) / count));

/** @param {Readonly<Rect>} rect @param {readonly [number, number]} at */
const holds = ([left, top, width, height], [x, y]) => x >= left && x < left + width && y >= top && y < top + height;

/** The viewport of a picture that is under a place, both in device pixels.
 * @param {readonly StampedViewport[]} viewports @param {readonly [number, number]} at */
export const viewportAt = (viewports, at) => viewports.find(({ rect_px }) => holds(rect_px, at)) ?? null;

/** The id of the viewport that lies there. @param {ReadonlyMap<string, Rect>} rects
 * @param {readonly [number, number]} at @returns {string | null} */
export const idAt = (rects, at) => [...rects].find(([, rect]) => holds(rect, at))?.[0] ?? null;
