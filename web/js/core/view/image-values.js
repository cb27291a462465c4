/** What the files say of single images: the mirror of ImageValues in consult/model/catalogue.py. */
/** @import {ImageValues, Series} from "../../wire.js" */
/** @import {Shown} from "./shows.js" */
import { perImage } from "./per-image.js";
import { imageOf } from "./shows.js";

/**
 * Of the image that is shown: one value of each, or one alone for all; null where none is known.
 * @template {keyof ImageValues} K
 * @param {Series} series
 * @param {Shown} shows
 * @param {K} name
 * @returns {NonNullable<ImageValues[K]>[number]}
 */
export function imageValue(series, shows, name) {
  /** @type {readonly NonNullable<ImageValues[K]>[number][]} */
  const values = series.values?.[name] ?? [];
  return perImage(values, imageOf(series, shows));
}
