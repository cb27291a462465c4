/** What the layouts of images show: one, a pair to compare, a grid. Pure. */
/** @import {Case, Layout, Link, Series, View, Viewport} from "../../../wire.js" */
/** @import {Scene} from "../view.js" */
import { parallel } from "../../geometry.js";
import { oneUp } from "../../planes/layouts.js";
import { roleOf } from "../../study-label.js";
import { fitRadius } from "../camera.js";
import { linkable, linked } from "../link.js";
import { mosaicOf } from "../mosaic/cells.js";
import { seriesKey, seriesShown } from "../shows.js";
import { viewportOf, wholePair, windowAt } from "../view.js";
import { asImage, opened } from "./series.js";

export const ONE = { rows: 1, columns: 1 };
export const TWO = { rows: 1, columns: 2 };
const IDS = "abcdefghijklmnop";

/** One picture: the active viewport's. @param {View} view @returns {View} */
export function single(view) {
  const active = viewportOf(view, view.active) ?? view.viewports[0];
  return active ? oneUp(view, active.id) : view;
}

/**
 * Current left, prior right, linked where that is possible.
 * @param {View} view @param {Scene} scene @param {Map<string, Link>} [links] @returns {View}
 */
export function compare(view, scene, links) {
  const chosen = viewportOf(view, view.active) ?? view.viewports[0];
  const active = chosen && asImage(view, chosen, scene.kase);
  const shown = active && seriesShown(scene.kase, active.shows);
  if (!active || !shown) return view;
  const partner = partnerOf(scene.kase, shown) ?? shown;
  const left = isNewer(scene.kase, partner, shown) ? partner : shown;
  const right = left === shown ? partner : shown;
  const viewport = (/** @type {string} */ id, /** @type {Series} */ s) =>
    s === shown ? { ...active, id } : opened(id, s, active, shown);
  /** @type {View} */
  const next = {
    layout: TWO,
    viewports: [viewport("a", left), viewport("b", right)],
    active: left === shown ? "a" : "b",
    link: null,
  };
  if (!linkable(left, right)) return next;
  const whole = active.camera.radius >= fitRadius(shown.grid) * (1 - 1e-9);
  const together = linked(next, scene.kase, left === shown ? 1 : 0, links);
  return whole ? wholePair(together, scene.kase) : together;
}

/**
 * A grid: what is shown already, the active viewport always, then the case's next series. Nothing is linked.
 * @param {View} view @param {Scene} scene @param {Layout} layout without a primary @returns {View}
 */
export function grid(view, scene, layout) {
  const active = viewportOf(view, view.active) ?? view.viewports[0];
  const shown = active && seriesShown(scene.kase, active.shows);
  if (!active || !shown) return view;
  const here = keptOf(view, active, layout.rows * layout.columns);
  const fresh = others(scene.kase, shown, here);
  const ids = [...IDS].slice(0, layout.rows * layout.columns);
  const viewports = ids.map((id, i) => {
    const kept = here[i];
    const series = fresh[(i - here.length) % fresh.length] ?? shown;
    return kept ? { ...kept, id } : opened(id, series, active, shown);
  });
  const { crosshair = null } = view;
  return { layout, viewports, active: ids[here.indexOf(active)] ?? "a", link: null, crosshair };
}

/**
 * A mosaic of the active viewport's series: consecutive images of it, `step` apart, beginning with the one that is
 * shown. Again in a mosaic, its first image stays the first.
 * @param {View} view @param {Scene} scene @param {{layout: Layout, step: number}} how @returns {View} as it is where
 *   the series has fewer images than cells
 */
export function mosaic(view, scene, how) {
  const chosen = (view.mosaic ? view.viewports[0] : viewportOf(view, view.active)) ?? view.viewports[0];
  const leader = chosen && asImage(view, chosen, scene.kase);
  const series = leader && seriesShown(scene.kase, leader.shows);
  const next = leader && series ? mosaicOf(leader, series, how, windowAt) : null;
  return next ? { ...view, ...next } : view;
}

/** The first viewports, the last of which gives way to the active one. @param {View} view @param {Viewport} active
 * @param {number} count */
function keptOf(view, active, count) {
  const here = view.viewports.slice(0, count);
  return here.includes(active) ? here : [...here.slice(0, -1), active];
}

/** The series behind the one that is shown, those first that are not shown yet, and of those images before papers.
 * @param {Case} kase @param {Series} shown @param {Viewport[]} here */
function others(kase, shown, here) {
  const from = kase.series.indexOf(shown) + 1;
  const next = [...kase.series.slice(from), ...kase.series.slice(0, from)];
  const isHere = (/** @type {Series} */ s) => here.some((v) => seriesKey(v.shows) === s.key);
  const fresh = next.filter((s) => !isHere(s));
  return [...fresh.filter((s) => !s.document), ...fresh.filter((s) => s.document), ...next.filter(isHere)];
}

/** @param {Case} kase @param {Series} series */
const isPrior = (kase, series) => roleOf(kase, series) === "PRIOR";

/** Which of two studies is the newer. @param {Case} kase @param {Series} a @param {Series} b */
const isNewer = (kase, a, b) =>
  kase.studies.findIndex((s) => s.key === a.study) < kase.studies.findIndex((s) => s.key === b.study);

/**
 * What to compare a series with: of another study, the same modality, parallel, most alike in name and thickness.
 * @param {Case} kase @param {Series} series @returns {Series | null}
 */
export function partnerOf(kase, series) {
  const prior = isPrior(kase, series);
  const rank = (/** @type {Series} */ s) =>
    (isPrior(kase, s) !== prior ? 8 : 0) +
    (s.description === series.description ? 4 : 0) +
    (parallel(s.grid, series.grid) ? 2 : 0) -
    Math.min(1, Math.abs((s.slice_thickness_mm ?? 0) - (series.slice_thickness_mm ?? 0)));
  const others = kase.series.filter((s) => s.study !== series.study && s.modality === series.modality);
  return others.sort((x, y) => rank(y) - rank(x))[0] ?? null;
}
