/**
 * Stills by digest: fetched and checked in a worker, the newest kept decoded. What does not have its promised pixels
 * is asked for once more from the server itself, then given up.
 */
/** @import {StampedViewport} from "../wire.js" */
/** @import {Refusal} from "../core/pictures/stamps.js" */
/** @import {Result} from "./still-worker.js" */
import { judgeStill } from "../core/pictures/stamps.js";

/** Decoded pixels that are kept, in bytes of RGBA. */
const CACHE_BYTES = 192 * 1024 * 1024;
/** Of these none is let go, whatever its size: a picture of all viewports and the one before. */
const MIN_KEPT = 18;

/**
 * @typedef {{ok: true, image: ImageBitmap}
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
    /** @type {Map<string, ImageBitmap>} oldest first */
    this.kept = new Map();
    this.keptBytes = 0;
    /** Asked for before their stamp came. @type {Map<string, {result: Promise<Result>, abort: AbortController}>} */
    this.expected = new Map();
  }

  /** These are shown first, as far as is known before a stamp is here: ask for them. @param {readonly string[]} digests */
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

  /**
   * The checked picture of a viewport.
   * @param {StampedViewport} viewport
   * @param {AbortSignal} signal
   * @returns {Promise<Found>}
   */
  async get(viewport, signal) {
    const digest = viewport.digest ?? "";
    const kept = this.kept.get(digest);
    if (kept && kept.width === viewport.rect_px[2] && kept.height === viewport.rect_px[3])
      return { ok: true, image: kept };
    const first = await this.check(viewport, await this.fetch(digest, false, signal), signal);
    if (first.ok || first.why !== "refused") return first;
    this.onrefused(first.reason);
    return this.check(viewport, await this.fetch(digest, true, signal), signal);
  }

  /**
   * A square part of a picture, checked; it is the caller's, and not kept.
   * @param {string} path below the seat @param {number} size of its side @param {AbortSignal} signal
   * @returns {Promise<{ok: true, image: ImageBitmap} | {ok: false}>}
   */
  async region(path, size, signal) {
    const result = await this.order(`${this.base}${path}`, false, signal);
    if (!("image" in result)) return { ok: false };
    if (!signal.aborted && !judgeStill(result, { rect_px: [0, 0, size, size] }))
      return { ok: true, image: result.image };
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
    return { ok: true, image: this.keep(viewport.digest ?? "", result.image) };
  }

  /** @param {string} digest @param {boolean} fresh @param {AbortSignal} signal @returns {Promise<Result>} */
  fetch(digest, fresh, signal) {
    const expected = this.expected.get(digest);
    this.expected.delete(digest);
    if (expected && !fresh) {
      signal.addEventListener("abort", () => expected.abort.abort(), { once: true });
      return expected.result;
    }
    return this.order(`${this.base}stills/${encodeURIComponent(digest)}`, fresh, signal);
  }

  /** @param {string} url @param {boolean} fresh @param {AbortSignal} signal @returns {Promise<Result>} */
  order(url, fresh, signal) {
    const id = ++this.number;
    return new Promise((resolve) => {
      this.asked.set(id, resolve);
      signal.addEventListener("abort", () => this.worker.postMessage({ cancel: id }), { once: true });
      this.worker.postMessage({ id, url, fresh });
    });
  }

  /** The connection was lost, or is there again: what is under way may never come, and is asked for again. */
  again() {
    this.worker.postMessage({ again: `${this.base}../../healthz` });
  }

  /** @param {{id: number} & Result} answer */
  answered(answer) {
    const resolve = this.asked.get(answer.id);
    this.asked.delete(answer.id);
    if (resolve) resolve(answer);
    else if ("image" in answer) answer.image.close();
  }

  /**
   * Two viewports may show the same: the first picture stays.
   * @param {string} digest
   * @param {ImageBitmap} image
   * @returns {ImageBitmap} the one that is kept
   */
  keep(digest, image) {
    const kept = this.kept.get(digest);
    if (kept?.width === image.width && kept.height === image.height) {
      image.close();
      return kept;
    }
    this.forget(digest);
    this.kept.set(digest, image);
    this.keptBytes += image.width * image.height * 4;
    for (const oldest of this.kept.keys()) {
      if (this.keptBytes <= CACHE_BYTES || this.kept.size <= MIN_KEPT) break;
      this.forget(oldest);
    }
    return image;
  }

  /** @param {string} digest */
  forget(digest) {
    const image = this.kept.get(digest);
    if (!image) return;
    this.keptBytes -= image.width * image.height * 4;
    this.kept.delete(digest);
    image.close();
  }

  /** Nothing of a former case stays. */
  clear() {
    for (const digest of [...this.kept.keys()]) this.forget(digest);
  }
}

/** @param {{status: number, retryMs: number, sentence: string, code: string}} result @returns {Found} */
function failure({ status, retryMs, sentence, code }) {
  if (status === 404) return { ok: false, why: "unknown", sentence };
  if ([0, 429, 503, 507].includes(status)) return { ok: false, why: "later", retryMs, sentence };
  return { ok: false, why: "failed", sentence, code };
}
