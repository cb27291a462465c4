/**
 * What a person types in one field of a board: stored when the hand rests or leaves it, kept in the tab until then, and
 * always of the case for which it was typed. What somebody else stores meanwhile is never overwritten unseen. Pure, but
 * for its timer.
 */
/** @import {Written} from "../../wire.js" */
/** @import {FieldDraft} from "../record/note/field-draft.js" */
/** @import {TabStorage} from "../session/case-store.js" */
/** @import {Answer} from "../session/session.js" */
import * as drafting from "../record/note/field-draft.js";
import { CaseStore } from "../session/case-store.js";

/** A hand that rests for so long has written something to be stored. */
const REST_MS = 1500;

/**
 * @typedef {object} Sending
 * @property {string} kase of which case
 * @property {string} text
 * @property {number} base revision that it was written upon
 * @property {boolean} shown for all to see: of what is about to be decided
 */

/**
 * @typedef {object} OwnTextHow
 * @property {TabStorage} storage
 * @property {string} base URL of the seat
 * @property {string} name of the field
 * @property {(sending: Sending) => Promise<Answer> | null} put stores it; null: not now
 * @property {() => void} changed
 * @property {boolean} [always] it can be stored whatever case is on the stage
 * @property {boolean} [ends] what is stored is no more once it is decided
 */

export class OwnText {
  /** @param {OwnTextHow} how */
  constructor({ storage, base, name, put, changed, always = false, ends = false }) {
    this.kept = new CaseStore(storage, `board ${name}`, base);
    this.put = put;
    this.changed = changed;
    this.always = always;
    this.ends = ends;
    /** Id of the case that the field is of; "" before there is one. */
    this.kase = "";
    /** @type {FieldDraft} */
    this.draft = drafting.asStored(null);
    /** What is asked for goes one behind the other. @type {Promise<boolean>} */
    this.sending = Promise.resolve(true);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.resting = undefined;
  }

  get unstored() {
    return drafting.isUnstored(this.draft);
  }

  /**
   * What stands there now, of the case on the stage.
   * @param {string} kase id @param {Written | null} written
   * @returns {boolean} the case is another one, and what was typed for the former one stays behind
   */
  follow(kase, written) {
    if (kase === this.kase) {
      this.change((draft) =>
        this.ends && !written ? ended(draft) : level(drafting.received(draft, written), written),
      );
      return false;
    }
    const left = this.kase !== "" && this.unstored;
    if (left && this.always) void this.store();
    clearTimeout(this.resting);
    this.kase = kase;
    this.draft = drafting.fromKept(this.kept.get(kase), written);
    if (this.unstored) this.rest();
    return left && !this.always;
  }

  /** @param {string} text */
  type(text) {
    this.change((draft) => drafting.typed(draft, text));
    this.rest();
  }

  /** Store it once the hand rests. */
  rest() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => void this.store(), REST_MS);
  }

  /** Two have written. @param {"mine" | "theirs" | "both"} which */
  decide(which) {
    const { keepMine, takeTheirs, joinBoth } = drafting;
    this.change({ mine: keepMine, theirs: takeTheirs, both: joinBoth }[which]);
    void this.store();
    this.changed();
  }

  /** Store what is typed, if there is something. @returns {Promise<boolean>} it is stored, or was before */
  store() {
    clearTimeout(this.resting);
    return drafting.due(this.draft) ? this.send(false) : this.sending;
  }

  /** Store what is in the field, and show it or not; once what was asked for before is answered.
   * @param {boolean} shown @returns {Promise<boolean>} it is stored */
  send(shown) {
    clearTimeout(this.resting);
    const { kase, draft } = this;
    this.sending = this.sending.then(() => this.sendNow(kase, draft, shown));
    return this.sending;
  }

  /** The end: nothing stays in the tab. @param {readonly {id: string}[]} cases */
  over(cases) {
    clearTimeout(this.resting);
    this.kept.forget(cases);
  }

  /** @param {string} kase @param {FieldDraft} asked as it was when it was asked for @param {boolean} shown */
  async sendNow(kase, asked, shown) {
    const stays = kase === this.kase;
    const { text, base, theirs } = stays ? this.draft : asked;
    const sending = theirs ? null : this.put({ kase, text, base, shown });
    if (!sending) return false;
    if (stays) this.change((draft) => ({ ...draft, sent: { text, base } }));
    const error = await sending;
    if (kase !== this.kase) this.answered(kase, text, error);
    else {
      this.change(error ? drafting.refused : drafting.accepted);
      this.changed();
      if (drafting.due(this.draft) && !error) this.rest();
    }
    return !error;
  }

  /** Of a case that is not on the stage any more. @param {string} kase @param {string} text @param {Answer} error */
  answered(kase, text, error) {
    if (!error && drafting.fromKept(this.kept.get(kase), null).text === text) this.kept.put(kase, null);
  }

  /** @param {(draft: FieldDraft) => FieldDraft} how */
  change(how) {
    const after = how(this.draft);
    if (after === this.draft) return;
    this.draft = after;
    this.kept.put(this.kase, drafting.toKeep(after));
  }
}

/** What was stored is no more: it is decided. What is typed since goes on. @param {FieldDraft} draft
 * @returns {FieldDraft} */
function ended(draft) {
  if (draft.sent || (draft.base === 0 && !draft.theirs)) return draft;
  const now = drafting.asStored(null);
  return drafting.isUnstored(draft) ? drafting.typed(now, draft.text) : now;
}

/** What changed nothing has made no revision. @param {FieldDraft} draft @param {Written | null} written */
const level = (draft, written) =>
  written && !draft.sent && written.rev < draft.base && written.text === draft.stored
    ? { ...draft, base: written.rev }
    : draft;
