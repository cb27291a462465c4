/**
 * Which picture is fetched next: one at a time, newest wins. A fetch of the same case is never thrown away half done,
 * so that the picture moves as fast as the network carries it; another case ends it at once.
 */
/** @import {Stamp} from "../../wire.js" */

export class PictureQueue {
  constructor() {
    /** @type {Stamp | null} being fetched */
    this.current = null;
    /** @type {Stamp | null} the newest that waits */
    this.next = null;
  }

  /**
   * A picture is due. @param {Stamp} stamp
   * @returns {"start" | "wait" | "restart"} restart: end the fetch under way, then start this one
   */
  offer(stamp) {
    if (!this.current) {
      this.current = stamp;
      return "start";
    }
    if (this.current.case !== stamp.case) {
      this.current = stamp;
      this.next = null;
      return "restart";
    }
    this.next = stamp;
    return "wait";
  }

  /** The fetch under way has ended, painted or not: what is to be fetched now. @returns {Stamp | null} */
  finished() {
    this.current = this.next;
    this.next = null;
    return this.current;
  }

  /** Nothing of this is wanted any more. */
  clear() {
    this.current = null;
    this.next = null;
  }
}
