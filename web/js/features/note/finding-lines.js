/** The findings of a note, each a sentence that opens its view for the reader alone. */
/** @import {Comparison} from "../../wire.js" */
/** @import {ReadFinding} from "../../core/record/note/content.js" */
import { t } from "../../core/language.js";
import { comparisonWords } from "../../core/record/comparison.js";
import { sideWord } from "../../core/record/finding/sides.js";
import { valuesWords } from "../../core/record/numbers.js";
import { control, html, nothing, repeat } from "../../kit/html.js";

/**
 * @typedef {object} FindingActs
 * @property {((of: ReadFinding, view: number) => void) | null} open the key view of that number, from 0; null: on paper
 * @property {((id: string, by: number) => void) | null} move up or down; null: not to be moved
 */

/** @param {readonly ReadFinding[]} findings @param {readonly Comparison[]} comparisons @param {FindingActs} acts */
export const findingLines = (findings, comparisons, acts) =>
  findings.length === 0
    ? html`<p class="quiet">${t("No findings.")}</p>`
    : html`<ol class="note-findings">${repeat(
        findings,
        ({ finding }) => finding.id,
        (of, i) => line(of, comparisons, acts, { first: i === 0, last: i === findings.length - 1 }),
      )}</ol>`;

/** @param {ReadFinding} of @param {readonly Comparison[]} comparisons @param {FindingActs} acts
 * @param {{first: boolean, last: boolean}} at */
function line(of, comparisons, acts, at) {
  const { finding, numbers } = of;
  const { side } = finding;
  const confirmed = side.confirmed_by !== "";
  const rows = comparisons.filter((row) => row.now.finding === finding.id).map(comparisonWords);
  const details = [finding.text, valuesWords(numbers), ...rows, finding.category].filter(Boolean);
  return html`<li data-note-finding=${finding.id}><div class="note-sentence">${sentence(of, acts)} <span
      class="note-side ${confirmed ? "" : "open"}"
    >${confirmed ? sideWord(side.side) : t("no side yet")}</span>${details.map(
      (words) => html`<span class="note-said">${words}</span>`,
    )}</div>${acts.move ? arrows(of, acts.move, at) : nothing}</li>`;
}

/** @param {ReadFinding} of @param {FindingActs} acts */
function sentence(of, { open }) {
  const { title, views } = of.finding;
  if (!open) return html`<strong>${title}</strong>`;
  const more = views.slice(1).map((_, i) =>
    control({
      label: t("Show view {n} of {title}", { n: i + 2, title }),
      class: "note-view",
      more: String(i + 2),
      do: () => open(of, i + 1),
    }),
  );
  const main = control({
    class: "note-open",
    title: t("Show it to me alone"),
    more: title,
    do: () => open(of, 0),
  });
  return html`${main}${more}`;
}

/** To move it by. @param {ReadFinding} of @param {(id: string, by: number) => void} move
 * @param {{first: boolean, last: boolean}} at */
const arrows = ({ finding: { id, title } }, move, { first, last }) =>
  html`<div class="note-arrows">${control({
    label: t("Move {title} up", { title }),
    class: "tool up",
    glyph: "down",
    disabled: first,
    do: () => move(id, -1),
  })}${control({
    label: t("Move {title} down", { title }),
    class: "tool",
    glyph: "down",
    disabled: last,
    do: () => move(id, 1),
  })}</div>`;
