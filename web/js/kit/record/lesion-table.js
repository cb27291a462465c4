/** The table of lesions as it is drawn, in a dialog and in a note. */
/** @import {Cell, LesionTable, Sum} from "../../core/record/lesions.js" */
import { formatDate } from "../../core/format.js";
import { t } from "../../core/language.js";
import {
  cellWords,
  changeWords,
  doubtWords,
  LESION_KINDS,
  lengthWords,
  sumWords,
} from "../../core/record/lesion-words.js";
import { html, nothing } from "../html.js";

/** @param {LesionTable} table */
export const lesionTable = (table) =>
  html`<div class="lesions-scroll" tabindex="0" role="group" aria-label=${t(
    "Lesions after RECIST 1.1",
  )}><table class="lesions"><thead><tr><th scope="col">${t("Lesion")}</th>${table.dates.map(
    (date) => html`<th scope="col">${formatDate(date)}</th>`,
  )}</tr></thead><tbody>${table.rows.map(
    (row) =>
      html`<tr><th scope="row"><bdi>${row.label}</bdi><span class="quiet">${
        LESION_KINDS[row.kind]
      }</span></th>${row.cells.map(cell)}</tr>`,
  )}${table.sums.length > 0 ? sumRows(table) : nothing}</tbody></table></div>${table.doubts.map(
    (doubt) => html`<p class="problem">${doubtWords(doubt)}</p>`,
  )}`;

/** @param {Cell | null} one */
const cell = (one) => html`<td class=${one?.value == null ? "quiet" : ""}>${cellWords(one)}</td>`;

/** @param {LesionTable} table */
function sumRows({ sums, dates }) {
  const line = (/** @type {string} */ name, /** @type {(sum: Sum) => string} */ words) =>
    html`<tr class="sum"><th scope="row">${name}</th>${sums.map((sum) => html`<td>${words(sum)}</td>`)}</tr>`;
  const nadir = (/** @type {Sum} */ { nadir: value, unit }) => (value === null ? "" : lengthWords(value, unit));
  return [
    line(t("Sum of target lesions"), sumWords),
    dates.length > 1 ? line(t("Change from baseline"), (sum) => changeWords(sum.from_baseline)) : nothing,
    dates.length > 1 ? line(t("Nadir before"), nadir) : nothing,
    dates.length > 1 ? line(t("Change from nadir"), (sum) => changeWords(sum.from_nadir)) : nothing,
  ];
}
