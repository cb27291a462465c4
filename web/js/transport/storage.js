/**
 * What the browser keeps for this page. Where it is told to keep nothing, asking already throws: then the page has it
 * for as long as it is loaded.
 */

class SafeStorage {
  /** @param {() => Storage} real */
  constructor(real) {
    this.real = real;
    /** @type {Map<string, string>} */
    this.own = new Map();
  }

  /** @param {string} key @returns {string | null} */
  get(key) {
    try {
      return this.real().getItem(key);
    } catch {
      return this.own.get(key) ?? null;
    }
  }

  /** @param {string} key @param {string} value */
  set(key, value) {
    try {
      this.real().setItem(key, value);
    } catch {
      this.own.set(key, value);
    }
  }

  /** @param {string} key */
  remove(key) {
    this.own.delete(key);
    try {
      this.real().removeItem(key);
    } catch {
      // nothing is kept
    }
  }
}

/** For this browser. */
export const local = new SafeStorage(() => localStorage);
/** For this tab. */
export const session = new SafeStorage(() => sessionStorage);
