/**
 * Fetches a still, decodes it and hashes its raw pixels, so that the page's own thread stays free.
 * Message in: {id, url, fresh}, {cancel: id} or {again: url}. Message out: {id, ...Result}.
 * A network that dies leaves the browser's HTTP connections open and deaf, and a request on one of them waits for
 * minutes. So an answer has its time to begin; and after a loss of the page's own connection as many small requests as
 * there may be connections are sent at once: those that are not answered close theirs.
 */
import { filteredLength, toRgba, unfilter, unpack } from "../core/pictures/png.js";

/** @typedef {{id: number, url: string, fresh: boolean}} Order */
/**
 * @typedef {{status: 200, image: ImageBitmap, sha256: string, promised: string, width: number, height: number}
 *   | {status: number, retryMs: number, sentence: string, code: string}} Result
 */

/** So long may an answer take to begin. */
const PATIENCE_MS = 10_000;
/** So long after a loss. */
const LITTLE_PATIENCE_MS = 1000;
/** Of a browser to one server, by HTTP/1.1. */
const CONNECTIONS = 6;
/** Done once deaf connections are closed. @type {Promise<unknown>} */
let cleared = Promise.resolve();

/** @type {Map<number, AbortController>} */
const pending = new Map();

self.onmessage = async (/** @type {MessageEvent<Order | {cancel: number} | {again: string}>} */ event) => {
  const order = event.data;
  if ("again" in order) {
    for (const controller of pending.values()) controller.abort();
    cleared = clearConnections(order.again);
    return;
  }
  if ("cancel" in order) {
    pending.get(order.cancel)?.abort();
    return;
  }
  const controller = new AbortController();
  pending.set(order.id, controller);
  /** @type {Result} */
  const result = await get(order, controller).catch((error) => ({
    status: 0,
    retryMs: 500,
    sentence: String(error),
    code: "",
  }));
  pending.delete(order.id);
  self.postMessage({ id: order.id, ...result }, { transfer: "image" in result ? [result.image] : [] });
};

/** @param {string} url of something small */
async function clearConnections(url) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), LITTLE_PATIENCE_MS);
  const ask = () => fetch(url, { method: "HEAD", cache: "no-store", signal: controller.signal });
  await Promise.allSettled(Array.from({ length: CONNECTIONS }, ask));
  clearTimeout(timer);
}

/** @param {Order} order @param {AbortController} controller @returns {Promise<Result>} */
async function get({ url, fresh }, controller) {
  const { signal } = controller;
  await cleared;
  signal.throwIfAborted();
  const timer = setTimeout(() => controller.abort(), PATIENCE_MS);
  const answer = await fetch(url, { signal, cache: fresh ? "reload" : "default", credentials: "same-origin" }).finally(
    () => clearTimeout(timer),
  );
  if (!answer.ok) return refusal(answer);
  const promised = answer.headers.get("x-pixels-sha256") ?? "";
  const packed = unpack(await answer.arrayBuffer());
  const raw = unfilter(await inflate(packed), packed);
  const { width, height, channels } = packed;
  const [sha256, image] = await Promise.all([hash(raw), bitmap(toRgba(raw, channels), width, height)]);
  return { status: 200, image, sha256, promised, width, height };
}

/**
 * The rows with their filters. Throws where the stream is broken, or of another length.
 * @param {import("../core/pictures/png.js").Packed} packed
 */
async function inflate(packed) {
  const out = new Uint8Array(filteredLength(packed));
  const stream = new Blob(packed.data).stream().pipeThrough(new DecompressionStream("deflate"));
  let length = 0;
  const reader = stream.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    out.set(part.value, length);
    length += part.value.length;
  }
  if (length !== out.length) throw new Error("a picture of another length");
  return out;
}

/** @param {Uint8ClampedArray<ArrayBuffer>} rgba @param {number} width @param {number} height */
const bitmap = (rgba, width, height) =>
  createImageBitmap(new ImageData(rgba, width, height), { colorSpaceConversion: "none", premultiplyAlpha: "none" });

/** @param {Response} answer @returns {Promise<Result>} */
async function refusal(answer) {
  const body = await answer.json().catch(() => null);
  const retryMs = Number(answer.headers.get("retry-after") ?? 1) * 1000;
  return { status: answer.status, retryMs, sentence: body?.error?.message ?? "", code: body?.error?.code ?? "" };
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function hash(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
