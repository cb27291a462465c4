/** What keys and gestures do to planes, where images have ways of their own (core/view/view.js). Pure. */
/** @import {Camera, Case, Crosshair, Series, View, Viewport, Window} from "../../wire.js" */
/** @import {Rect} from "../view/camera.js" */
/** @import {Vec} from "../vec.js" */
import { centre, location, normal } from "../geometry.js";
import { add, dot, scale } from "../vec.js";
import { clampRadius, pointAt } from "../view/camera.js";
import { placeOf, seriesShown } from "../view/shows.js";
import { windowFor } from "../view/windows.js";
import { movePoint, scrollPlane, setSlab, straightenPlane } from "./acts.js";
import { presetOf, volumePresets, windowOf } from "./whole/rendered.js";
import { isWhole, turnedBy, TURNS, wholeOf } from "./whole/turning.js";
import { isVolume } from "./volume.js";
import { cameraNormal, geometryOf, isLinked, planeOf, sameSpace, through } from "./parts.js";

/** Of the volume of a plane. @param {Case} kase @param {Viewport} viewport */
function geometryUnder(kase, viewport) {
  const volume = planeOf(viewport.shows)?.volume;
  return volume ? geometryOf(kase, volume.series, volume.time) : null;
}

/** All of the volume, as the plane is turned now. @param {Case} kase @param {Viewport} viewport
 * @param {Crosshair | null | undefined} crosshair @returns {Camera} */
export function wholePlane(kase, viewport, crosshair) {
  const geometry = geometryUnder(kase, viewport);
  const { camera } = viewport;
  if (!geometry) return camera;
  const radius = clampRadius(Math.max(geometry.extent(camera.right), geometry.extent(camera.down)) / 2);
  const whole = { ...viewport, camera: { ...camera, center: geometry.middle, radius } };
  const point = crosshair && isLinked(viewport, crosshair, kase) ? crosshair.point : camera.center;
  return through(whole, { series: "", point }).camera;
}

/** The smallest side of a voxel on one device pixel. @param {Case} kase @param {Viewport} viewport
 * @param {Rect} rect @returns {Camera} */
export function planeOneToOne(kase, viewport, rect) {
  const geometry = geometryUnder(kase, viewport);
  const { camera } = viewport;
  return geometry ? { ...camera, radius: clampRadius((geometry.finestMm * Math.min(rect[2], rect[3])) / 2) } : camera;
}

/** @param {Camera} a @param {Camera} b */
const sameCamera = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** One viewport is aimed anew; those that showed the very same place in the same plane (PET, CT, both) come along.
 * @param {View} view @param {Viewport} before @param {Camera} camera @returns {View} */
export const aimed = (view, before, camera) => ({
  ...view,
  viewports: view.viewports.map((v) =>
    v.id === before.id || (planeOf(v.shows) && sameCamera(v.camera, before.camera)) ? { ...v, camera } : v,
  ),
});

/** What is rendered has a window of its own: it says what is seen at all. @param {Viewport} viewport */
const volumeKey = (viewport) =>
  JSON.stringify((!presetOf(viewport.shows) && planeOf(viewport.shows)?.volume) || viewport.id);

/** Window and greys are those of all planes of a volume. @param {View} view @param {Viewport} changed
 * @returns {View} */
export const windowed = (view, changed) => ({
  ...view,
  viewports: view.viewports.map((v) => (volumeKey(v) === volumeKey(changed) ? { ...v, ...lookOf(changed) } : v)),
});

/** @param {Viewport} viewport @returns {Pick<Viewport, "window" | "invert" | "palette">} */
const lookOf = ({ window = null, invert = false, palette = "" }) => ({ window, invert, palette });

/** All linked planes straight, whole, without slabs and as their series opens; the crosshair's point stays.
 * @param {View} view @param {Case} kase @returns {View} */
