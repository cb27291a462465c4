/**
 * The lesions of the case after RECIST 1.1: their sums in the list of findings, the whole table in a dialog, as CSV,
 * and the response, which is the reader's choice.
 */
/** @import {Case, Snapshot} from "../../wire.js" */
/** @import {LesionTable} from "../../core/record/lesions.js" */
/** @import {Findings} from "./findings.js" */
import { formatDate } from "../../core/format.js";
import { language, t } from "../../core/language.js";
import { changeWords, RESPONSES, sumWords } from "../../core/record/lesion-words.js";
import { lesionsOf } from "../../core/record/lesions.js";
import { readFinding } from "../../core/record/note/content.js";
import { noteOf } from "../../core/record/note/fields.js";
import { shown } from "../../kit/dialog.js";
import { el } from "../../kit/dom.js";
import { control, draw, html, nothing } from "../../kit/html.js";
import { lesionTable } from "../../kit/record/lesion-table.js";

export class Lesions {
  /** @param {Findings} findings */
  constructor(findings) {
    this.findings = findings;
    /** The dialog that is open. @type {HTMLElement | null} */
    this.body = null;
  }

  /** @param {Snapshot} doc @param {Case} kase @returns {LesionTable} */
  tableOf(doc, kase) {
    const read = this.findings.all.map((finding) => readFinding(doc, finding));
    return lesionsOf(read, kase.studies, kase.series);
  }

  /** Above the list of findings, where some are lesions. @param {Snapshot} doc @param {Case} kase */
  template(doc, kase) {
    const table = this.tableOf(doc, kase);
    if (this.body) this.fill(this.body, doc, table);
    if (table.rows.length === 0 && table.doubts.length === 0) return nothing;
    const last = table.sums.at(-1);
    const change = last?.from_baseline ? ` · ${changeWords(last.from_baseline)} ${t("from baseline")}` : "";
    return html`<div class="finding lesions-line" data-lesions=${table.rows.length}><div class="finding-head"><h3>${t(
      "Lesions after RECIST 1.1",
    )}</h3>${control({ id: "lesions", word: t("Table"), class: "button small", do: () => void this.open() })}</div>${
      last
        ? html`<p class="quiet">${t("Sum {sum} on {date}", {
            sum: sumWords(last),
            date: formatDate(table.dates.at(-1) ?? ""),
          })}${change}</p>`
        : nothing
    }</div>`;
  }

  /** The whole table. */
  async open() {
    const { doc, kase } = this.findings.context.session;
    if (!doc || !kase) return;
    const body = el("div", { class: "lesions-body" });
    const dialog = el("dialog", { class: "lesions-dialog", "aria-label": t("Lesions after RECIST 1.1") }, body);
    this.body = body;
    this.fill(body, doc, this.tableOf(doc, kase));
    await shown(dialog);
    this.body = null;
  }

  /** @param {HTMLElement} body @param {Snapshot} doc @param {LesionTable} table */
  fill(body, doc, table) {
    const address = `note.csv?case=${doc.current}&version=draft&language=${language}`;
    draw(
      body,
      html`<h2>${t("Lesions after RECIST 1.1")}</h2><p class="quiet">${t(
        "Longest diameter, of lymph nodes the short axis; numbers that are not confirmed are not in it.",
      )}</p>${lesionTable(table)}${this.response(doc)}<div class="row"><a class="button" href=${address} download>${t(
        "Save as CSV",
      )}</a>${control({
        word: t("Close"),
        class: "button primary",
        do: ({ currentTarget }) => currentTarget.closest("dialog")?.close(""),
      })}</div>`,
    );
  }

  /** @param {Snapshot} doc */
  response(doc) {
    const { may, context } = this.findings;
    const written = noteOf(doc.notes, doc.current)?.fields.response;
    const chosen = written?.text ?? "";
    const named = (/** @type {string} */ code, /** @type {string} */ word) => (code ? `${code}, ${word}` : word);
    const choose = (/** @type {{currentTarget: HTMLSelectElement}} */ { currentTarget: { value } }) =>
      void context.command({ type: "put_note", field: "response", text: value, base: written?.rev ?? 0 });
    return html`<label class="field"><span>${t("Response, chosen by the reader")}</span><select
      class="text-input"
      name="response"
      ?disabled=${!may}
      .value=${chosen}
      @change=${choose}
    >${Object.entries(RESPONSES).map(
      ([code, word]) => html`<option value=${code} ?selected=${code === chosen}>${named(code, word)}</option>`,
    )}</select></label>`;
  }
}
