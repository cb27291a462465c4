/**
 * Stills by digest: got and checked in a worker, kept decoded within a budget; the worker hands over some that nobody
 * has asked for yet. What does not have its promised pixels is asked for once more from the server itself, then given
 * up.
 */
/** @import {StampedViewport} from "../../wire.js" */
/** @import {Refusal} from "../../core/pictures/stamps.js" */
/** @import {Still} from "./still-decoding.js" */
/** @import {Result} from "./still-worker.js" */
import { Keeping } from "../../core/pictures/keeping.js";
import { judgeStill } from "../../core/pictures/stamps.js";

/** Decoded pixels that are kept, in bytes of RGBA. */
const CACHE_BYTES = 96 * 1024 * 1024;

/**
 * @typedef {{ok: true, still: Still}
 *   | {ok: false, why: "unknown" | "aborted", sentence: string}
 *   | {ok: false, why: "failed", sentence: string, code: string}
 *   | {ok: false, why: "later", retryMs: number, sentence: string}
 *   | {ok: false, why: "refused", reason: Refusal, sentence: string}} Found
 */

export class Stills {
  /** @param {string} base URL that ends in a slash @param {URL} workerUrl */
  constructor(base, workerUrl) {
    this.base = base;
    this.worker = new Worker(workerUrl, { type: "module" });
    this.worker.onmessage = (event) => this.answered(event.data);
    this.number = 0;
    /** @type {Map<number, (result: Result) => void>} */
    this.asked = new Map();
    /** @type {Keeping<Still>} */
    this.kept = new Keeping(CACHE_BYTES, ({ image }, digest) => {
      image.close();
      this.used(digest);
    });
    /** Stills come by the picture socket, in the server's order. */
    this.pushed = false;
    /** Epoch of the case that is on the stage. */
    this.case = 0;
    /** Handed over ahead of time, and not used yet. @type {Set<string>} */
    this.unused = new Set();
    /** Asked for before their stamp came. @type {Map<string, {result: Promise<Result>, abort: AbortController}>} */
    this.expected = new Map();
  }

  /** These are shown first, as far as is known before a stamp is here: ask for them.
   * @param {readonly string[]} digests */
  expect(digests) {
    for (const digest of digests) {
      const abort = new AbortController();
      this.expected.set(digest, { result: this.fetch(digest, false, abort.signal), abort });
    }
  }

  /** The first stamp is here: what it does not name is not wanted any more. */
  expectNoMore() {
    for (const { abort } of this.expected.values()) abort.abort();
    this.expected.clear();
  }

  /** Have the server send stills before they are asked for. @param {string} url of the picture socket */
  open(url) {
    this.pushed = true;
    this.worker.postMessage({ open: url });
  }

  /** Have it send none. */
  close() {
    this.pushed = false;
    this.worker.postMessage({ close: true });
  }

  closed() {
    this.pushed = false;
    this.onclosed();
  }

  /** The picture socket has closed by itself. Replaced by who opens it. */
  onclosed() {}

  /** A still came by it. Replaced by who opens it. */
  oncame() {}

  /** A still came by a request. Replaced by who measures it.
   * @param {number} _bytes @param {number} _ms that they took */
  onfetched(_bytes, _ms) {}

  /** Whether it is here. @param {StampedViewport} viewport */
  has({ digest = "", rect_px: [, , width, height] }) {
    const still = this.kept.look(digest);
    return still?.width === width && still.height === height;
  }

  /** These are about to be painted, and stay until others are. @param {readonly StampedViewport[]} viewports */
  pin(viewports) {
    this.kept.pinned = new Set(viewports.map(({ digest = "" }) => digest));
  }

  /** The worker may decode another. @param {string} digest */
  used(digest) {
    if (this.unused.delete(digest)) this.worker.postMessage({ used: digest });
  }

  /**
   * The checked picture of a viewport.
   * @param {StampedViewport} viewport
   * @param {AbortSignal} signal
   * @returns {Promise<Found>}
   */
  async get(viewport, signal) {
    const digest = viewport.digest ?? "";
    const kept = this.has(viewport) ? this.kept.get(digest) : null;
    if (kept) {
      this.used(digest);
      return { ok: true, still: kept };
    }
    const first = await this.check(viewport, await this.fetch(digest, false, signal), signal);
    if (first.ok || first.why !== "refused") return first;
    this.onrefused(first.reason);
    return this.check(viewport, await this.fetch(digest, true, signal), signal);
  }

