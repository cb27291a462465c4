/** The findings of the case: what was found, on which side, how large, what became of it, the views that show it. */
/** @import {Case, Comparison, Finding, Snapshot} from "../../wire.js" */
/** @import {Item} from "../../kit/menu.js" */
/** @import {Findings} from "./findings.js" */
import { t } from "../../core/language.js";
import { comparisonsOf, comparisonWords } from "../../core/record/comparison.js";
import { contradiction } from "../../core/record/finding/contradiction.js";
import { howFound, isMeasuring, offeredSide, sideWord } from "../../core/record/finding/sides.js";
import { LESION_KINDS, LESION_STATES } from "../../core/record/lesion-words.js";
import { marksOf } from "../../core/record/marks-of.js";
import { caseLine, severalCases } from "../../core/session/cases.js";
import { seatOf } from "../../core/session/document.js";
import { control, html, nothing, parted, repeat } from "../../kit/html.js";
import { openMenu } from "../../kit/menu.js";
import { KeyViews } from "./key-views.js";
import { Lesions } from "./lesions.js";
import { MarkLines } from "./mark-lines.js";

export class FindingsList {
  /** @param {Findings} findings */
  constructor(findings) {
    this.findings = findings;
    this.marks = new MarkLines(findings);
    this.views = new KeyViews(findings);
    this.lesions = new Lesions(findings);
  }

  /** @param {Snapshot} doc @param {Case} kase */
  template(doc, kase) {
    const { all, may } = this.findings;
    const rows = comparisonsOf(doc, kase);
    const head = severalCases(doc) ? html`<h2 class="case-head">${parted(caseLine(doc, doc.current))}</h2>` : nothing;
    const list = html`<div role="list" aria-label=${t("Findings")}>${repeat(
      all,
      (finding) => finding.id,
      (finding) => this.row(doc, finding, rows),
    )}</div>`;
    const none = html`<p class="empty-note">${t("No findings yet.")}</p>`;
    return [head, may ? this.maker() : nothing, this.lesions.template(doc, kase), all.length > 0 ? list : none];
  }

  maker() {
    const { findings } = this;
    const word = findings.selected ? t("Finding from the mark") : t("Finding from the view");
    return html`<div class="finding-maker">${control({
      id: "make finding",
      word,
      glyph: "finding",
      title: `${word} (B)`,
      do: () => void findings.make(),
    })}</div>`;
  }

  /** @param {Snapshot} doc @param {Finding} finding @param {Comparison[]} rows of the case */
  row(doc, finding, rows) {
    const { title, text, label, category, side } = finding;
    const by = finding.author === this.findings.context.session.me ? "" : (seatOf(doc, finding.author)?.name ?? "");
    const kind = finding.lesion ? LESION_KINDS[finding.lesion] : "";
    const state = finding.lesion_state ? LESION_STATES[finding.lesion_state] : "";
    const second = [label, kind, state, category, by].filter(Boolean).join(" · ");
    return html`<div class="finding" role="listitem" data-finding=${finding.id} data-side=${side.side} tabindex="-1">${[
      html`<div class="finding-head"><h3>${title}</h3>${
        side.side ? html`<span class="side-word">${sideWord(side.side)}</span>` : nothing
      }${this.menu(finding)}</div>`,
      second ? html`<p class="quiet">${parted(second)}</p>` : nothing,
      text ? html`<p class="finding-text">${text}</p>` : nothing,
      ...this.sideLines(doc, finding),
      ...marksOf(doc, finding).map((mark) => this.marks.row(finding, mark)),
      ...rows
        .filter((row) => row.now.finding === finding.id)
        .map((row) => html`<p class="comparison">${comparisonWords(row)}</p>`),
      this.views.template(finding),
    ]}</div>`;
  }

  /** What is wrong with its side, or that it has none yet. @param {Snapshot} doc @param {Finding} finding */
  sideLines(doc, finding) {
    const problem = contradiction(finding, finding.side.side);
    return [
      problem ? html`<p class="problem">${problem}</p>` : nothing,
      finding.side.side ? nothing : this.unsided(doc, finding),
    ];
  }

  /** Nobody has said its side yet: one press confirms what geometry offers. @param {Snapshot} doc
   * @param {Finding} finding */
  unsided(doc, finding) {
    const { findings } = this;
    const offered = offeredSide(doc, finding);
    const how = howFound(offered, isMeasuring(doc, finding));
    if (!findings.mayChange(finding)) return html`<p class="quiet">${t("The side is not confirmed yet.")}</p>`;
    const side = sideWord(offered.side);
    const word = offered.side ? t("Confirm {side}", { side }) : t("Choose the side");
    const act = () => (offered.side ? findings.confirm(finding, offered.side) : findings.edit(finding, "side"));
    return html`<div class="finding-open"><p class="quiet">${how}</p>${control({
      id: `side ${finding.id}`,
      word,
      label: `${word}: ${finding.title}`,
      class: "button small",
      do: () => void act(),
    })}</div>`;
  }

  /** @param {Finding} finding */
  menu(finding) {
    if (!this.findings.mayChange(finding)) return nothing;
    const { title } = finding;
    return control({
      id: `more ${finding.id}`,
      label: t("More about {first}", { first: title }),
      glyph: "more",
      class: "tool",
      popup: "menu",
      do: (event) => openMenu(event.currentTarget, title, this.items(finding)),
    });
  }

  /** @param {Finding} finding @returns {Item[]} */
  items(finding) {
    const { findings } = this;
    return [
      { name: t("Edit"), glyph: "mark-text", choose: () => findings.edit(finding) },
      { name: t("Critical result …"), glyph: "warn", choose: () => findings.context.raiseCritical(finding.id) },
      { name: t("Delete"), glyph: "x", bad: true, choose: () => void findings.remove(finding) },
    ];
  }

  /** @param {string} id of a finding */
  focus(id) {
    const row = this.findings.element.querySelector(`[data-finding="${id}"]`);
    if (row instanceof HTMLElement) row.focus();
  }
}
