/**
 * A mosaic: all cells of a layout show images of one series, `step` apart, each as one of them is shown. Which images
 * these are is said by the cells themselves, so a view of it is absolute as any other. Pure; the server's check is
 * consult/sessions/features/view/mosaic.py.
 */
/** @import {Case, Layout, Series, View, Viewport, Window} from "../../../wire.js" */
/** @import {Shown} from "../shows.js" */
import { SHIFT } from "../../input/wheel.js";
import { carried } from "../camera.js";
import { atIndex } from "../cine/playing.js";
import { imageAt, places } from "../series.js";
import { placeOf, seriesKey, seriesShown, timeOf } from "../shows.js";

const IDS = "abcdefghijklmnop";

/** The places that have an image at a time. @param {Series} series @param {number} time @returns {number[]} */
export const placesAt = (series, time) =>
  Array.from({ length: places(series) }, (_, place) => place).filter((place) => imageAt(series, place, time) >= 0);

/** The largest step with which so many cells lie within a series; 0: it has fewer images.
 * @param {Series} series @param {number} time @param {number} cells */
export const mostStep = (series, time, cells) =>
  cells < 2 ? 0 : Math.floor((placesAt(series, time).length - 1) / (cells - 1));

/** How many images a large step has: of a mosaic all that is in the cells, and between them. @param {View} view */
export const pageOf = ({ mosaic, viewports }) => (mosaic ? viewports.length * (mosaic.step ?? 1) : SHIFT);

/** The same window, unless values lie elsewhere in that image (a mask that comes or goes).
 * @typedef {(series: Series, viewport: Viewport, shows: Shown) => Window | null} WindowAt */

/**
 * The places of all cells, where one of them shows a place; within the ends of the series. None where it is too short.
 * @param {Series} series
 * @param {{place: number, time: number}} leader what that cell shows
 * @param {{at: number, cells: number, step: number}} grid at: index of that cell
 */
export function cellPlaces(series, { place, time }, { at, cells, step }) {
  const all = placesAt(series, time);
  const most = all.length - 1 - (cells - 1) * step;
  if (most < 0) return [];
  const first = Math.min(Math.max(all.indexOf(place) - at * step, 0), most);
  return Array.from({ length: cells }, (_, i) => all[first + i * step] ?? 0);
}

/**
 * Lay out the cells as one viewport is shown, at the places around its own.
 * @param {Viewport} leader an image, or a fusion over one
 * @param {Series} series of it
 * @param {{at: number, cells: number, step: number}} grid
 * @param {WindowAt} windowAt
 * @returns {Viewport[]} none where the series is too short
 */
function cellsOf(leader, series, grid, windowAt) {
  const { shows } = leader;
  const from = placeOf(shows);
  return cellPlaces(series, { place: from, time: timeOf(shows) }, grid).map((place, i) => {
    const there = atIndex(shows, "place", place);
    const camera = carried(leader.camera, series.grid, from, place);
    return { ...leader, id: IDS[i] ?? "", shows: there, camera, window: windowAt(series, leader, there) };
  });
}

/**
 * Bring all cells along after one was changed. A series that is too short for them is no mosaic any more.
 * @param {View} view a mosaic
 * @param {string} id of the cell that was changed
 * @param {Case} kase
 * @param {WindowAt} windowAt
 * @returns {View}
 */
export function together(view, id, kase, windowAt) {
  const at = view.viewports.findIndex((v) => v.id === id);
  const leader = view.viewports[at];
  const series = leader && seriesShown(kase, leader.shows);
  if (!leader || !series || !view.mosaic) return view;
  const grid = { at, cells: view.viewports.length, step: view.mosaic.step ?? 1 };
  const viewports = cellsOf(leader, series, grid, windowAt);
  return viewports.length > 0 ? { ...view, viewports } : { ...view, mosaic: null };
}

/**
 * A mosaic of what one viewport shows, which stays in the first cell if there are enough images behind it.
 * @param {Viewport} leader an image, or a fusion over one
 * @param {Series} series of it
 * @param {{layout: Layout, step: number}} how without a primary; the step gives way to a short series
 * @param {WindowAt} windowAt
 * @returns {View | null} null: the series has fewer images than cells
 */
export function mosaicOf(leader, series, { layout, step }, windowAt) {
  const cells = layout.rows * layout.columns;
  const wide = Math.min(step, mostStep(series, timeOf(leader.shows), cells));
  if (wide < 1) return null;
  const still = { ...leader, ...(leader.playing?.along === "place" ? { playing: null } : {}) };
  const viewports = cellsOf(still, series, { at: 0, cells, step: wide }, windowAt);
  return { layout, viewports, active: "a", link: null, mosaic: { step: wide } };
}

/** Whether the cells show what a mosaic of that step shows. @param {View} view @param {Case} kase */
function isMosaic({ viewports, layout, link, mosaic }, kase) {
  const [first] = viewports;
  const series = first && seriesShown(kase, first.shows);
  if (!mosaic || !series || layout.primary || link || viewports.length < 2) return false;
  const [time, step] = [timeOf(first.shows), mosaic.step ?? 1];
  const grid = { at: 0, cells: viewports.length, step };
  const due = cellPlaces(series, { place: placeOf(first.shows), time }, grid);
  return viewports.every(
    ({ shows, playing }, i) =>
      seriesKey(shows) === series.key &&
      timeOf(shows) === time &&
      placeOf(shows) === due[i] &&
      playing?.along !== "place",
  );
}

/** The view, which is called a mosaic only where it is one: any act may have put something else into a cell.
 * @param {View} view @param {Case} kase @returns {View} */
export const honest = (view, kase) => (view.mosaic && !isMosaic(view, kase) ? { ...view, mosaic: null } : view);
