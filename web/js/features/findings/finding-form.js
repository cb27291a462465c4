/**
 * A finding as it is edited. What is typed is kept beside the page, and stored by Save upon the newest revision; what
 * somebody else has changed meanwhile is taken over where it is something else, and asked about where it is the same.
 */
/** @import {Finding, Snapshot} from "../../wire.js" */
/** @import {PutFinding} from "../../wire.js" */
/** @import {Draft, Field, Wording} from "../../core/record/finding/draft.js" */
/** @import {Answer} from "../../core/session/session.js" */
/** @import {Findings} from "./findings.js" */
import { t } from "../../core/language.js";
import { begin, changed, over, rebase, typed, wordingOf } from "../../core/record/finding/draft.js";
import { marksOf } from "../../core/record/marks-of.js";
import { control, html, nothing } from "../../kit/html.js";
import { announce } from "../../kit/notice.js";
import { conflictBox, goneBox } from "./conflict.js";
import { fieldOf, WRITTEN } from "./finding-fields.js";
import { SideField } from "./side-field.js";

/** A change of somebody else's that fits is stood upon so often before the person is asked. */
const TRIES = 3;

export class FindingForm {
  /** @param {Findings} findings @param {Finding} finding @param {Draft | null} kept of this case */
  constructor(findings, finding, kept) {
    this.findings = findings;
    this.id = finding.id;
    this.draft = kept?.finding === finding.id ? kept : begin(finding);
    /** What both have changed differently. @type {Field[]} */
    this.conflicts = [];
    this.side = new SideField(findings);
    this.saving = false;
  }

  /** As the server has it; null: it was deleted. @returns {Finding | null} */
  get finding() {
    return this.findings.all.find((finding) => finding.id === this.id) ?? null;
  }

  /** Somebody's hand is in it. */
  get typing() {
    const active = document.activeElement;
    return active instanceof HTMLElement && active.matches("input, textarea") && !!active.closest(".finding-form");
  }

  /** What stands there now. */
  receive() {
    const { finding, conflicts } = this;
    if (!finding) return;
    const found = rebase(this.draft, finding);
    this.conflicts = found.conflicts;
    this.keep(found.draft);
    if (conflicts.length === 0 && found.conflicts.length > 0)
      announce(t("Somebody has changed this finding meanwhile."));
  }

  /** @param {Draft} draft */
  keep(draft) {
    if (draft === this.draft) return;
    this.draft = draft;
    const { doc } = this.findings.context.session;
    if (doc) this.findings.drafts.keep(doc.current, draft);
  }

  /** @param {Field} name @param {string} value */
  type(name, value) {
    this.keep(typed(this.draft, { [name]: value }));
    this.findings.context.redraw();
  }

  /** @param {"title" | "side"} at */
  focus(at) {
    const { element } = this.findings;
    const field = element.querySelector(at === "title" ? '[name="title"]' : '[name="side"]');
    if (!(field instanceof HTMLInputElement)) return;
    field.focus();
    if (at === "title") field.select();
  }

  /** Both have changed the same: this page's text is to stand there, or the other's. @param {boolean} mine */
  decide(mine) {
    const { finding } = this;
    if (!finding) return;
    const theirs = Object.fromEntries(this.conflicts.map((name) => [name, wordingOf(finding)[name]]));
    this.keep(over(mine ? this.draft : typed(this.draft, theirs), finding));
    this.conflicts = [];
    this.findings.context.redraw();
  }

  async save() {
    const { finding, findings } = this;
    if (!finding || this.saving || !findings.may || this.conflicts.length > 0) return;
    this.saving = true;
    const error = changed(this.draft).length > 0 ? await this.put(finding, TRIES) : null;
    this.saving = false;
    if (!error && findings.form === this) findings.close(this.id);
    else findings.context.redraw();
  }

  /** @param {Finding} finding @param {number} tries @returns {Promise<Answer>} */
  async put(finding, tries) {
    const { request, notices } = this.findings.context;
    const error = await request(this.command(finding, this.draft.content, this.draft.rev));
    if (!error) return null;
    this.receive();
    const now = this.finding;
    if (error.code === "changed_meanwhile" && now && this.conflicts.length === 0 && tries > 1)
      return this.put(now, tries - 1);
    if (this.conflicts.length === 0) notices.show({ text: error.message, glyph: "warn" });
    announce(error.message);
    return error;
  }

  /** @param {Finding} finding @param {Wording} wording @param {number} base */
  command({ id, marks }, wording, base) {
    const epoch = this.findings.context.session.doc?.case;
    return { type: /** @type {const} */ ("put_finding"), case: epoch, finding: id, base, wording, marks };
  }

  /** Marks and views act at once, and leave what is typed as it is. @param {Partial<PutFinding>} what */
  change(what) {
    const { finding } = this;
    const { command } = this.findings.context;
    if (finding) return command({ ...this.command(finding, wordingOf(finding), finding.rev), ...what });
    return Promise.resolve(null);
  }

  template() {
    const { finding } = this;
    const { doc } = this.findings.context.session;
    if (!doc) return nothing;
    if (!finding) return goneBox(this);
    const submit = (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      void this.save();
    };
    return html`<form
      class="finding-form"
      data-editing=${this.id}
      aria-label=${t("Finding: {title}", { title: finding.title })}
      @submit=${submit}
    >${this.conflicts.length > 0 ? conflictBox(this, finding) : nothing}${WRITTEN.map((field) => [
      fieldOf(this, doc, finding, field),
      field.name === "title" ? this.side.template(doc, finding) : nothing,
    ])}${this.marks(doc, finding)}${this.views(finding)}${this.acts()}</form>`;
  }

  /** @param {Snapshot} doc @param {Finding} finding */
  marks(doc, finding) {
    const { list, selected, may } = this.findings;
    const out = (/** @type {string} */ id) =>
      control({
        label: t("Take the mark out of the finding"),
        title: t("Take the mark out of the finding"),
        glyph: "x",
        class: "tool",
        disabled: !may,
        do: () => void this.change({ marks: finding.marks.filter((m) => m !== id) }),
      });
    return html`<fieldset><legend>${t("Marks")}</legend>${marksOf(doc, finding).map((mark) =>
      list.marks.row(finding, mark, out(mark.id)),
    )}${
      selected && !finding.marks.includes(selected.id)
        ? control({
            word: t("Add the selected mark"),
            class: "button small",
            disabled: !may,
            do: () => void this.change({ marks: [...finding.marks, selected.id] }),
          })
        : html`<p class="quiet">${t("Select a mark to add it.")}</p>`
    }</fieldset>`;
  }

  /** @param {Finding} finding */
  views(finding) {
    const { list, may, context } = this.findings;
    return html`<fieldset><legend>${t("Key views")}</legend>${list.views.template(finding, { drops: may })}${control({
      word: t("Keep this view"),
      class: "button small",
      disabled: !may,
      do: () => void this.change({ view: context.navigation.view }),
    })}</fieldset>`;
  }

  acts() {
    const { may } = this.findings;
    const dirty = changed(this.draft).length > 0;
    return html`<div class="row"><button
        type="submit"
        class="button primary"
        data-name="save finding"
        ?disabled=${!may || this.saving || this.conflicts.length > 0}
      >${dirty ? t("Save") : t("Done")}</button>${
        dirty ? control({ word: t("Discard"), do: () => this.findings.close(this.id) }) : nothing
      }</div>`;
  }
}
