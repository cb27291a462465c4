/** A mark in words, as its row in the list has it. */
/** @import {Mark, Reading, Seat, Series} from "../../wire.js" */
import { imageName, locate } from "../../core/view/series.js";
import { KIND_NAMES, valueText } from "../../core/marks/measure.js";

/** Of these the words are what they are drawn for. @param {Mark} mark */
export const isWritten = (mark) => mark.kind === "text" || mark.kind === "arrow";

/**
 * @param {Mark} mark @param {Series | null} series of it @param {Reading | null} reading
 * @param {{author: Seat | null | undefined, me: string}} who
 * @returns {{first: string, more: string, second: string, name: string}} what stands in its row, and its accessible
 *   name
 */
export function markWords(mark, series, reading, { author, me }) {
  const { title, more } = valueText(mark, series, reading);
  const written = isWritten(mark);
  const first = written && title ? `“${title}”` : title || KIND_NAMES[mark.kind];
  const by = mark.author === me ? "" : author?.name;
  const where = series ? imageName(series, locate(series, mark.image)) : "";
  const second = [written ? "" : mark.label, where, by].filter(Boolean).join(" · ");
  return { first, more, second, name: `${KIND_NAMES[mark.kind]}, ${[first, more, second].filter(Boolean).join(", ")}` };
}
