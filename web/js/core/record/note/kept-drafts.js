/**
 * What is typed in the fields of a note stays with its case: in the tab's own storage, so that neither a reload nor
 * another case on the stage loses any of it.
 */
/** @import {Note} from "../../../wire.js" */
/** @import {FieldDraft} from "./field-draft.js" */
/** @import {Field} from "./fields.js" */
/** @import {TabStorage} from "../../session/case-store.js" */
import { CaseStore } from "../../session/case-store.js";
import { asStored, fromKept, received, toKeep } from "./field-draft.js";
import { WRITTEN_FIELDS, writtenIn } from "./fields.js";

export class KeptDrafts {
  /** @param {TabStorage} storage of this tab @param {string} base URL of the seat */
  constructor(storage, base) {
    this.stores = new Map(WRITTEN_FIELDS.map((field) => [field, new CaseStore(storage, `note draft ${field}`, base)]));
    /** Id of the case that the fields are of; "" before there is one. */
    this.kase = "";
    /** @type {Map<Field, FieldDraft>} */
    this.fields = new Map();
  }

  /** The fields are of this case from now on. @param {string} kase id @param {Note | null} note */
  bind(kase, note) {
    if (kase === this.kase) return this.receive(note);
    this.kase = kase;
    this.fields = new Map(
      [...this.stores].map(([field, store]) => [field, fromKept(store.get(kase), writtenIn(note, field))]),
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
    this.stores.get(field)?.put(this.kase, toKeep(after));
  }

  /** The end: nothing stays in the tab. @param {readonly {id: string}[]} cases */
  forget(cases) {
    for (const store of this.stores.values()) store.forget(cases);
  }
}
