/** Which messages of the chat are new, and how many of which case were not read. */
/** @import {ChatMessage} from "../../wire.js" */

export class Unread {
  constructor() {
    /** The case of each that is not read, by its id. @type {Map<string, string>} */
    this.waiting = new Map();
    /** Ids that are known; null before the first. @type {Set<string> | null} */
    this.known = null;
  }

  get count() {
    return this.waiting.size;
  }

  /** Of one case. @param {string} kase id */
  countOf(kase) {
    return [...this.waiting.values()].filter((of) => of === kase).length;
  }

  /**
   * Take note of all messages that there are. What was there before the page is not new.
   * @param {readonly ChatMessage[]} messages
   * @param {string} me seat
   * @param {string | null} reading id of the case whose messages are read as they come
   * @returns {ChatMessage | null} the newest of those that are not read
   */
  add(messages, me, reading) {
    const { known } = this;
    const news = known ? messages.filter((m) => !known.has(m.id) && m.author !== me && m.case !== reading) : [];
    this.known = new Set(messages.map((m) => m.id));
    for (const { id, case: of } of news) this.waiting.set(id, of);
    for (const id of this.waiting.keys()) if (!this.known.has(id)) this.waiting.delete(id);
    return news[news.length - 1] ?? null;
  }

  /** All of a case were read. @param {string} kase id */
  seen(kase) {
    for (const [id, of] of this.waiting) if (of === kase) this.waiting.delete(id);
  }
}
