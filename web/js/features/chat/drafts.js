/**
 * What somebody types stays with the case that was on the stage when they began: it is sent under that case or not at
 * all, and is there again when the case comes back.
 */

/** @typedef {{case: number, about: string}} Bound the epoch and the id of a case */

export class Drafts {
  constructor() {
    /** What the field in the page belongs to; null before there is a case. @type {Bound | null} */
    this.bound = null;
    /** Texts of other cases, by the id of the case. @type {Map<string, string>} */
    this.kept = new Map();
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
    if (bound && text.trim()) this.kept.set(bound.about, text);
    const own = this.kept.get(to.about) ?? "";
    this.kept.delete(to.about);
    return bound ? own : joined(own, text);
  }

  /** All that is not sent, by case: for when the page is loaded again. @param {string} text in the field */
  all(text) {
    const here = this.bound && text.trim() ? [[this.bound.about, text]] : [];
    return [...this.kept, ...here];
  }

  /**
   * What was sent and is not stored is typed anew, before what has been typed since.
   * @param {string} about id of the case that it was typed for @param {string} sent @param {string} text in the field
   * @returns {string} what belongs into the field now
   */
  giveBack(about, sent, text) {
    if (about === this.bound?.about) return joined(sent, text);
    this.kept.set(about, joined(sent, this.kept.get(about) ?? ""));
    return text;
  }
}

/** @param {string} first @param {string} then */
const joined = (first, then) => [first, then].filter(Boolean).join(" ");
