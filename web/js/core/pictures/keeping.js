/**
 * What is kept within a budget of bytes: what was used least lately goes first. What is pinned is in use, and stays
 * whatever its size.
 */

/** @template V */
export class Keeping {
  /** @param {number} bytes that may be kept @param {(value: V, key: string) => void} [dropped] */
  constructor(bytes, dropped = () => undefined) {
    this.budget = bytes;
    this.dropped = dropped;
    this.bytes = 0;
    /** @type {Map<string, {value: V, bytes: number}>} used least lately first */
    this.entries = new Map();
    /** @type {ReadonlySet<string>} */
    this.pinned = new Set();
  }

  get size() {
    return this.entries.size;
  }

  /** @param {string} key */
  has(key) {
    return this.entries.has(key);
  }

  /** Look without use. @param {string} key @returns {V | null} */
  look(key) {
    return this.entries.get(key)?.value ?? null;
  }

  /** Use it. @param {string} key @returns {V | null} */
  get(key) {
    const entry = this.entries.get(key);
    if (!entry) return null;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.value;
  }

  /** Keep it; what is too much goes. @param {string} key @param {V} value @param {number} bytes
   * @returns {string[]} keys of what went */
  put(key, value, bytes) {
    this.drop(key);
    this.entries.set(key, { value, bytes });
    this.bytes += bytes;
    return this.trim(key);
  }

  /** @param {string} newest that stays @returns {string[]} */
  trim(newest) {
    const went = [];
    for (const key of this.entries.keys()) {
      if (this.bytes <= this.budget) break;
      if (key === newest || this.pinned.has(key)) continue;
      this.drop(key);
      went.push(key);
    }
    return went;
  }

  /** @param {string} key */
  drop(key) {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.entries.delete(key);
    this.bytes -= entry.bytes;
    this.dropped(entry.value, key);
  }

  /** @returns {string[]} keys of all that was kept */
  clear() {
    const keys = [...this.entries.keys()];
    for (const key of keys) this.drop(key);
    return keys;
  }
}
