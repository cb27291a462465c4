/** What the layouts of images show: one, a pair to compare, two by two. Pure. */
/** @import {Case, Link, Series, View} from "../../../wire.js" */
/** @import {Scene} from "../view.js" */
import { parallel } from "../../geometry.js";
import { oneUp } from "../../planes/layouts.js";
import { roleOf } from "../../study-label.js";
import { fitRadius } from "../camera.js";
import { linkable, linked } from "../link.js";
import { seriesKey, seriesShown } from "../shows.js";
import { viewportOf, wholePair } from "../view.js";
import { asImage, opened } from "./series.js";

export const ONE = { rows: 1, columns: 1 };
export const TWO = { rows: 1, columns: 2 };
export const FOUR = { rows: 2, columns: 2 };
const FOUR_IDS = ["a", "b", "c", "d"];

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
 * Two by two: what is shown already, then the case's next series. Nothing is linked.
 * @param {View} view @param {Scene} scene @returns {View}
 */
export function four(view, scene) {
  const active = viewportOf(view, view.active) ?? view.viewports[0];
  const shown = active && seriesShown(scene.kase, active.shows);
  if (!active || !shown) return view;
  const here = view.viewports.slice(0, FOUR_IDS.length);
  const all = scene.kase.series;
  const from = all.indexOf(shown) + 1;
  const next = [...all.slice(from), ...all.slice(0, from)];
  const fresh = next.filter((s) => !here.some((v) => seriesKey(v.shows) === s.key));
  const viewports = FOUR_IDS.map((id, i) => {
    const kept = here[i];
    const more = i - here.length;
    const series = fresh[more] ?? next[(more - fresh.length) % next.length] ?? shown;
    return kept ? { ...kept, id } : opened(id, series, active, shown);
  });
  const { crosshair = null } = view;
  return { layout: FOUR, viewports, active: FOUR_IDS[here.indexOf(active)] ?? "a", link: null, crosshair };
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