  /**
   * A square part of a picture, checked; it is the caller's, and not kept.
   * @param {string} path below the seat @param {number} size of its side @param {AbortSignal} signal
   * @returns {Promise<{ok: true, still: Still} | {ok: false}>}
   */
  async region(path, size, signal) {
    const result = await this.order(`${this.base}${path}`, false, signal);
    if (!("image" in result)) return { ok: false };
    if (!signal.aborted && !judgeStill(result, { rect_px: [0, 0, size, size] })) return { ok: true, still: result };
    result.image.close();
    return { ok: false };
  }

  /** A still was not what it must be. Replaced by who counts it. @param {Refusal} _reason */
  onrefused(_reason) {}

  /** @param {StampedViewport} viewport @param {Result} result @param {AbortSignal} signal @returns {Promise<Found>} */
  async check(viewport, result, signal) {
    if (signal.aborted) return { ok: false, why: "aborted", sentence: "" };
    if (!("image" in result)) return failure(result);
    const reason = judgeStill(result, viewport);
    if (reason) {
      result.image.close();
      return { ok: false, why: "refused", reason, sentence: "" };
    }
    return { ok: true, still: this.keep(viewport.digest ?? "", result) };
  }

  /** @param {string} digest @param {boolean} fresh @param {AbortSignal} signal @returns {Promise<Result>} */
  fetch(digest, fresh, signal) {
    const expected = this.expected.get(digest);
    this.expected.delete(digest);
    if (expected && !fresh) {
      signal.addEventListener("abort", () => expected.abort.abort(), { once: true });
      return expected.result;
    }
    return this.order(`${this.base}stills/${encodeURIComponent(digest)}`, fresh, signal, digest);
  }

  /** @param {string} url @param {boolean} fresh @param {AbortSignal} signal @param {string} [digest]
   * @returns {Promise<Result>} */
  order(url, fresh, signal, digest) {
    const id = ++this.number;
    return new Promise((resolve) => {
      this.asked.set(id, resolve);
      signal.addEventListener("abort", () => this.worker.postMessage({ cancel: id }), { once: true });
      this.worker.postMessage({ id, url, fresh, ...(digest ? { digest } : {}) });
    });
  }

  /** The connection was lost, or is there again: what is under way may never come, and is asked for again. */
  again() {
    this.worker.postMessage({ again: `${this.base}../../healthz` });
  }

  /** @param {import("./still-worker.js").Answer} answer */
  answered(answer) {
    if ("closed" in answer) return this.closed();
    if ("came" in answer) return this.oncame();
    if ("ahead" in answer) return this.cameAhead(answer);
    if ("transfer" in answer && answer.transfer) this.onfetched(answer.transfer.bytes, answer.transfer.ms);
    const resolve = this.asked.get(answer.id);
    this.asked.delete(answer.id);
    if (resolve) resolve(answer);
    else if ("image" in answer) answer.image.close();
  }

  /**
   * Two viewports may show the same: the first picture stays.
   * @param {string} digest
   * @param {Still} still
   * @returns {Still} the one that is kept
   */
  keep(digest, { image, x, y, width, height }) {
    const kept = this.kept.look(digest);
    if (kept?.width === width && kept.height === height) {
      image.close();
      return kept;
    }
    const still = { image, x, y, width, height };
    this.kept.put(digest, still, image.width * image.height * 4);
    return still;
  }

  /** Nobody has asked for it yet. @param {import("./still-worker.js").Ahead} still */
  cameAhead({ ahead, case: epoch, ...still }) {
    const reason = judgeStill(still, { rect_px: [0, 0, still.width, still.height] });
    if (reason || epoch !== this.case) {
      still.image.close();
      return reason ? this.onrefused(reason) : undefined;
    }
    this.unused.add(ahead);
    this.keep(ahead, still);
  }

  /** Nothing of a former case stays. @param {number} epoch of the one that comes */
  clear(epoch) {
    this.case = epoch;
    this.worker.postMessage({ case: epoch });
    this.unused.clear();
    this.kept.clear();
  }
}

/** @param {{status: number, retryMs: number, sentence: string, code: string}} result @returns {Found} */
function failure({ status, retryMs, sentence, code }) {
  if (status === 404) return { ok: false, why: "unknown", sentence };
  if ([0, 429, 503, 507].includes(status)) return { ok: false, why: "later", retryMs, sentence };
  return { ok: false, why: "failed", sentence, code };
}
