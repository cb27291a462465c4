/** A mark in words, as its row in the list has it. */
/** @import {Case, Mark, Reading, Seat} from "../../wire.js" */
import { t } from "../../core/language.js";
import { seriesUnder } from "../../core/marks/marks.js";
import { KIND_NAMES, valueText } from "../../core/marks/measure.js";
import { studyWords, wordsOfImage, wordsOfPlane } from "../../core/view/image-words.js";
import { seriesOf } from "../../core/view/view.js";

/** Of these the words are what they are drawn for. @param {Mark} mark */
export const isWritten = (mark) => mark.kind === "text" || mark.kind === "arrow";

/**
 * @param {Mark} mark @param {Case | null} kase its own @param {Reading | null} reading
 * @param {{author: Seat | null | undefined, me: string}} who
 * @returns {{first: string, more: string, second: string, where: string, name: string}} what stands in its row: value,
 *   note and author, study and image; and its accessible name
 */
export function markWords(mark, kase, reading, { author, me }) {
  const series = kase && seriesUnder(kase, mark);
  const { title, more } = valueText(mark, series, reading, kase && seriesOf(kase, mark.over));
  const written = isWritten(mark);
  const first = written && title ? `“${title}”` : title || KIND_NAMES[mark.kind];
  const by = mark.author === me ? "" : (author?.name ?? "");
  const second = listed(written ? "" : mark.label, by);
  const side = SIDES[reading?.side ?? ""];
  const at = series && (mark.in_space ? wordsOfPlane(series, mark) : wordsOfImage(series, mark.image));
  const where = kase && series && at ? listed(studyWords(kase, series), at, side) : "";
  const name = [KIND_NAMES[mark.kind], first, more, second, where].filter(Boolean).join(", ");
  return { first, more, second, where, name };
}

/** The patient's, not the screen's. */
const SIDES = { "": "", L: t("left side"), R: t("right side") };

/** @param {...string} parts */
const listed = (...parts) => parts.filter(Boolean).join(" · ");
