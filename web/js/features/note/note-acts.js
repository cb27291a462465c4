/** What can be done in a note besides writing: a sentence's view, the order of findings, whether it agrees. */
/** @import {ReadFinding} from "../../core/record/note/content.js" */
/** @import {Place} from "../../core/record/note/stops.js" */
/** @import {Note} from "./note.js" */
import { noteOf } from "../../core/record/note/fields.js";
import { moved } from "../../core/record/note/order.js";

export class NoteActs {
  /** @param {Note} note */
  constructor(note) {
    this.note = note;
  }

  /** @returns {import("./finding-lines.js").FindingActs} */
  get findings() {
    return { open: (of, view) => this.open(of, view), move: (id, by) => this.move(id, by) };
  }

  /** Show what a sentence stands on: its key view; else the first of its marks. @param {ReadFinding} of
   * @param {number} n number of the view */
  open({ finding, marks }, n) {
    const { openView, goToMark, sheets } = this.note.context;
    const kept = finding.views[n];
    const [mark] = marks;
    if (kept) {
      if (openView({ case: finding.case, view: kept.view })) sheets.close();
    } else if (mark) goToMark(mark);
  }

  /** @param {string} id @param {number} by */
  move(id, by) {
    const findings = this.note.draft?.findings.map(({ finding }) => finding) ?? [];
    void this.note.context.command({ type: "order_findings", order: moved(findings, id, by) });
  }

  /** @param {string} text */
  agree(text) {
    const { doc } = this.note.context.session;
    const base = doc ? (noteOf(doc.notes, doc.current)?.fields.agreement?.rev ?? 0) : 0;
    void this.note.context.command({ type: "put_note", field: "agreement", text, base });
  }

  /** Where something is mended. @param {Place} place */
  go(place) {
    if (!place) return;
    if ("finding" in place) return this.note.context.toFinding(place.finding);
    this.note.chosen = "draft";
    this.note.context.openTab("note");
    this.note.render();
    this.note.editor.fields.get(place.field)?.focus();
  }
}
