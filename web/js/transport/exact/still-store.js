/**
 * The stills that the server sends before they are asked for, by a socket of its own: kept as they came, within a
 * budget; decoded ahead while nothing else is to be done, a few.
 * Rules:
 * - Each still is acknowledged when it has come. What is not kept any more is reported, and sent again when it is due.
 * - Of the newest picture it is decoded at once; ahead of it `DECODED_AHEAD` at most wait decoded, in their order.
 * - Who waits for a still that does not come reports that it is not here, and then is told to fetch it.
 * - Nothing of a former case is kept.
 */
/** @import {Format, StillMessage} from "../../core/pictures/still-frames.js" */
import { acknowledgement, decodes, forgotten, pong, readPicture } from "../../core/pictures/still-frames.js";
import { Keeping } from "../../core/pictures/keeping.js";

/** Stills as they came. */
const KEPT_BYTES = 32 * 1024 * 1024;
/** Decoded, and not used yet. */
const DECODED_AHEAD = 4;
/** Come, and not decoded yet. */
const QUEUED = 8;
/** So long may a still be on its way before it is reported as not here. */
const LATE_MS = 250;
/** So long until it is fetched. */
const MISSED_MS = 1500;

/** @typedef {{data: Uint8Array<ArrayBuffer>, format: Format, channels: 1 | 3, sha256: string, case: number}} Came */

export class StillStore {
  /** @param {(digest: string, came: Came) => Promise<void>} ahead decodes one and hands it over */
  constructor(ahead) {
    this.ahead = ahead;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.jxl = false;
    this.raw = false;
    this.case = 0;
    /** @type {Keeping<Came>} */
    this.kept = new Keeping(KEPT_BYTES);
    /** Who waits for which. @type {Map<string, Set<(came: Came | null) => void>>} */
    this.waiting = new Map();
    /** To be decoded ahead. @type {string[]} */
    this.queue = [];
    /** Decoded and not used yet. @type {Set<string>} */
    this.unused = new Set();
    this.busy = false;
    /** Stills that somebody waits for are being decoded. */
    this.orders = 0;
  }

  /** @param {string} url */
  open(url) {
    this.close();
    const mine = new WebSocket(url);
    this.socket = mine;
    mine.binaryType = "arraybuffer";
    mine.onopen = () => this.send(decodes({ jxl: this.jxl, raw: this.raw }));
    mine.onmessage = ({ data }) => this.socket === mine && data instanceof ArrayBuffer && this.received(data);
    mine.onclose = () => this.socket === mine && this.closed();
  }

  close() {
    const was = this.socket;
    this.socket = null;
    was?.close();
    this.closed();
  }

  /** By itself. Replaced by who wants to know. */
  onclosed() {}

  /** Replaced by who wants to know. @param {string} _digest of a still that came */
  oncame(_digest) {}

  closed() {
    const open = this.socket !== null;
    this.socket = null;
    for (const digest of [...this.waiting.keys()]) this.answer(digest, null);
    if (open) this.onclosed();
  }

  /** @param {number} epoch of the case on the stage; nothing of another is kept */
  setCase(epoch) {
    if (epoch === this.case) return;
    this.case = epoch;
    this.queue = [];
    this.unused.clear();
    this.report(this.kept.clear());
  }

  /** @param {ArrayBuffer} message */
  received(message) {
    const picture = readPicture(message);
    if (picture?.kind === "ping") return this.send(pong(picture.number));
    if (picture?.kind === "missing") return this.answer(picture.digest, null);
    if (picture?.kind === "still") this.came(picture);
  }

  /** @param {StillMessage} still */
  came({ due, format, channels, number, digest, sha256, data, case: epoch }) {
    this.send(acknowledgement(number));
    this.oncame(digest);
    if (epoch < this.case) return this.report([digest]);
    /** @type {Came} */
    const came = { data, format, channels, sha256, case: epoch };
    this.report(this.kept.put(digest, came, data.byteLength));
    if (this.answer(digest, came)) return;
    if (due) this.queue.unshift(digest);
    else this.queue.push(digest);
    if (this.queue.length > QUEUED) this.queue.pop();
    void this.work();
  }

  /** Decode ahead, one after the other, while there is nothing else to be done. */
  async work() {
    while (!this.busy && this.orders === 0 && this.unused.size < DECODED_AHEAD) {
      const digest = this.queue.shift();
      if (digest === undefined) return;
      const came = this.kept.look(digest);
      if (!came) continue;
      this.busy = true;
      this.unused.add(digest);
      await this.ahead(digest, came).catch(() => this.forget(digest));
      this.busy = false;
    }
  }

  /** The page has used what was decoded ahead, or lets it go. @param {string} digest */
  used(digest) {
    this.kept.get(digest);
    if (this.unused.delete(digest)) void this.work();
  }

  /** It is not what it must be. @param {string} digest */
  forget(digest) {
    this.unused.delete(digest);
    this.kept.drop(digest);
    this.report([digest]);
  }

  /**
   * A still that is here, or comes soon.
   * @param {string} digest @param {AbortSignal} signal @returns {Promise<Came | null>} null: it is to be fetched
   */
  find(digest, signal) {
    const kept = this.kept.get(digest);
    this.queue = this.queue.filter((queued) => queued !== digest);
    if (kept || !this.socket) return Promise.resolve(kept);
    return new Promise((resolve) => {
      const late = setTimeout(() => this.report([digest]), LATE_MS);
      const missed = setTimeout(() => done(null), MISSED_MS);
      const done = (/** @type {Came | null} */ came) => {
        clearTimeout(late);
        clearTimeout(missed);
        this.waiting.get(digest)?.delete(done);
        resolve(came);
      };
      signal.addEventListener("abort", () => done(null), { once: true });
      this.waiting.set(digest, (this.waiting.get(digest) ?? new Set()).add(done));
    });
  }

  /** @param {string} digest @param {Came | null} came @returns {boolean} whether somebody waited */
  answer(digest, came) {
    const waiting = this.waiting.get(digest);
    this.waiting.delete(digest);
    for (const done of waiting ?? []) done(came);
    return (waiting?.size ?? 0) > 0;
  }

  /** @param {string[]} digests that are not here */
  report(digests) {
    if (digests.length > 0) this.send(forgotten(digests));
  }

  /** @param {ArrayBuffer} message */
  send(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(message);
  }
}
