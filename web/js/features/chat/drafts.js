/**
 * What somebody types stays with the case that was on the stage when they began: it is sent under that case or not at
 * all, and is there again when the case comes back. It lies in the tab's own storage: a reload loses none of it.
 */

/** @import {TabStorage} from "../../core/session/case-store.js" */
import { CaseStore } from "../../core/session/case-store.js";

/** @typedef {{case: number, about: string}} Bound the epoch and the id of a case */

export class Drafts {
  /** @param {TabStorage} storage of this tab @param {string} base URL of the seat */
  constructor(storage, base) {
    this.store = new CaseStore(storage, "chat draft", base);
    /** What the field in the page belongs to; null before there is a case. @type {Bound | null} */
    this.bound = null;
  }

  /**
   * Another case is on the stage, or the same in another epoch.
   * @param {Bound} to @param {string} text that is in the field
   * @returns {string} what belongs into the field now
   */
  bind(to, text) {
    const { bound } = this;
    this.bound = to;
    if (bound?.about === to.about) return text;
    if (bound) this.keep(bound.about, text);
    return this.store.get(to.about) ?? "";
  }

  /** What is in the field, as it is typed; nothing once it is sent. @param {string} text */
  typed(text) {
    if (this.bound) this.keep(this.bound.about, text);
  }

  /**
   * What was sent and is not stored is typed anew, before what has been typed since.
   * @param {string} about id of the case that it was typed for @param {string} sent @param {string} text in the field
   * @returns {string} what belongs into the field now
   */
  giveBack(about, sent, text) {
    const here = about === this.bound?.about;
    const whole = joined(sent, here ? text : (this.store.get(about) ?? ""));
    this.keep(about, whole);
    return here ? whole : text;
  }

  /** The end, or the seat is left: nothing stays. @param {readonly {id: string}[]} cases */
  forget(cases) {
    this.store.forget(cases);
  }

  /** @param {string} about @param {string} text */
  keep(about, text) {
    this.store.put(about, text.trim() ? text : null);
  }
}

/** @param {string} first @param {string} then */
const joined = (first, then) => [first, then].filter(Boolean).join(" ");
