/**
 * Parts of all images of a series that guests are not shown where patients are hidden: where they lie on the screen,
 * and what is said of them. What is drawn of the picture there is the server's (consult/rendering/blackout.py). Pure.
 */
/** @import {Blackout, Series, Snapshot, StampedViewport} from "../../wire.js" */
import { pixel, point } from "../geometry.js";
import { t } from "../language.js";
import { pixelAt, pointAt } from "../view/camera.js";
import { placeOf, seriesKeys } from "../view/shows.js";

/** @typedef {[number, number]} Point device pixels on the canvas */
/** @typedef {[number, number, number, number]} Rectangle left, top, right, bottom, between the pixels of an image */
/** @typedef {Pick<StampedViewport, "shows" | "camera" | "rect_px">} Shown */

/** Those of a series, in the order in which they were drawn.
 * @param {Pick<Snapshot, "blackouts"> | null} doc @param {string} series @returns {readonly Blackout[]} */
export const blackoutsOf = (doc, series) => doc?.blackouts?.filter((one) => one.series === series) ?? [];

/** The series whose image a viewport shows; "" where it shows a plane. @param {Shown["shows"]} shows */
export function imageSeries(shows) {
  const base = shows.type === "fusion" ? shows.base : shows;
  return base.type === "stack" ? base.series : "";
}

/** The corners of a rectangle on the canvas, one after the other.
 * @param {readonly number[]} rectangle @param {Series} series whose image the viewport shows @param {Shown} viewport
 * @returns {Point[]} */
export function cornersOf([left = 0, top = 0, right = 0, bottom = 0], { grid }, { shows, camera, rect_px }) {
  const corners = /** @type {const} */ ([
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ]);
  const at = (/** @type {number} */ column, /** @type {number} */ row) =>
    pixelAt(camera, rect_px, point(grid, placeOf(shows), column - 0.5, row - 0.5));
  return corners.map(([column, row]) => at(column, row));
}

/**
 * The rectangle of whole pixels that holds what was drawn from one place of the canvas to another, as far as it lies on
 * the image; null: nothing of it does.
 * @param {Point} from @param {Point} to @param {Series} series @param {Shown} viewport @returns {Rectangle | null}
 */
export function rectangleOf(from, to, { grid }, { shows, camera, rect_px }) {
  const ends = [from, to].map(([x, y]) => pixel(grid, placeOf(shows), pointAt(camera, rect_px, x, y)));
  const reach = (/** @type {0 | 1} */ axis, /** @type {number} */ size) => {
    const at = ends.map((end) => end[axis] + 0.5);
    return [Math.max(0, Math.floor(Math.min(...at))), Math.min(size, Math.ceil(Math.max(...at)))];
  };
  const [left = 0, right = 0] = reach(0, grid.columns);
  const [top = 0, bottom = 0] = reach(1, grid.rows);
  return left < right && top < bottom ? [left, top, right, bottom] : null;
}

/** What is said of a picture of which parts are black, or would be; "" of others.
 * @param {Pick<Snapshot, "blackouts" | "patients_hidden"> | null} doc @param {boolean} isHost
 * @param {Shown["shows"]} shows */
export function blackWord(doc, isHost, shows) {
  if (!seriesKeys(shows).some((series) => blackoutsOf(doc, series).length > 0)) return "";
  if (!doc?.patients_hidden) return isHost ? t("NOT BLACKED OUT YET") : "";
  return isHost ? t("BLACKED OUT FOR GUESTS") : t("PARTS BLACKED OUT");
}
