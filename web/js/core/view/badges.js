/** What is shown of a picture: how true it is, and what was done to it. */
/** @import {Loading, Series, StampedViewport} from "../../wire.js" */
import { isFlipped, isRotated } from "./camera.js";
import { formatPercent } from "../format.js";
import { readyCount } from "../loading.js";

/** @typedef {{text: string, tone: "plain" | "warn", glyph?: string}} Badge */

/** @typedef {{damaged: boolean, sentence: string}} Fault why an image cannot be shown */

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

/** Codes of the server for an image whose stream is not whole: what is left of it is not shown. */
const DAMAGED = new Set(["damaged", "truncated", "codec", "rle", "fragments"]);

/** Why an image cannot be shown. @param {{sentence?: string, code?: string} | undefined} found @returns {Fault} */
export function faultOf(found) {
  const damaged = DAMAGED.has(found?.code ?? "");
  const sentence = found?.sentence || "This image cannot be shown.";
  const why = sentence.replace("the image is damaged: ", "");
  return { damaged, sentence: damaged ? `Image damaged, not shown. ${why}` : sentence };
}

/** Instead of it where there is no picture. @param {Fault} fault */
export const cannotShow = ({ damaged }) => warn(damaged ? "DAMAGED" : "NOT SHOWN", "warn");

/** Instead of it while there is no connection. @param {number} ageS */
export const notLive = (ageS) => warn(`NOT LIVE, ${Math.max(0, Math.floor(ageS))} S OLD`, "clock");

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
  if (series.note) badges.push(warn(series.note.toUpperCase()));
  return badges;
}
