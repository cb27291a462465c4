/** One series in colours over another: what may lie over what, and how it is said. Pure. */
/** @import {Alignment, Case, Fusion, Series, View, Viewport, Window} from "../../wire.js" */
/** @import {Shown} from "../view/shows.js" */
import { formatPercent } from "../format.js";
import { t } from "../language.js";
import { seriesKey } from "../view/shows.js";
import { windowFor } from "../view/windows.js";
import { PALETTES } from "./colours.js";
import { sameSpace } from "./parts.js";
import { uptakeWindow } from "./uptake.js";

/** @typedef {NonNullable<Fusion["colour_map"]>} ColourMap */

const NBSP = "\u00a0";
const FIRST_OPACITY = 0.5;

/** @type {[ColourMap, string][]} */
export const COLOUR_MAPS = [...PALETTES, ["grey_inverse", t("Inverted greys")]];

/** "CT", "PET". @param {Series} series */
export const kindOf = ({ modality }) => (modality === "PT" ? "PET" : modality);

/** The window that a series has in colours, or alone: 0 to 5 SUV, else its own. @param {Series} series
 * @returns {Window} */
export const overWindow = (series) => windowFor(series, false) ?? { center: 0.5, width: 1 };

/** The series that lies over what is shown. @param {Case} kase @param {Shown} shows @returns {Series | null} */
export const overOf = (kase, shows) =>
  shows.type === "fusion" ? (kase.series.find((s) => s.key === shows.over.series) ?? null) : null;

/** What lies over an image, in words. @param {Case} kase @param {Shown} shows */
export function overName(kase, shows) {
  const over = overOf(kase, shows);
  return over ? `${over.description || kindOf(over)} · ${t("series {number}", { number: over.number })}` : "";
}

/** "SUVbw 0–7 · 60 %". @param {Case} kase @param {Shown} shows */
export function fusionWords(kase, shows) {
  const over = overOf(kase, shows);
  if (!over || shows.type !== "fusion") return "";
  const opacity = shows.opacity ?? FIRST_OPACITY;
  const percent = opacity >= 1 ? `100${NBSP}%` : opacity <= 0 ? `0${NBSP}%` : formatPercent(opacity);
  return `${uptakeWindow(over, shows.window)} · ${percent}`;
}

/** What may lie over a series, PET over others first. @param {Case} kase @param {Series} base @returns {Series[]} */
export const fusable = (kase, base) => over(kase, base, true);

/** What may, once it is aligned by hand: of other frames of reference. @param {Case} kase @param {Series} base
 * @returns {Series[]} */
export const alignable = (kase, base) => over(kase, base, false);

/** @param {Case} kase @param {Series} base @param {boolean} same of its frame of reference @returns {Series[]} */
function over(kase, base, same) {
  if (base.colour || base.grid.space !== "patient") return [];
  const found = kase.series.filter(
    (s) => s.key !== base.key && !s.no_planes && !s.colour && sameSpace(kase, s.key, base.key) === same,
  );
  const rank = (/** @type {Series} */ s) => (s.modality === "PT" ? 0 : 1);
  return found.sort((a, b) => rank(a) - rank(b));
}

/** A series in colours over what a viewport shows. @param {Viewport} viewport @param {Series} over
 * @param {Alignment | null} [alignment] by hand @returns {Viewport} */
export function fused(viewport, over, alignment = null) {
  const { shows } = viewport;
  const base = shows.type === "fusion" ? shows.base : shows;
  return {
    ...viewport,
    shows: {
      type: "fusion",
      base,
      over: { series: over.key, time: 0 },
      window: overWindow(over),
      colour_map: "hot_iron",
      opacity: FIRST_OPACITY,
      alignment,
    },
  };
}

/** All viewports of the view that show the active one's series in planes, or that one alone.
 * @param {View} view @param {(viewport: Viewport) => Viewport} how @returns {View} */
export function withFusions(view, how) {
  const active = view.viewports.find((v) => v.id === view.active);
  if (!active) return view;
  const kind = kindShown(active.shows);
  return { ...view, viewports: view.viewports.map((v) => (v === active || kindShown(v.shows) === kind ? how(v) : v)) };
}

/** What is shown, but for where: planes of one volume, fused with one other, are one. @param {Shown} shows */
function kindShown(shows) {
  const base = shows.type === "fusion" ? shows.base : shows;
  const over = shows.type === "fusion" ? shows.over.series : "";
  return base.type === "plane" && !base.whole ? `${seriesKey(base)} ${over}` : JSON.stringify(shows);
}

/** Without what lies over it. @param {Viewport} viewport @returns {Viewport} */
export const unfused = (viewport) =>
  viewport.shows.type === "fusion" ? { ...viewport, shows: viewport.shows.base } : viewport;

/** What lies over it changed. @param {Viewport} viewport @param {Partial<Fusion>} what @returns {Viewport} */
export const withOver = (viewport, what) =>
  viewport.shows.type === "fusion" ? { ...viewport, shows: { ...viewport.shows, ...what } } : viewport;

/** Of one notch of the wheel. */
const FADE = 0.05;

/** What lies over all planes alike, more or less opaque. @param {View} view @param {string} id of one of them
 * @param {number} notches @returns {View} */
export const fadeBy = (view, id, notches) =>
  withFusions({ ...view, active: id }, (viewport) => {
    const { shows } = viewport;
    if (shows.type !== "fusion") return viewport;
    const opacity = Math.min(Math.max((shows.opacity ?? FIRST_OPACITY) + notches * FADE, 0), 1);
    return withOver(viewport, { opacity: Math.round(opacity * 100) / 100 });
  });
