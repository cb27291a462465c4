/** Arrangements of planes that the page offers: a row, a square, one large; PET, CT and both; out again. Pure. */
/** @import {Case, Series, View, Viewport} from "../../wire.js" */
/** @import {Scene} from "../view/view.js" */
import { stateCarried } from "../presentation-states/carried.js";
import { carried } from "../segmentations/carried.js";
import { firstTime } from "../view/series.js";
import { seriesShown, stack, timeOf } from "../view/shows.js";
import { ONE } from "../view/opening/layouts.js";
import { asImage } from "../view/opening/series.js";
import { bring, membersOf, shiftsOf } from "../view/link.js";
import { opensInverted, viewportOf } from "../view/view.js";
import { movePoint } from "./acts.js";
import { fusable, fused, overWindow } from "./fusion.js";
import { openPlanes, planeViewport } from "./layouts.js";
import { middleOf, openingWindow } from "./moves.js";
import { axis, facing, isLinked, NAMES, planeOf, sameSpace, through, withPlane } from "./parts.js";
import { wholeOf } from "./turning.js";
import { isVolume } from "./volume.js";

/** @typedef {"row" | "square" | "large"} Arrangement */

const IDS = "abcdefghijklmnopq";

/** @param {View} view */
const activeOf = (view) => viewportOf(view, view.active) ?? view.viewports[0];

/** Out of planes: the image at the crosshair's point alone. @param {View} view @param {Scene} scene @returns {View} */
export function leavePlanes(view, { kase }) {
  const active = activeOf(view);
  if (!active) return view;
  const viewports = [{ ...asImage(view, active, kase), id: "a" }];
  return { ...view, layout: ONE, viewports, active: "a", link: null, crosshair: null };
}

/** Three planes of the active series, in its window; through the point that is there already.
 * @param {View} view @param {Scene} scene @returns {View} as it is where there are none */
export function planesOf(view, { kase }) {
  const active = activeOf(view);
  const series = active && seriesShown(kase, active.shows);
  if (!active || !series || !isVolume(series)) return view;
  const opened = openPlanes(series, { time: timeOf(active.shows), window: active.window ?? null });
  const of = (/** @type {Viewport} */ v) => stateCarried(kase, carried(kase, v, active), active);
  const all = { ...opened, viewports: opened.viewports.map(of) };
  const kept = view.crosshair && sameSpace(kase, view.crosshair.series, series.key) ? view.crosshair.point : null;
  return { ...view, ...movePoint(all, kase, kept ?? middleOf(series, active)) };
}

/** The planes that there are, one of each name, else those of the active series. @param {View} view
 * @param {Scene} scene @returns {View} */
function threePlanes(view, scene) {
  const { crosshair } = view;
  const model = view.viewports.find((v) => crosshair && isLinked(v, crosshair, scene.kase));
  const series = model && seriesShown(scene.kase, model.shows);
  if (!crosshair || !model || !series || !isVolume(series)) return planesOf(view, scene);
  const of = (/** @type {string} */ name) => view.viewports.find((v) => planeOf(v.shows)?.name === name);
  const viewports = NAMES.map((name, i) => ({
    ...(of(name) ?? planeViewport(model, "a", name, crosshair, series)),
    id: IDS[i] ?? "",
  }));
  const active = viewports.find((v) => v.shows === activeOf(view)?.shows)?.id ?? "a";
  return { ...view, layout: { rows: 1, columns: 3 }, viewports, active, link: null };
}

/** Three planes: in a row; in a square, with the image as it was acquired; the active one large beside the others.
 * @param {View} view @param {Scene} scene @param {Arrangement} how @returns {View} as it is where there are none */
export function arrangePlanes(view, scene, how) {
  const planes = threePlanes(view, scene);
  if (!planes.crosshair || how === "row") return planes;
  if (how === "large") return { ...planes, layout: { rows: 2, columns: 1, primary: planes.active } };
  const [first] = planes.viewports;
  const image = first && asImage(planes, first, scene.kase);
  const viewports = [...planes.viewports, ...(image ? [{ ...image, id: "d" }] : [])];
  return { ...planes, layout: { rows: 2, columns: 2 }, viewports };
}

/** A CT and the PET that lies over it: of the series that is shown, else the first. @param {Case} kase
 * @param {Series | null} shown @returns {{ct: Series, pet: Series} | null} */
export function petCt(kase, shown) {
  const cts = kase.series.filter((s) => s.modality === "CT" && !s.no_planes);
  const near = (/** @type {Series} */ s) =>
    (s.key === shown?.key ? 4 : 0) + (s.study === shown?.study ? 2 : 0) + (s.images > 1 ? 1 : 0);
  const sorted = cts.sort((a, b) => near(b) - near(a));
  for (const ct of sorted) {
    const pets = fusable(kase, ct).filter((s) => s.modality === "PT" && s.study === ct.study);
    const pet = pets.find((s) => s.key === shown?.key) ?? pets[0];
    if (pet) return { ct, pet };
  }
  return null;
}

