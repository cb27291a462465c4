/**
 * What of space a viewport shows: a sheet between two locations along a normal. An image shows its slice, a plane its
 * slab, or where it has none, a layer of voxels.
 */
/** @import {Camera, Series} from "../../wire.js" */
/** @import {Vec} from "../vec.js" */
/** @import {Shown} from "../view/shows.js" */
import { location, normal } from "../geometry.js";
import { dot } from "../vec.js";
import { placeOf } from "../view/shows.js";
import { cameraNormal, planeOf } from "./parts.js";
import { isVolume, volumeGeometry } from "./volume.js";

/** Half the thickness of a slice of which nothing is known, in mm. */
const THIN = 0.5;

/** @typedef {{normal: Vec, at: number, low: number, high: number}} Sheet at: its middle */

/**
 * What of space the images at a place show: locations along the normal, the first in it, the last not. Where images lie
 * close to each other every point belongs to exactly one place; a gap in a stack belongs to none.
 * @param {Series} series @param {number} place
 * @returns {[number, number]}
 */
export function slice(series, place) {
  const { grid } = series;
  const here = location(grid, place);
  const gaps = [place - 1, place + 1]
    .filter((i) => i >= 0 && i < grid.positions.length)
    .map((i) => location(grid, i) - here);
  const thick = series.slice_thickness_mm ?? 0;
  const least = Math.min(...gaps.map(Math.abs));
  const reach = gaps.length > 0 ? Math.max(thick, least) / 2 : Math.max(thick / 2, THIN);
  const side = (/** @type {number} */ sign) => {
    const gap = gaps.find((g) => Math.sign(g) === sign);
    return gap === undefined ? reach : Math.min(Math.abs(gap) / 2, reach);
  };
  return [here - side(-1), here + side(1)];
}

/** Of what is shown of a series that has a place in the patient.
 * @param {Series} series @param {{shows: Shown, camera: Camera}} viewport @returns {Sheet} */
export function sheetOf(series, { shows, camera }) {
  const plane = planeOf(shows);
  if (!plane) {
    const [low, high] = slice(series, placeOf(shows));
    return { normal: normal(series.grid), at: location(series.grid, placeOf(shows)), low, high };
  }
  const n = cameraNormal(camera);
  if (plane.whole && isVolume(series)) return wholeSheet(volumeGeometry(series, plane.volume.time), n);
  const at = dot(camera.center, n);
  const layer = isVolume(series) ? volumeGeometry(series, plane.volume.time).layerMm(n) : 2 * THIN;
  const half = Math.max(plane.slab_mm ?? 0, layer) / 2;
  return { normal: n, at, low: at - half, high: at + half };
}

/** All of a volume. @param {import("./volume.js").VolumeGeometry} geometry @param {Vec} n @returns {Sheet} */
function wholeSheet(geometry, n) {
  const [at, half] = [dot(geometry.middle, n), geometry.extent(n) / 2];
  return { normal: n, at, low: at - half, high: at + half };
}

/** How far a point lies from the middle of a sheet, in mm; on which side by its sign. @param {Sheet} sheet
 * @param {Vec} point */
export const distanceTo = (sheet, point) => dot(point, sheet.normal) - sheet.at;
