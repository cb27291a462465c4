/** Turnaround: a row for each case, the newest consult first; the same as a file for spreadsheets. */
/** @import {Row} from "./turnaround.js" */
import { counted, formatMoment } from "../../core/format.js";
import { plural, t } from "../../core/language.js";
import { el } from "../../kit/dom.js";
import { draw, html, nothing } from "../../kit/html.js";
import { api } from "../api.js";
import { afterWords, caseWords, criticalWords } from "./turnaround.js";

const MS = 1000;

/** @param {number | null} at */
const moment = (at) => (at === null ? "" : formatMoment(new Date(at * MS).toISOString()));

export class TurnaroundTable {
  constructor() {
    /** @type {Row[]} */
    this.rows = [];
    this.leftOut = 0;
    this.element = el("div");
  }

  /** Ask the server anew: it reads its logs for it. */
  async load() {
    const { rows, left_out } = await api.turnaround();
    this.rows = rows;
    this.leftOut = left_out;
    this.render();
  }

  render() {
    const { rows, leftOut } = this;
    const heads = [t("Consult"), t("Asked"), t("First view"), t("Noted"), t("Signed"), t("Seen"), t("Critical result")];
    draw(
      this.element,
      html`<div class="heading-line">
          <h2>${t("Turnaround")}</h2>
          <span class="quiet">${counted(rows.length, "case")}</span>
          <span class="grow"></span>
          ${download()}
        </div>
        <div class="scroll" tabindex="0"><table><thead><tr>${heads.map(
          (head) => html`<th scope="col">${head}</th>`,
        )}</tr></thead><tbody>${rows.map((row) => this.row(row))}</tbody></table></div><p class="quiet">${t(
          "Asked: the consult was opened. First view: the case was shown to somebody who came by a guest’s link. " +
            "Noted: its first finding or word of the note. Signed, seen: the first version, and the first who said " +
            "that they have read one. Critical result: the one that took longest.",
        )}</p>${
          leftOut > 0
            ? html`<p class="quiet">${plural(
                leftOut,
                "{n} older consult is left out.",
                "{n} older consults are left out.",
              )}</p>`
            : nothing
        }`,
    );
  }

  /** @param {Row} row */
  row(row) {
    const now = Date.now() / MS;
    const cell = (/** @type {number | null} */ at) => html`<td title=${moment(at)}>${afterWords(row, at)}</td>`;
    return html`<tr data-turnaround=${`${row.consult} ${row.case}`}><th scope="row">${caseWords(row)}</th><td>${moment(
      row.asked,
    )}</td>${[row.first_view, row.noted, row.signed, row.seen].map(cell)}<td
      title=${moment(row.critical_raised)}
      class=${row.critical_raised !== null && row.critical_acknowledged === null ? "bad" : nothing}
    >${criticalWords(row, now)}</td></tr>`;
  }
}

const download = () =>
  html`<a class="button small" href="api/turnaround.csv" download="turnaround.csv">${t("Download as CSV")}</a>`;
