/** What is shown of a picture: how true it is, and what was done to it. */
/** @import {Camera, Crosshair, Loading, Mosaic, Plane, Playing, Series, StampedViewport} from "../../wire.js" */
/** @import {Role} from "../study-label.js" */
/** @import {Part} from "./view.js" */
import { tilt } from "../geometry.js";
import { isFlipped, isRotated } from "./camera.js";
import { cineOf, oneOf, rateOf } from "./cine/frames.js";
import { ageText, formatNumber, formatPercent } from "../format.js";
import { ofServer, t } from "../language.js";
import { readyCount } from "../loading.js";
import { paletteName } from "../planes/colours.js";
import { directions, planeOf } from "../planes/parts.js";
import { roleWord } from "../study-label.js";
import { framesOf, framesWords, isShifted, shiftOf, shiftWords } from "./cine/mask.js";
import { isSubtracted } from "./series.js";
import { placeOf, timeOf } from "./shows.js";

/**
 * @typedef {{text: string, tone: "plain" | "warn", glyph?: string, onScreen?: true}} Badge
 *   onScreen: true there alone
 */

/** @typedef {{damaged: boolean, sentence: string}} Fault why an image cannot be shown */

/** LOSSY is shown only once it has lasted this long: badges do not flicker. */
export const LOSSY_AFTER_MS = 250;

/** Degrees: what is less is rounding, and no gantry tilts by more. */
const TILT = { least: 0.5, most: 45 };

/** Cosine of how far the patient's own down may lie off the screen's. */
const UPRIGHT = 0.7;

/** @param {Series} series */
const isTilted = ({ modality, grid }) =>
  modality === "CT" && grid.positions.length > 2 && tilt(grid) >= TILT.least && tilt(grid) <= TILT.most;

/** @param {string} text @param {string} [glyph] @returns {Badge} */
const warn = (text, glyph) => ({ text, tone: "warn", ...(glyph ? { glyph } : {}) });
/** @param {string} text @param {string} [glyph] @returns {Badge} */
const plain = (text, glyph) => ({ text, tone: "plain", ...(glyph ? { glyph } : {}) });

/**
 * How true the picture is. `null`: nothing new yet, what was shown stays.
 * @param {{fidelity: "lossy" | "scaled" | "exact", lossyForMs: number, scale: number, resampled?: boolean}} what
 *   resampled: interpolated between images
 * @returns {Badge | null}
 */
export function fidelityBadge({ fidelity, lossyForMs, scale, resampled = false }) {
  if (fidelity === "lossy") return lossyForMs > LOSSY_AFTER_MS ? warn(t("LOSSY"), "wave") : null;
  const whole = scale >= 1 - 1e-6;
  const text = whole ? t("EXACT") : t("SCALED {percent}", { percent: formatPercent(scale) });
  const found = plain(resampled ? `${text}, ${t("RESAMPLED")}` : text, whole ? "check" : undefined);
  return { ...found, onScreen: true };
}

/** Codes of the server for an image whose stream is not whole: what is left of it is not shown. */
const DAMAGED = new Set(["damaged", "truncated", "codec", "rle", "fragments"]);

/** Why an image cannot be shown. @param {{sentence?: string, code?: string} | undefined} found @returns {Fault} */
export function faultOf(found) {
  const damaged = DAMAGED.has(found?.code ?? "");
  const sentence = ofServer(found?.sentence) || t("This image cannot be shown.");
  const why = sentence.replace("the image is damaged: ", "");
  return { damaged, sentence: damaged ? t("Image damaged, not shown. {why}", { why }) : sentence };
}

/** Instead of it where there is no picture. @param {Fault} fault */
export const cannotShow = ({ damaged }) => warn(damaged ? t("DAMAGED") : t("NOT SHOWN"), "warn");

/** Instead of it while the server has not confirmed it. @param {number} ageMs since it did last */
export const notLive = (ageMs) => warn(t("NOT LIVE, {age} OLD", { age: ageText(ageMs).toUpperCase() }), "clock");

/** A part of a note, the comma before it too. @param {string} words */
const shown = (words) => words.replace(/[^, ].*/, (word) => ofServer(word).toUpperCase());

/** Upper case but for what an attribute holds. @param {string} note */
export const noteText = (note) => note.replace(/(^|, )[^:,]+/g, (words) => shown(words));

/** @param {StampedViewport} viewport */
function maskBadges(viewport) {
  if ((viewport.without ?? []).includes("mask")) return [warn(t("UNSUBTRACTED"))];
  const [shift, frames] = [shiftOf(viewport), framesOf(viewport)];
  const moved = isShifted(shift) ? [warn(t("MASK MOVED {shift}", { shift: shiftWords(shift) }))] : [];
  const other = frames.length > 0 ? [warn(t("MASK: {frames}", { frames: framesWords(frames).toUpperCase() }))] : [];
  return [plain(t("SUBTRACTED")), ...other, ...moved];
}

/** What of the file's own presentation is applied, and what is left out. @param {StampedViewport} viewport
 * @param {Series} series */
