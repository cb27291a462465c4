/**
 * Fetches a still, decodes it and hashes its raw pixels, so that the page's own thread stays free.
 * Message in: {id, url, fresh} or {cancel: id}. Message out: {id, ...Result}.
 */
/** @typedef {{id: number, url: string, fresh: boolean}} Order */
/**
 * @typedef {{status: 200, image: ImageBitmap, sha256: string, promised: string, width: number, height: number}
 *   | {status: number, retryMs: number, sentence: string}} Result
 */

const COLOUR_TYPE_AT = 25; // PNG (ISO/IEC 15948) IHDR: colour type; 0 grey, 2 RGB
const GREY = 0;

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
  const result = await get(order, controller.signal).catch((error) => ({ status: 0, retryMs: 500, sentence: String(error) }));
  underWay.delete(order.id);
  self.postMessage({ id: order.id, ...result }, { transfer: "image" in result ? [result.image] : [] });
};

/** @param {Order} order @param {AbortSignal} signal @returns {Promise<Result>} */
async function get({ url, fresh }, signal) {
  const answer = await fetch(url, { signal, cache: fresh ? "reload" : "default", credentials: "same-origin" });
  if (!answer.ok) return refusal(answer);
  const promised = answer.headers.get("x-pixels-sha256") ?? "";
  const png = await answer.arrayBuffer();
  const image = await createImageBitmap(new Blob([png], { type: "image/png" }), {
    colorSpaceConversion: "none",
    premultiplyAlpha: "none",
  });
  const { width, height } = image;
  const grey = new Uint8Array(png)[COLOUR_TYPE_AT] === GREY;
  const sha256 = await hash(rawPixels(image, grey));
  return { status: 200, image, sha256, promised, width, height };
}

/** @param {Response} answer @returns {Promise<Result>} */
async function refusal(answer) {
  const body = await answer.json().catch(() => null);
  const retryMs = Number(answer.headers.get("retry-after") ?? 1) * 1000;
  return { status: answer.status, retryMs, sentence: body?.error?.message ?? "" };
}

/** Raw 8-bit grey or RGB bytes, row by row. @param {ImageBitmap} image @param {boolean} grey */
function rawPixels(image, grey) {
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d", { willReadFrequently: true, alpha: false });
  if (!context) throw new Error("no canvas to read pixels with");
  context.drawImage(image, 0, 0);
  const rgba = context.getImageData(0, 0, image.width, image.height).data;
  const channels = grey ? 1 : 3;
  const raw = new Uint8Array((rgba.length / 4) * channels);
  if (grey) for (let i = 0; i < raw.length; i++) raw[i] = rgba[i * 4] ?? 0;
  else for (let i = 0, j = 0; j < rgba.length; j += 4) for (let k = 0; k < 3; k++) raw[i++] = rgba[j + k] ?? 0;
  return raw;
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function hash(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export {};
