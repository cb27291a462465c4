/**
 * Where a note is written: each field is stored when the hand rests or leaves it. What is typed belongs to the case on
 * the stage; when that changes under the hand, the text stays with its case.
 */
/** @import {Snapshot} from "../../wire.js" */
/** @import {Field} from "../../core/record/note/fields.js" */
/** @import {NoteContext} from "./note.js" */
import { t } from "../../core/language.js";
import * as drafting from "../../core/record/note/field-draft.js";
import { MAX_FIELD, noteOf, WRITTEN_FIELDS } from "../../core/record/note/fields.js";
import { KeptDrafts } from "../../core/record/note/kept-drafts.js";
import { patientOf } from "../../core/session/cases.js";
import { lengthProblem } from "../../kit/dom.js";
import { announce } from "../../kit/notice.js";
import { session as storage } from "../../transport/storage.js";
import { NoteField } from "./note-field.js";
import { OwnWriting } from "./own-writing.js";

/** A hand that rests for so long has written something to be stored. */
const REST_MS = 1500;

export class NoteEditor {
  /** @param {NoteContext} context @param {() => void} changed */
  constructor(context, changed) {
    this.context = context;
    this.changed = changed;
    this.drafts = new KeptDrafts(storage, context.base);
    this.writing = new OwnWriting(context.send, () => context.session.doc?.case ?? 0);
    /** @type {Map<Field, Promise<void>>} */
    this.sending = new Map();
    /** @type {Map<Field, ReturnType<typeof setTimeout>>} */
    this.resting = new Map();
    /** @type {import("./note-field.js").FieldActs} */
    const acts = {
      typed: (field, text) => this.typed(field, text),
      left: (field) => this.left(field),
      decide: (field, which) => this.decide(field, which),
    };
    /** @type {Map<Field, NoteField>} */
    this.fields = new Map(WRITTEN_FIELDS.map((field) => [field, new NoteField(field, acts)]));
  }

  /** The document is another one. @param {Snapshot} doc */
  follow(doc) {
    const { drafts } = this;
    const former = drafts.kase;
    const left = former && former !== doc.current ? this.unstored : [];
    drafts.bind(doc.current, noteOf(doc.notes, doc.current));
    if (former && former !== doc.current) this.leave(doc, former, left);
    for (const field of this.unstored) if (!this.resting.has(field)) this.rest(field);
  }

  /** Another case is on the stage. @param {Snapshot} doc @param {string} former @param {readonly Field[]} left */
  leave(doc, former, left) {
    this.writing.held = null;
    for (const timer of this.resting.values()) clearTimeout(timer);
    this.resting.clear();
    for (const field of this.fields.values()) if (field.focused) field.hold(true);
    if (left.length === 0) return;
    const text = t("What you wrote about {patient} is kept with that case. It is not stored.", {
      patient: patientOf(doc, former),
    });
    this.context.notices.show({ text, glyph: "warn" });
    announce(text);
  }

  /** Fields with something that the server does not have. */
  get unstored() {
    return WRITTEN_FIELDS.filter((field) => drafting.isUnstored(this.drafts.of(field)));
  }

  /** @param {Field} field @param {string} text */
  typed(field, text) {
    this.drafts.change(field, (draft) => drafting.typed(draft, text));
    this.writing.hold(field, text);
    this.rest(field);
    this.changed();
  }

  /** Store it once the hand rests. @param {Field} field */
  rest(field) {
    clearTimeout(this.resting.get(field));
    this.resting.set(
      field,
      setTimeout(() => void this.store(field), REST_MS),
    );
  }

  /** @param {Field} field */
  left(field) {
    void this.store(field).then(() => this.writing.release(field));
    this.changed();
  }

  /** @param {Field} field @param {"mine" | "theirs" | "both"} which */
  decide(field, which) {
    const { keepMine, takeTheirs, joinBoth } = drafting;
    this.drafts.change(field, { mine: keepMine, theirs: takeTheirs, both: joinBoth }[which]);
    this.fields.get(field)?.focus();
    void this.store(field);
    this.changed();
  }

  /** Store what is typed in a field, if there is something. @param {Field} field @returns {Promise<void>} */
  store(field) {
    clearTimeout(this.resting.get(field));
    this.resting.delete(field);
    const { doc, standing } = this.context.session;
    const due = drafting.due(this.drafts.of(field));
    if (!doc || !standing?.mayDraw || !due || lengthProblem(due.text, MAX_FIELD))
      return this.sending.get(field) ?? Promise.resolve();
    this.drafts.change(field, drafting.sent);
    const sending = this.put(field, due, doc);
    this.sending.set(field, sending);
    return sending;
  }

  /** @param {Field} field @param {{text: string, base: number}} due @param {Snapshot} doc */
  async put(field, due, { case: epoch, current }) {
    const error = await this.context.request({ type: "put_note", field, ...due, case: epoch });
    this.sending.delete(field);
    const { doc } = this.context.session;
    if (!doc || this.drafts.kase !== current) return;
    this.drafts.change(field, error ? drafting.refused : drafting.accepted);
    this.drafts.receive(noteOf(doc.notes, current));
    if (error && error.code !== "changed_meanwhile") this.context.notices.show({ text: error.message, glyph: "warn" });
    else if (drafting.due(this.drafts.of(field))) this.rest(field);
    this.changed();
  }

  /** Store all that is typed; what is refused, or is to be decided, stays `unstored`. */
  async flush() {
    await Promise.all(WRITTEN_FIELDS.map((field) => this.store(field)));
    if (this.writing.held && !this.unstored.includes(this.writing.held.field)) this.writing.release();
  }

  /** The consult is over for this page: nothing of it stays in the tab. */
  over() {
    for (const timer of this.resting.values()) clearTimeout(timer);
    this.resting.clear();
    this.drafts.forget(this.context.session.doc?.cases ?? []);
  }
}
