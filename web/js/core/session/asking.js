/**
 * When a page asks for its picture anew, by telling its screen once more: after a picture was refused, or where none
 * has come for the newest view. At most once a second, and as long as it takes: a page must not stay lossy for ever.
 */

/** So long between two askings. */
export const ASK_MS = 1000;
/** Where nothing was refused, so long is waited for a picture that is merely slow. */
export const OVERDUE_MS = 3000;

export class Asking {
  constructor() {
    this.askedAt = -Infinity;
    this.refused = false;
    /** @type {number | null} since when the newest view has no picture, and none is being fetched */
    this.since = null;
  }

  /** A picture was not used, or cannot be found. */
  refuse() {
    this.refused = true;
  }

  /** The newest view's picture is painted. */
  satisfied() {
    this.refused = false;
    this.since = null;
  }

  /**
   * Whether to ask now; call it a few times a second.
   * @param {{lacks: boolean, fetching: boolean}} state lacks: the newest view's picture is not painted
   * @param {number} now ms
   */
  due({ lacks, fetching }, now) {
    if (!lacks) {
      this.satisfied();
      return false;
    }
    if (fetching) {
      this.since = null;
      return false;
    }
    this.since ??= now;
    const overdue = this.refused || now - this.since >= OVERDUE_MS;
    if (!overdue || now - this.askedAt < ASK_MS) return false;
    this.askedAt = this.since = now;
    this.refused = false;
    return true;
  }
}
