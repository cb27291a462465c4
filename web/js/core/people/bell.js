/**
 * When it rings for who waits before the door: once for each, until they were answered, and never twice in a moment.
 * Pure.
 */

/** Several who come together ring once. */
const QUIET_MS = 5000;

export class Bell {
  constructor() {
    /** For whom it has rung, of those who wait still. @type {ReadonlySet<string>} */
    this.known = new Set();
    this.at = Number.NEGATIVE_INFINITY;
  }

  /**
   * Whether it rings now.
   * @param {readonly string[]} waiting who waits @param {ReadonlySet<string>} here whose page is open
   * @param {number} now ms
   */
  rings(waiting, here, now) {
    const there = waiting.filter((one) => here.has(one));
    const isNew = there.some((one) => !this.known.has(one));
    this.known = new Set(waiting.filter((one) => this.known.has(one) || here.has(one)));
    if (!isNew || now - this.at < QUIET_MS) return false;
    this.at = now;
    return true;
  }
}
