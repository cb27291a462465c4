/** What numbers were computed from, below them: folded on a screen, since few ask, and open on paper. */
/** @import {Number as Measured} from "../../wire.js" */
import { t } from "../../core/language.js";
import { sourcesOf } from "../../core/record/sources.js";
import { html, nothing } from "../html.js";

/** @param {readonly Measured[]} numbers @param {boolean} [onPaper] */
export function sources(numbers, onPaper = false) {
  if (numbers.length === 0) return nothing;
  const list = html`<ul>${sourcesOf(numbers).map(
    ({ file, lines }) => html`${lines.map((line) => html`<li>${line}</li>`)}<li class="file">${file}</li>`,
  )}</ul>`;
  return onPaper
    ? html`<div class="sources">${list}</div>`
    : html`<details class="sources"><summary>${t("Sources of the numbers")}</summary>${list}</details>`;
}
