/** What of a series can be shown: runs of images, both ends inclusive. */
/** @import {Case, Loading, Series} from "../wire.js" */
import { formatDate } from "./format.js";
import { ofServer, plural, t } from "./language.js";
import { imageAt, places } from "./view/series.js";

/** @param {readonly [number, number][]} runs */
const countIn = (runs) => runs.reduce((n, [first, last]) => n + last - first + 1, 0);

/** @param {Loading} loading */
export const readyCount = (loading) => countIn(loading.ready);

/** All its images are decoded on the server. @param {Loading | null} loading */
export const isWhole = (loading) => !!loading && readyCount(loading) >= loading.images;

/** Runs of places that are ready at a time, as parts of the scrubber's length, 0 to 1.
 * @param {Loading} loading @param {Series} series @param {number} time @returns {{from: number, to: number}[]} */
export function readyParts(loading, series, time) {
  const count = places(series);
  /** @type {{from: number, to: number}[]} */
  const parts = [];
  for (const [first, last] of loading.ready) {
    /** @type {number[]} */
    const here = [];
    for (let place = 0; place < count; place++) {
      const image = imageAt(series, place, time);
      if (image >= first && image <= last) here.push(place);
    }
    const [from, to] = [here[0], here.at(-1)];
    if (from !== undefined && to !== undefined) parts.push({ from: from / count, to: (to + 1) / count });
  }
  return parts;
}

/** Why an image cannot be shown, or "" where that is not known: the sentence is that of the first; each other's comes
 * with its still. @param {Loading | null | undefined} loading @param {number} image */
export const failure = (loading, image) =>
  loading?.failed?.[0] === image ? ofServer(loading.sentence) || t("This image cannot be shown.") : "";

/** How many images of a series are no longer on the server. @param {Series} series */
export const deletedCount = (series) => countIn(series.deleted ?? []);

/** What of a series is no longer on the server, or "". @param {Series} series */
export function deletedWords(series) {
  const n = deletedCount(series);
  return n === 0 ? "" : n === series.images ? t("deleted") : plural(n, "{n} image deleted", "{n} images deleted");
}

/** That a series has fewer images than it should, or "". @param {Series} series */
export const missingWords = ({ images, expected = 0 }) =>
  expected > images ? t("{images} of {all} images", { images, all: expected }) : "";

/** That an image, or all of its series or study, is no longer on the server, or "".
 * @param {Case} kase @param {Series} series @param {number} image */
export function deletion(kase, series, image) {
  const study = kase.studies.find((s) => s.key === series.study);
  if (study?.deleted)
    return t("The images of {study} were deleted from the server.", {
      study: formatDate(study.date) || t("this study"),
    });
  if (!(series.deleted ?? []).some(([first, last]) => first <= image && image <= last)) return "";
  if (deletedCount(series) === series.images) return t("The images of this series were deleted from the server.");
  return t("This image was deleted from the server.");
}
