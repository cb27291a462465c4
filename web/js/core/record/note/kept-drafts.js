/**
 * What is typed in the fields of a note stays with its case: in the tab's own storage, so that neither a reload nor
 * another case on the stage loses any of it.
 */
/** @import {Note} from "../../../wire.js" */
/** @import {FieldDraft} from "./field-draft.js" */
/** @import {Field} from "./fields.js" */
import { asStored, fromKept, received, toKeep } from "./field-draft.js";
import { WRITTEN_FIELDS, writtenIn } from "./fields.js";

/** @typedef {{get: (key: string) => string | null, set: (key: string, text: string) => void, remove: (key: string) =>
 *   void}} Store */

export class KeptDrafts {
  /** @param {Store} store of this tab @param {string} base URL of the seat: tells consults and seats apart */
  constructor(store, base) {
    this.store = store;
    this.base = base;
    /** Id of the case that the fields are of; "" before there is one. */
    this.kase = "";
    /** @type {Map<Field, FieldDraft>} */
    this.fields = new Map();
  }

  /** @param {string} kase id @param {Field} field */
  key(kase, field) {
    return `note draft ${this.base} ${kase} ${field}`;
  }

  /** The fields are of this case from now on. @param {string} kase id @param {Note | null} note */
  bind(kase, note) {
    if (kase === this.kase) return this.receive(note);
    this.kase = kase;
    this.fields = new Map(
      WRITTEN_FIELDS.map((field) => [field, fromKept(this.store.get(this.key(kase, field)), writtenIn(note, field))]),
    );
  }

  /** What stands in the note now. @param {Note | null} note */
  receive(note) {
    for (const field of WRITTEN_FIELDS) this.change(field, (draft) => received(draft, writtenIn(note, field)));
  }

  /** @param {Field} field @returns {FieldDraft} */
  of(field) {
    return this.fields.get(field) ?? asStored(null);
  }

  /** @param {Field} field @param {(draft: FieldDraft) => FieldDraft} how */
  change(field, how) {
    const before = this.of(field);
    const after = how(before);
    if (after === before) return;
    this.fields.set(field, after);
    const kept = toKeep(after);
    if (kept) this.store.set(this.key(this.kase, field), kept);
    else this.store.remove(this.key(this.kase, field));
  }

  /** The end: nothing stays in the tab. @param {readonly {id: string}[]} cases */
  forget(cases) {
    for (const { id } of cases) for (const field of WRITTEN_FIELDS) this.store.remove(this.key(id, field));
  }
}
