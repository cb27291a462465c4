/**
 * Fetches a still, decodes it and hashes its raw pixels, so that the page's own thread stays free.
 * Message in: {id, url, fresh} or {cancel: id}. Message out: {id, ...Result}.
 */
import { filteredLength, toRgba, unfilter, unpack } from "../core/pictures/png.js";

/** @typedef {{id: number, url: string, fresh: boolean}} Order */
/**
 * @typedef {{status: 200, image: ImageBitmap, sha256: string, promised: string, width: number, height: number}
 *   | {status: number, retryMs: number, sentence: string, code: string}} Result
 */

/** @type {Map<number, AbortController>} */
const underWay = new Map();

self.onmessage = async (/** @type {MessageEvent<Order | {cancel: number}>} */ event) => {
  const order = event.data;
  if ("cancel" in order) {
    underWay.get(order.cancel)?.abort();
    return;
  }
  const controller = new AbortController();
  underWay.set(order.id, controller);
  /** @type {Result} */
  const result = await get(order, controller.signal).catch((error) => ({
    status: 0,
    retryMs: 500,
    sentence: String(error),
    code: "",
  }));
  underWay.delete(order.id);
  self.postMessage({ id: order.id, ...result }, { transfer: "image" in result ? [result.image] : [] });
};

/** @param {Order} order @param {AbortSignal} signal @returns {Promise<Result>} */
async function get({ url, fresh }, signal) {
  const answer = await fetch(url, { signal, cache: fresh ? "reload" : "default", credentials: "same-origin" });
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
