/** Which messages of the chat are new, and how many were not read. */
/** @import {ChatMessage} from "../../wire.js" */

export class Unread {
  constructor() {
    this.count = 0;
    /** Ids that are known; null before the first. @type {Set<string> | null} */
    this.known = null;
  }

  /**
   * Take note of all messages that there are. What was there before the page is not new.
   * @param {readonly ChatMessage[]} messages
   * @param {string} me seat
   * @param {boolean} reading they are read as they come
   * @returns {ChatMessage | null} the newest of those that are not read
   */
  add(messages, me, reading) {
    const { known } = this;
    const news = known ? messages.filter((m) => !known.has(m.id) && m.author !== me) : [];
    this.known = new Set(messages.map((m) => m.id));
    if (reading) return null;
    this.count += news.length;
    return news[news.length - 1] ?? null;
  }

  /** All were read. */
  seen() {
    this.count = 0;
  }
}