/** Rows of CT, PET and both, columns of the three planes; all lie in the same places.
 * @param {View} view @param {Scene} scene @param {{ct: Series, pet: Series}} of @returns {View} */
export function threeRows(view, scene, { ct, pet }) {
  const { kase } = scene;
  if (!isVolume(ct) || !isVolume(pet)) return asking(view, ct, pet);
  const active = activeOf(view);
  const shown = active && seriesShown(kase, active.shows);
  const window = shown === ct ? (active?.window ?? null) : openingWindow(ct);
  const kept = view.crosshair && sameSpace(kase, view.crosshair.series, ct.key) ? view.crosshair.point : null;
  const start = kept ?? (active && shown && sameSpace(kase, shown.key, ct.key) ? middleOf(shown, active) : null);
  const planes = start ? movePoint(openPlanes(ct, { window }), kase, start) : openPlanes(ct, { window });
  const rows = [
    planes.viewports,
    planes.viewports.map((v) => ofSeries(v, pet)),
    planes.viewports.map((v) => fused(v, pet)),
  ];
  const before = active ?? null;
  const of = (/** @type {Viewport} */ v) => stateCarried(kase, carried(kase, v, before), before);
  const viewports = rows.flat().map((v, i) => of({ ...v, id: IDS[i] ?? "" }));
  return { ...planes, layout: { rows: 3, columns: 3 }, viewports, active: "g" };
}

/** The same with a MIP of the whole PET beside it, over the full height. @param {View} view @param {Scene} scene
 * @param {{ct: Series, pet: Series}} of @returns {View} */
export function threeRowsAndMip(view, scene, of) {
  const rows = threeRows(view, scene, of);
  return isVolume(of.ct) && isVolume(of.pet) ? withMip(rows, of.pet, 3, 3) : rows;
}

/** The three planes below each other, and beside them a MIP of the whole volume, which turns.
 * @param {View} view @param {Scene} scene @returns {View} as it is where there are none */
export function planesAndMip(view, scene) {
  const planes = threePlanes(view, scene);
  const series = scene.kase.series.find((s) => s.key === planeOf(planes.viewports[0]?.shows)?.volume.series);
  return planes.crosshair && series && isVolume(series) ? withMip(planes, series, 3, 1) : planes;
}

/** @param {View} view @param {Series} series @param {number} rows @param {number} columns @returns {View} */
function withMip(view, series, rows, columns) {
  const primary = IDS[rows * columns] ?? "";
  const viewports = [...view.viewports, wholeOf(series, primary)];
  return { ...view, layout: { rows, columns, primary }, viewports, active: primary };
}

/** The same plane of another series. @param {Viewport} viewport @param {Series} series @returns {Viewport} */
function ofSeries(viewport, series) {
  const plane = planeOf(viewport.shows);
  if (!plane) return viewport;
  const shows = { ...plane, volume: { series: series.key, time: 0 } };
  return { ...viewport, shows, window: overWindow(series), invert: opensInverted(series), playing: null };
}

/** A view that names the series whose lists are needed first. @param {View} view @param {...Series} all
 * @returns {View} */
function asking(view, ...all) {
  const active = activeOf(view);
  if (!active) return view;
  const viewports = all.map((s) => ({ ...active, shows: stack(s, 0, firstTime(s, 0)) }));
  return { ...view, viewports };
}

/** @param {Viewport} alone @param {{view: View, id: string}} before @param {Case} kase @returns {View} */
function imageComesBack(alone, { view, id }, kase) {
  const shifts = shiftsOf(membersOf(view, kase), id);
  const viewports = view.viewports.map((v) => (v.id === id ? { ...alone, id } : v));
  const next = { ...view, viewports, active: id };
  return bring(next, id, kase, shifts);
}

/** What was there before one viewport stood alone, as the crosshair is turned now, and with what a link brings along.
 * @param {View} view of the one @param {{view: View, id: string}} before id: of that viewport then @param {Case} kase
 * @returns {View} */
export function comeBack(view, before, kase) {
  const { crosshair } = view;
  const [alone] = view.viewports;
  if (!alone) return before.view;
  if (!crosshair) return imageComesBack(alone, before, kase);
  const viewports = before.view.viewports.map((viewport) => {
    const plane = planeOf(viewport.shows);
    if (viewport.id === before.id) return { ...alone, id: viewport.id };
    if (!plane || !isLinked(viewport, crosshair, kase)) return viewport;
    const camera = plane.tilted ? viewport.camera : facing(viewport.camera, axis(crosshair, plane.name));
    return through({ ...viewport, shows: withPlane(viewport.shows, plane), camera }, crosshair);
  });
  return { ...view, layout: before.view.layout, viewports, active: before.id };
}