function presented(viewport, series) {
  const without = viewport.without ?? [];
  const badges = [];
  if (isSubtracted(series, placeOf(viewport.shows), timeOf(viewport.shows))) badges.push(...maskBadges(viewport));
  if (has(series, "overlay") && without.includes("overlay")) badges.push(warn(t("OVERLAY HIDDEN")));
  if (has(series, "shutter"))
    badges.push(without.includes("shutter") ? warn(t("WITHOUT SHUTTER")) : plain(t("SHUTTER")));
  if (has(series, "palette"))
    badges.push(
      without.includes("palette") || viewport.palette ? warn(t("FILE'S COLOURS HIDDEN")) : plain(t("FILE'S COLOURS")),
    );
  return badges;
}

/** @param {Series} series @param {Part} part */
const has = (series, part) => (series.presents ?? []).includes(part);

/** How a picture lies on the screen against how it is read.
 * @param {StampedViewport} viewport @param {Series} series @param {Crosshair | null} crosshair */
function turnBadges({ shows, camera }, series, crosshair) {
  const plane = planeOf(shows);
  if (plane) return planeBadges(plane, camera, crosshair);
  const badges = [];
  if (isFlipped(camera, series.grid)) badges.push(warn(t("FLIPPED")));
  if (isRotated(camera, series.grid)) badges.push(warn(t("ROTATED")));
  return badges;
}

/** A plane is rotated where what stands above in the patient does not stand above: turned axes alone rotate nothing.
 * @param {Plane} plane @param {Camera} camera @param {Crosshair | null} crosshair */
function planeBadges(plane, camera, crosshair) {
  if (plane.whole) return [];
  if (plane.tilted) return [plain(t("TILTED"))];
  const badges = [];
  if (crosshair && isFlipped(camera, directions(crosshair, plane.name))) badges.push(warn(t("FLIPPED")));
  const down = plane.name === "axial" ? camera.down[1] : -camera.down[2];
  if (down < UPRIGHT) badges.push(warn(t("ROTATED")));
  return badges;
}

/** "CINE 12.5/s 0.5×", and what is left out of a clip that is faster than the moving picture.
 * @param {StampedViewport} viewport @param {Series} series @param {Playing} playing @returns {Badge[]} */
function cineBadges({ shows }, series, playing) {
  const [cine, times] = [cineOf(series, shows, playing), playing.rate ?? 1];
  if (cine.ms.length === 0) return [];
  const [rate, skipped] = [rateOf(cine, times), oneOf(cine, times)];
  const words = t("CINE {rate}/s", { rate: formatNumber(rate, Number.isInteger(rate) ? 0 : 1) });
  const factor = times === 1 ? "" : ` ${formatNumber(times, times < 0.5 ? 2 : times < 1 ? 1 : 0)}×`;
  return [plain(`${words}${factor}`, "play"), ...(skipped > 1 ? [warn(t("ONE OF {n} SHOWN", { n: skipped }))] : [])];
}

/** Whether images lie between those of two cells. @param {Mosaic | null} mosaic @returns {Badge[]} */
function mosaicBadges(mosaic) {
  if (!mosaic) return [];
  const n = mosaic.step ?? 1;
  return [n > 1 ? warn(t("MOSAIC, ONE OF {n} SHOWN", { n })) : plain(t("MOSAIC"))];
}

/** Of how many images there should be, those that can be shown: some are not loaded yet, some were never here.
 * @param {Series} series @param {Loading | null} loading */
function incompleteBadge(series, loading) {
  const ready = loading ? readyCount(loading) : series.images;
  const all = Math.max(series.expected ?? 0, loading?.images ?? 0);
  return ready < all ? [warn(t("INCOMPLETE {ready} / {all}", { ready, all }))] : [];
}

/**
 * @param {StampedViewport} viewport @param {Series} series
 * @param {{role: Role, comparing: boolean, loading: Loading | null, crosshair?: Crosshair | null,
 *   playing?: Playing | null, papers?: string[], black?: string, mosaic?: Mosaic | null}} more
 * @returns {Badge[]}
 */
export function stateBadges(
  viewport,
  series,
  { role, comparing, loading, crosshair = null, playing = null, papers = [], black = "", mosaic = null },
) {
  const badges = [...mosaicBadges(mosaic), ...(playing ? cineBadges(viewport, series, playing) : [])];
  if (role && (comparing || role === "PRIOR")) badges.push(plain(roleWord(role)));
  badges.push(...turnBadges(viewport, series, crosshair));
  if (viewport.invert) badges.push(plain(t("INVERTED")));
  const colours = paletteName(viewport.palette);
  if (colours) badges.push(plain(colours.toUpperCase()));
  if (series.source_lossy)
    badges.push(warn(`${t("SOURCE LOSSY")}${series.source_lossy === "yes" ? "" : ` ${series.source_lossy}`}`));
  badges.push(...incompleteBadge(series, loading));
  if (isTilted(series) && !planeOf(viewport.shows))
    badges.push(plain(t("GANTRY TILT {degrees}°", { degrees: Math.round(tilt(series.grid)) })));
  badges.push(...presented(viewport, series));
  if (series.note) badges.push(warn(noteText(series.note)));
  if (black) badges.push(warn(black));
  badges.push(...papers.map((words) => plain(words, "note")));
  return badges;
}
