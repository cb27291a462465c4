/** Which piece of which file goes next. Pure: no network, no clock. */

/** @import {UploadInfo} from "./api.js" */
/** @typedef {{number: number, offset: number, length: number}} Piece */

export const FIRST_PIECE_BYTES = 1 << 20;
export const LEAST_PIECE_BYTES = 256 << 10;
export const MOST_PIECE_BYTES = 16 << 20;
/** Smaller ones are not worth their headers: a proxy that refuses these refuses everything. */
export const FLOOR_PIECE_BYTES = 16 << 10;
/** A piece should take about this long: short enough to lose little, long enough to be worth its round trip. */
export const PIECE_MS = 1000;

export class UploadQueue {
  /** @param {number[]} sizes of the files, in bytes @param {number[]} [offsets] how much of each is there */
  constructor(sizes, offsets = sizes.map(() => 0)) {
    this.sizes = sizes;
    this.offsets = [...offsets];
    /** Files of which a piece is on its way. @type {Set<number>} */
    this.active = new Set();
    this.pieceBytes = FIRST_PIECE_BYTES;
    /** What lies between here and the server lets no larger ones through. */
    this.most = MOST_PIECE_BYTES;
    this.cursor = 0;
  }

  /** The next piece, whose file is busy then; null where there is none (now). @returns {Piece | null} */
  next() {
    for (let i = this.cursor; i < this.sizes.length; i++) {
      const left = this.left(i);
      if (i === this.cursor && left === 0) this.cursor = i + 1;
      if (left === 0 || this.active.has(i)) continue;
      this.active.add(i);
      return { number: i, offset: this.offsets[i] ?? 0, length: Math.min(left, this.pieceBytes) };
    }
    return null;
  }

  /** The server has so much of a file. @param {number} number @param {number} offset */
  sent(number, offset) {
    this.active.delete(number);
    this.offsets[number] = offset;
    this.cursor = Math.min(this.cursor, number);
  }

  /** A piece did not arrive, or nobody knows. @param {number} number */
  failed(number) {
    this.active.delete(number);
  }

  /** After a cut: what the server has; it may be less than it acknowledged. @param {number[]} offsets */
  resync(offsets) {
    this.offsets = this.sizes.map((size, i) => Math.min(size, offsets[i] ?? 0));
    this.cursor = 0;
  }

  /** The file will not come. @param {number} number */
  giveUp(number) {
    this.sent(number, this.sizes[number] ?? 0);
  }

  /** Pieces as long as the network likes them. @param {number} bytes @param {number} ms */
  tune(bytes, ms) {
    const wanted = (bytes / Math.max(1, ms)) * PIECE_MS;
    if (bytes >= this.pieceBytes || wanted < this.pieceBytes) {
      this.pieceBytes = Math.round(
        Math.min(this.most, Math.max(LEAST_PIECE_BYTES, Math.min(wanted, this.pieceBytes * 2))),
      );
    }
  }

  /**
   * A piece of that length does not come through: half of it from now on.
   * @param {number} bytes @returns {boolean} false: smaller ones are not worth a try
   */
  tooLarge(bytes) {
    const half = Math.floor(bytes / 2);
    if (half < FLOOR_PIECE_BYTES) return false;
    this.most = Math.min(this.most, half);
    this.pieceBytes = Math.min(this.pieceBytes, this.most);
    return true;
  }

  /** @param {number} i */
  left(i) {
    return (this.sizes[i] ?? 0) - (this.offsets[i] ?? 0);
  }

  /** Bytes that the server has. */
  get here() {
    return this.offsets.reduce((sum, n) => sum + n, 0);
  }

  get done() {
    return this.sizes.every((_, i) => this.left(i) === 0);
  }
}

/** How long to wait before the nth try, ms. @param {number} n from 0 */
export const backoff = (n) => Math.min(5000, 250 * 2 ** n);

/** Bytes of one list of files: proxies may cut at 1 MB. */
export const LIST_BYTES = 500_000;

/**
 * Lists short enough to be sent as one; usually there is one. By name, so that the same files make the same lists.
 * @template {{name: string, size: number}} F
 * @param {F[]} files @param {number} [most] bytes
 * @returns {F[][]}
 */
export function lists(files, most = LIST_BYTES) {
  const bytes = (/** @type {F} */ { name, size }) =>
    new TextEncoder().encode(JSON.stringify({ name, size })).length + 1;
  const sizes = new Map(files.map((file) => [file, bytes(file)]));
  const total = [...sizes.values()].reduce((a, b) => a + b, 0);
  if (total <= most) return [files];
  /** @type {F[][]} */
  const made = [];
  let left = 0;
  for (const file of [...files].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const own = sizes.get(file) ?? 0;
    if (own > left) {
      made.push([]);
      left = most;
    }
    made.at(-1)?.push(file);
    left -= own;
  }
  return made;
}

/**
 * Which of the files at hand go on with an upload of before: each in the server's order, null where it is there
 * already.
 * @template {{name: string, size: number}} F
 * @param {F[]} files @param {{name: string, size: number}[]} wanted @param {number[]} offsets
 * @returns {(F | null)[] | null} null: they are not that upload's files
 */
export function continuation(files, wanted, offsets) {
  const known = new Map(files.map((file) => [`${file.name}\n${file.size}`, file]));
  const found = wanted.map((file) => known.get(`${file.name}\n${file.size}`) ?? null);
  if (known.size !== wanted.length) return null;
  return found.every((file, i) => file !== null || offsets[i] === wanted[i]?.size) ? found : null;
}

/** Long enough to read what was taken; then the studies in the list say it. */
export const STAYS_MS = 15_000;

/** Which cards of finished uploads are still worth their place. */
export class FinishedCards {
  constructor() {
    /** Of uploads seen at work in this page; when each was first seen finished. @type {Map<string, number>} */
    this.until = new Map();
  }

  /** One that refused something stays until it is closed. @param {UploadInfo} upload @param {number} now */
  stays(upload, now) {
    if (!upload.finished) this.until.set(upload.id, Infinity);
    if (!upload.finished || upload.problem || Object.values(upload.refused).some((n) => n > 0)) return true;
    if (this.until.get(upload.id) === Infinity) this.until.set(upload.id, now + STAYS_MS);
    return now < (this.until.get(upload.id) ?? 0);
  }
}
