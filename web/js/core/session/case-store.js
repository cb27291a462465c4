/**
 * What the server does not have yet and this tab keeps for each case: a text that is typed, marks that were drawn. What
 * is kept for one case is found under no other, in no other seat and consult; a reload loses none of it.
 */

/** @typedef {{get: (key: string) => string | null, set: (key: string, text: string) => void, remove: (key: string) =>
 *   void}} TabStorage */

export class CaseStore {
  /**
   * @param {TabStorage} storage of this tab @param {string} what is kept
   * @param {string} base URL of the seat: tells consults and seats apart
   */
  constructor(storage, what, base) {
    this.storage = storage;
    this.prefix = `${what} ${base}`;
  }

  /** @param {string} kase id @returns {string | null} */
  get(kase) {
    return this.storage.get(`${this.prefix} ${kase}`);
  }

  /** @param {string} kase id @param {string | null} text null or "": nothing */
  put(kase, text) {
    if (text) this.storage.set(`${this.prefix} ${kase}`, text);
    else this.storage.remove(`${this.prefix} ${kase}`);
  }

  /** The end, or the seat is left: nothing stays. @param {readonly {id: string}[]} cases */
  forget(cases) {
    for (const { id } of cases) this.put(id, null);
  }
}
