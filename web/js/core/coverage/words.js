/** What has been seen of a series, in sentences: image numbers are those of the scroll bar, from 1. */
/** @import {Series} from "../../wire.js" */
/** @import {Seen} from "./coverage.js" */
/** @import {Runs} from "./runs.js" */
import { t } from "../language.js";
import { times } from "../view/series.js";
import { strip, unseen } from "./coverage.js";
import { count } from "./runs.js";

/** Runs that are named one by one. */
const NAMED = 4;

/** "3, 40 to 52 and 7 more". @param {Runs} runs from 0 */
function listed(runs) {
  const named = runs
    .slice(0, NAMED)
    .map(([first, last]) =>
      first === last ? String(first + 1) : t("{first} to {last}", { first: first + 1, last: last + 1 }),
    );
  const more = count(runs.slice(NAMED));
  return [named.join(", "), more > 0 && t("and {count} more", { count: more })].filter(Boolean).join(" ");
}

/** What nobody has seen. @param {Runs} missing @param {number} all images */
export function nobodyWords(missing, all) {
  const n = count(missing);
  if (n === 0) return t("Somebody has seen each image.");
  if (n === all) return t("Nobody has seen any image.");
  const list = listed(missing);
  return n === 1 ? t("Image {list} was seen by nobody.", { list }) : t("Images {list} were seen by nobody.", { list });
}

/** What this seat has not seen. @param {Runs} missing @param {number} all images */
function mineWords(missing, all) {
  const n = count(missing);
  if (n === 0) return t("You have seen each image.");
  if (n === all) return t("You have seen no image.");
  const list = listed(missing);
  return n === 1 ? t("You have not seen image {list}.", { list }) : t("You have not seen images {list}.", { list });
}

/** Beside the scroll bar: of the images at one time, what this seat and what nobody has seen, where that differs.
 * @param {Series} series @param {number} time @param {Seen} seen */
export function stripWords(series, time, seen) {
  const parts = strip(series, time, seen);
  const runs = (/** @type {(by: string) => boolean} */ which) =>
    parts.filter(({ by }) => which(by)).map(({ first, last }) => /** @type {const} */ ([first, last]));
  const all = count(runs(() => true));
  const [unseenHere, nobody] = [joined(runs((by) => by !== "mine")), runs((by) => by === "nobody")];
  if (count(unseenHere) === 0) return mineWords(unseenHere, all);
  if (count(unseenHere) === count(nobody)) return nobodyWords(nobody, all);
  return `${mineWords(unseenHere, all)} ${nobodyWords(nobody, all)}`;
}

/** Runs that lie next to each other as one. @param {Runs} runs ascending @returns {Runs} */
function joined(runs) {
  /** @type {[number, number][]} */
  const found = [];
  for (const [first, last] of runs) {
    const before = found[found.length - 1];
    if (before && before[1] + 1 === first) before[1] = last;
    else found.push([first, last]);
  }
  return found;
}

/** Of a whole series: with a second axis how many, as numbers along the stack would not say which.
 * @param {Series} series @param {Seen} seen */
export function seriesWords(series, seen) {
  const missing = unseen(series, seen);
  const n = count(missing);
  if (times(series) === 1 || n === 0 || n === series.images) return nobodyWords(missing, series.images);
  return t("{n} of {count} images were seen by nobody.", { n, count: series.images });
}

/** "80 of 120 images". @param {Runs} runs @param {Series} series */
export const seenWords = (runs, series) => t("{n} of {count} images", { n: count(runs), count: series.images });
