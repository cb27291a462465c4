/**
 * Findings: made from the selected mark or from the view by one key, and edited in a form in the place of their list.
 * Marks, views and sides act at once; what is typed is stored by Save, and stays with its case until then.
 */
/** @import {FeatureContext, Tab} from "../context.js" */
/** @import {Finding, Mark, Snapshot} from "../../wire.js" */
import { t } from "../../core/language.js";
import { noteOf } from "../../core/record/note/fields.js";
import { findingsOf } from "../../core/record/note/order.js";
import { FindingDrafts } from "../../core/record/finding/draft.js";
import { firstTitle } from "../../core/record/finding/offers.js";
import { el } from "../../kit/dom.js";
import { draw } from "../../kit/html.js";
import { announce } from "../../kit/notice.js";
import { session as tabStorage } from "../../transport/storage.js";
import { FindingForm } from "./finding-form.js";
import { FindingsList } from "./findings-list.js";
import { Held } from "./held.js";

/**
 * @typedef {Pick<FeatureContext, "session" | "command" | "request" | "navigation" | "openView" | "openTab" | "stage" |
 *   "notices" | "sheets" | "redraw" | "tab" | "base">
 *   & {selectedMark: () => string, goToMark: (mark: Mark) => void, raiseCritical: (finding: string) => void}}
 *   FindingsContext selectedMark: its id, or ""; raiseCritical: of the finding of that id
 */

/** @implements {Tab} */
export class Findings {
  /** @param {FindingsContext} context */
  constructor(context) {
    this.context = context;
    this.tab = "findings";
    this.word = t("Findings");
    this.glyph = "finding";
    this.number = 0;
    this.drafts = new FindingDrafts(tabStorage, context.base);
    this.list = new FindingsList(this);
    /** What is edited; null: the list is there. @type {FindingForm | null} */
    this.form = null;
    this.held = new Held(() => context.redraw());
    /** The case whose draft was looked for. */
    this.bound = "";
    this.element = el("div", {
      class: "tab-page findings",
      role: "tabpanel",
      id: "findings-page",
      "aria-label": this.word,
      tabindex: -1,
    });
    this.actions = { "make-finding": () => this.may && void this.make() };
    const { session } = context;
    session.on("changed", (before, after) => before.case !== after.case && this.switched(before));
    session.on("over", () => this.drafts.forget(session.doc?.cases ?? []));
  }

  /** May make and change findings, here and now. */
  get may() {
    const { session, stage } = this.context;
    return session.live && !!session.standing?.mayDraw && !stage.card.shown;
  }

  /** Those of the case on the stage, as they stand in its note. @returns {Finding[]} */
  get all() {
    const { doc } = this.context.session;
    return doc ? findingsOf(doc.findings, doc.current, noteOf(doc.notes, doc.current)) : [];
  }

  get count() {
    return this.all.length;
  }

  /** May change this one: its author, or the host. @param {Finding} finding */
  mayChange(finding) {
    const { me, standing } = this.context.session;
    return this.may && (finding.author === me || !!standing?.host);
  }

  /** The mark that is selected, if it is of the case on the stage. @returns {Mark | undefined} */
  get selected() {
    const { doc } = this.context.session;
    const id = this.context.selectedMark();
    return doc?.marks.find((m) => m.id === id && m.case === doc.current);
  }

  /** Make one of this mark, or of the view alone, and edit it. The view is kept with it in any case.
   * @param {string} [id] of the mark */
  async make(id = this.context.selectedMark()) {
    const { session, navigation, command } = this.context;
    const { doc } = session;
    if (!doc || !this.may) return;
    const wording = {
      title: firstTitle(
        doc,
        doc.marks.find((m) => m.id === id),
      ),
    };
    const finding = `${this.context.tab}-f${++this.number}`;
    const marks = id ? [id] : [];
    const { view } = navigation;
    const put = { type: /** @type {const} */ ("put_finding"), case: doc.case, finding, base: 0, wording, marks, view };
    if (await command(put)) return;
    announce(id ? t("Finding made from the mark.") : t("Finding made from the view."));
    const made = this.all.find((f) => f.id === finding);
    if (made) this.edit(made);
  }

  /** @param {Finding} finding @param {"title" | "side"} [at] where the focus goes */
  edit(finding, at = "title") {
    this.form = new FindingForm(this, finding, this.drafts.find(finding.case));
    this.context.openTab(this.tab);
    this.form.focus(at);
  }

  /** The list is there again. @param {string} [id] of the finding that was edited: it gets the focus */
  close(id) {
    const { doc } = this.context.session;
    if (doc) this.drafts.keep(doc.current, null);
    this.form = null;
    this.render();
    if (id) this.list.focus(id);
    this.context.redraw();
  }

  /** Its side is this one, by this person's name. @param {Finding} finding
   * @param {import("../../core/record/finding/sides.js").Named} side */
  confirm({ id }, side) {
    const { command, session } = this.context;
    return command({ type: "confirm_side", case: session.doc?.case, finding: id, side });
  }

  /** @param {Finding} finding */
  async remove(finding) {
    const { session, command, notices } = this.context;
    const epoch = session.doc?.case;
    const what = { case: epoch, finding: finding.id };
    if (await command({ type: "delete_finding", ...what })) return;
    const text = t("Finding deleted.");
    const undo = { name: t("Undo"), do: () => void command({ type: "restore_finding", ...what }) };
    notices.show({ text, glyph: "check", action: undo });
    announce(text);
  }

  /** Another case is on the stage: what was typed is kept with its own. @param {Snapshot} before */
  switched(before) {
    if (this.form?.typing) this.held.hold(before);
    this.form = null;
    this.bound = "";
  }

  /** What was typed for this case before a reload, or before another case came. @param {Snapshot} doc */
  bind(doc) {
    if (this.bound === doc.current) return;
    this.bound = doc.current;
    const draft = this.drafts.find(doc.current);
    const finding = draft && doc.findings.find((f) => f.id === draft.finding && f.case === doc.current);
    this.form = finding ? new FindingForm(this, finding, draft) : null;
  }

  render() {
    const { doc, kase } = this.context.session;
    if (!doc || !kase) return;
    this.bind(doc);
    this.form?.receive();
    const content = this.held.about ? this.held.template() : (this.form?.template() ?? this.list.template(doc, kase));
    draw(this.element, content);
  }
}
