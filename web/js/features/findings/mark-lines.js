/** The marks of a finding with their numbers: how sure each is, and who answers for one that is not. */
/** @import {Finding, Mark, MarkNumbers} from "../../wire.js" */
/** @import {Findings} from "./findings.js" */
import { ofServer, t } from "../../core/language.js";
import { KIND_NAMES } from "../../core/marks/measure.js";
import { seriesUnder } from "../../core/marks/marks.js";
import { linesOf } from "../../core/record/finding/check.js";
import { numbersOf } from "../../core/record/marks-of.js";
import { studyWords, wordsOfImage } from "../../core/view/image-words.js";
import { classes, control, html, icon, nothing, parted, unseen } from "../../kit/html.js";
import { sources } from "../../kit/record/sources.js";

/** @typedef {import("../../core/record/finding/check.js").Line} Line */

export class MarkLines {
  /** @param {Findings} findings */
  constructor(findings) {
    this.findings = findings;
  }

  /** @param {Finding} finding @param {Mark} mark @param {unknown} [more] behind it */
  row(finding, mark, more = nothing) {
    const { session, goToMark } = this.findings.context;
    const { doc, kase } = session;
    const series = kase && seriesUnder(kase, mark);
    const where = kase && series ? `${studyWords(kase, series)} · ${wordsOfImage(series, mark.image)}` : "";
    const known = doc && numbersOf(doc, mark);
    const lines = doc ? linesOfMark(mark, known) : [];
    const name = [t("Go to the mark"), KIND_NAMES[mark.kind], ...lines.map((l) => `${l.values} ${l.check}`), where];
    return html`<div class="finding-mark" data-mark-of=${mark.id}><button
        type="button"
        class="mark-main"
        data-name=${`mark ${finding.id} ${mark.id}`}
        title=${where}
        @click=${() => goToMark(mark)}
      >${icon(`mark-${mark.kind}`)}<span class="two-lines" aria-hidden="true">${lines.map(line)}<span class="second"
        >${parted(where)}</span
      ></span>${unseen(name.filter(Boolean).join(", "))}</button>${more}</div>${[
        ...lines.map((l) => this.open(mark, l)),
        sources(known?.numbers ?? []),
      ]}`;
  }

  /** A number that nobody answers for yet. @param {Mark} mark @param {Line} of */
  open(mark, { values, why, open }) {
    const { command, session } = this.findings.context;
    if (!open) return nothing;
    const take = () =>
      void command({ type: "take_over_number", case: session.doc?.case, mark: mark.id, quantity: open.quantity });
    return html`<div class="finding-open"><p class="problem">${why}</p>${
      this.findings.may
        ? control({ word: t("Take over"), label: t("Take over {values}", { values }), class: "button small", do: take })
        : nothing
    }</div>`;
  }
}

/** @param {Mark} mark @param {MarkNumbers | null | undefined} known its numbers, once they are measured
 * @returns {Line[]} */
function linesOfMark(mark, known) {
  const word = (/** @type {string} */ values, check = "") => [{ values, check, why: "", open: null }];
  if (!known) return word(mark.label || KIND_NAMES[mark.kind], t("is being measured …"));
  const lines = linesOf(known);
  return lines.length > 0 ? lines : word(mark.label || KIND_NAMES[mark.kind], ofServer(known.sentence));
}

/** @param {Line} of */
const line = ({ values, check, open }) =>
  html`<span class="first">${values}${
    check ? html`<span class=${classes("check", open && "warn")}>${check}</span>` : nothing
  }</span>`;
