/** What is shown of a picture: how true it is, and what was done to it. */
/** @import {Loading, Series, StampedViewport} from "../../wire.js" */
/** @import {Part} from "./view.js" */
import { isFlipped, isRotated } from "./camera.js";
import { formatPercent } from "../format.js";
import { readyCount } from "../loading.js";
import { isSubtracted } from "./series.js";
import { placeOf, timeOf } from "./shows.js";

/** @typedef {{text: string, tone: "plain" | "warn", glyph?: string}} Badge */

/** LOSSY is shown only once it has lasted this long: badges do not flicker. */
export const LOSSY_AFTER_MS = 250;

/** @param {string} text @param {string} [glyph] @returns {Badge} */
const warn = (text, glyph) => ({ text, tone: "warn", ...(glyph ? { glyph } : {}) });
/** @param {string} text @param {string} [glyph] @returns {Badge} */
const plain = (text, glyph) => ({ text, tone: "plain", ...(glyph ? { glyph } : {}) });

/**
 * How true the picture is. `null`: nothing new yet, what was shown stays.
 * @param {{fidelity: "lossy" | "scaled" | "exact", lossyForMs: number, scale: number}} what @returns {Badge | null}
 */
export function fidelityBadge({ fidelity, lossyForMs, scale }) {
  if (fidelity === "lossy") return lossyForMs > LOSSY_AFTER_MS ? warn("LOSSY", "wave") : null;
  return scale >= 1 - 1e-6 ? plain("EXACT", "check") : plain(`SCALED ${formatPercent(scale)}`);
}

/** Instead of it where there is no picture. */
export const cannotShow = () => warn("NOT SHOWN", "warn");

/** Instead of it while there is no connection. @param {number} ageS */
export const notLive = (ageS) => warn(`NOT LIVE, ${Math.max(0, Math.floor(ageS))} S OLD`, "clock");

/** Upper case but for what an attribute holds. @param {string} note */
const noteText = (note) => note.replace(/(^|, )[^:,]+/g, (words) => words.toUpperCase());

/** What of the file's own presentation is applied, and what is left out. @param {StampedViewport} viewport
 * @param {Series} series */
function presented(viewport, series) {
  const without = viewport.without ?? [];
  const badges = [];
  if (isSubtracted(series, placeOf(viewport.shows), timeOf(viewport.shows)))
    badges.push(without.includes("mask") ? warn("UNSUBTRACTED") : plain("SUBTRACTED"));
  if (has(series, "overlay") && without.includes("overlay")) badges.push(warn("OVERLAY HIDDEN"));
  if (has(series, "shutter")) badges.push(without.includes("shutter") ? warn("WITHOUT SHUTTER") : plain("SHUTTER"));
  return badges;
}

/** @param {Series} series @param {Part} part */
const has = (series, part) => (series.presents ?? []).includes(part);

/**
 * @param {StampedViewport} viewport @param {Series} series
 * @param {{prior: boolean, comparing: boolean, loading: Loading | null}} more @returns {Badge[]}
 */
export function stateBadges(viewport, series, { prior, comparing, loading }) {
  const badges = [];
  if (prior) badges.push(plain("PRIOR"));
  else if (comparing) badges.push(plain("CURRENT"));
  if (isFlipped(viewport.camera, series.grid)) badges.push(warn("FLIPPED"));
  if (isRotated(viewport.camera, series.grid)) badges.push(warn("ROTATED"));
  if (viewport.invert) badges.push(plain("INVERTED"));
  if (series.source_lossy)
    badges.push(warn(`SOURCE LOSSY${series.source_lossy === "yes" ? "" : ` ${series.source_lossy}`}`));
  if (loading && readyCount(loading) < loading.images)
    badges.push(warn(`INCOMPLETE ${readyCount(loading)} / ${loading.images}`));
  badges.push(...presented(viewport, series));
  if (series.note) badges.push(warn(noteText(series.note)));
  return badges;
}