export function resetPlanes(view, kase) {
  const before = view.crosshair;
  if (!before) return view;
  /** @type {Crosshair} */
  const crosshair = { ...before, right: [1, 0, 0], down: [0, 1, 0] };
  /** @type {View} */
  let next = { ...view, crosshair };
  for (const { id } of view.viewports.filter((v) => isLinked(v, crosshair, kase))) {
    next = setSlab(straightenPlane(next, kase, id), id, 0, "mean");
  }
  const opened = next.viewports.map((v) => (isLinked(v, crosshair, kase) ? asOpened(v, kase, crosshair) : v));
  const aimed = (/** @type {Viewport} */ v) =>
    isWhole(v.shows) ? wholeAsOpened(v, kase) : { ...v, camera: firstOf(opened, v).camera };
  return { ...next, viewports: opened.map(aimed) };
}

/** A whole volume from the front; one that is rendered in its preset's window. @param {Viewport} viewport
 * @param {Case} kase @returns {Viewport} */
function wholeAsOpened(viewport, kase) {
  const series = kase.series.find((s) => s.key === planeOf(viewport.shows)?.volume.series);
  if (!series || !isVolume(series)) return viewport;
  const { camera, window = null, invert } = wholeOf(series, viewport.id);
  const rendered = volumePresets(series).find(({ id }) => id === presetOf(viewport.shows));
  const own = rendered ? { window: windowOf(series, rendered.window), invert: false } : { window, invert };
  return { ...viewport, camera, ...own, palette: "", playing: null };
}

/** Of planes of one name (PET, CT, both) the first, which the others are aimed as.
 * @param {Viewport[]} viewports @param {Viewport} viewport */
const firstOf = (viewports, viewport) =>
  viewports.find((v) => planeOf(v.shows)?.name === planeOf(viewport.shows)?.name && planeOf(v.shows)) ?? viewport;

/** @param {Viewport} viewport @param {Case} kase @param {Crosshair} crosshair @returns {Viewport} */
function asOpened(viewport, kase, crosshair) {
  const series = kase.series.find((s) => s.key === planeOf(viewport.shows)?.volume.series);
  const camera = wholePlane(kase, viewport, crosshair);
  if (!series) return { ...viewport, camera };
  return { ...viewport, camera, window: openingWindow(series), invert: series.modality === "PT", palette: "" };
}

/** The window that planes of a series open with. @param {Series} series @returns {Window} */
export const openingWindow = (series) => windowFor(series, false) ?? { center: 0.5, width: 1 };

/** Stacks run from right to left, from front to back, and from head to feet. */
const ONWARD = [1, 1, -1];

/** Whether a normal leads the way that stacks run: 1, else -1. @param {Vec} n */
function wayOf(n) {
  const strongest = Math.max(...n.map(Math.abs));
  const i = n.findIndex((part) => Math.abs(part) === strongest);
  return Math.sign(n[i] ?? 1) * (ONWARD[i] ?? 1);
}

/** By so many layers of voxels, the way that stacks run; a whole volume turns by so many steps.
 * @param {View} view @param {Case} kase @param {string} id
 * @param {number} by @returns {View} */
export function scrollLayers(view, kase, id, by) {
  const viewport = view.viewports.find((v) => v.id === id);
  if (isWhole(viewport?.shows)) return turnedBy(view, kase, id, Math.max(-TURNS, Math.min(TURNS, by)));
  return viewport ? scrollPlane(view, kase, id, by * wayOf(cameraNormal(viewport.camera))) : view;
}

/** The crosshair's point to what lies under a device pixel of a plane, or of an image of the same space.
 * @param {View} view @param {Case} kase @param {{id: string, rect: Rect, at: readonly [number, number]}} where
 * @returns {View} */
export function pointTo(view, kase, { id, rect, at }) {
  const viewport = view.viewports.find((v) => v.id === id);
  const series = viewport && seriesShown(kase, viewport.shows);
  if (!view.crosshair || !viewport || !series || !sameSpace(kase, series.key, view.crosshair.series)) return view;
  const under = pointAt(viewport.camera, rect, at[0], at[1]);
  if (planeOf(viewport.shows)) return movePoint(view, kase, under);
  const n = normal(series.grid);
  return movePoint(view, kase, add(under, scale(n, location(series.grid, placeOf(viewport.shows)) - dot(under, n))));
}

/** The middle of what a viewport shows: of an image its own. @param {Series} series @param {Viewport} viewport
 * @returns {Vec} */
export const middleOf = (series, viewport) =>
  planeOf(viewport.shows) ? viewport.camera.center : centre(series.grid, placeOf(viewport.shows));
