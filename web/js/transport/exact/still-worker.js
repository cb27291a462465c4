/**
 * Gets a still, decodes it and hashes its raw pixels, so that the page's own thread stays free: from what the server
 * has sent by itself (still-store.js), else by a request.
 * Message in: see `Order`. Message out: see `Answer`; `ahead` is what nobody has asked for, `came` tells of each still
 * of the socket, `closed` of its end.
 * A network that dies leaves the browser's HTTP connections open and deaf, and a request on one of them waits for
 * minutes. So an answer has its time to begin; and after a loss of the page's own connection as many small requests as
 * there may be connections are sent at once: those that are not answered close theirs.
 */
import { Smaller } from "../../core/pictures/smaller.js";
import { decodesJpegXl } from "./jpeg-xl.js";
import { decode } from "./still-decoding.js";
import { StillStore } from "./still-store.js";

/**
 * @typedef {{id: number, url: string, fresh: boolean, digest?: string}} Request digest: of a still that may have come
 * @typedef {Request | {cancel: number} | {again: string} | {open: string} | {close: true} | {case: number}
 *   | {used: string}} Order
 * @typedef {{ahead: string, case: number, promised: string} & import("./still-decoding.js").Decoded} Ahead
 * @typedef {({id: number} & Result) | Ahead | {came: string} | {closed: true}} Answer
 */
/**
 * transfer: what its bytes took, where it came by a request.
 * @typedef {{status: 200, promised: string, transfer?: {bytes: number, ms: number}}
 *     & import("./still-decoding.js").Decoded
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

/** @param {Answer} answer */
const tell = (answer) => self.postMessage(answer, { transfer: "image" in answer ? [answer.image] : [] });

const smaller = new Smaller(self.location?.hostname);
void decodesJpegXl().then((so) => {
  smaller.proved = so;
});

const store = new StillStore(async (digest, came) => {
  const decoded = await decode(came.data, came.format, came.channels);
  if (decoded.sha256 !== came.sha256) store.forget(digest);
  tell({ ahead: digest, case: came.case, promised: came.sha256, ...decoded });
});
store.onclosed = () => tell({ closed: true });
store.oncame = (digest) => tell({ came: digest });

self.onmessage = async (/** @type {MessageEvent<Order>} */ event) => {
  const order = event.data;
  if ("open" in order) {
    store.jxl = smaller.wanted;
    store.raw = smaller.raw;
    return store.open(order.open);
  }
  if ("close" in order) return store.close();
  if ("case" in order) return store.setCase(order.case);
  if ("used" in order) return store.used(order.used);
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
  store.orders += 1;
  /** @type {Result} */
  const result = await get(order, controller).catch((error) => ({
    status: 0,
    retryMs: 500,
    sentence: String(error),
    code: "",
  }));
  pending.delete(order.id);
  store.orders -= 1;
  void store.work();
  tell({ id: order.id, ...result });
};

/** @param {string} url of something small */
async function clearConnections(url) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), LITTLE_PATIENCE_MS);
  const ask = () => fetch(url, { method: "HEAD", cache: "no-store", signal: controller.signal });
  await Promise.allSettled(Array.from({ length: CONNECTIONS }, ask));
  clearTimeout(timer);
}

/** @param {Request} order @param {AbortController} controller @returns {Promise<Result>} */
async function get(order, controller) {
  const { digest, fresh } = order;
  const came = digest && !fresh ? await store.find(digest, controller.signal) : null;
  if (!came || !digest) return request(order, controller);
  const decoded = await decode(came.data, came.format, came.channels);
  if (decoded.sha256 !== came.sha256) store.forget(digest);
  return { status: 200, promised: came.sha256, ...decoded };
}

/** @param {Request} order @param {AbortController} controller @returns {Promise<Result>} */
async function request({ url, fresh }, controller) {
  const { signal } = controller;
  await cleared;
  signal.throwIfAborted();
  const timer = setTimeout(() => controller.abort(), PATIENCE_MS);
  const answer = await fetch(url, {
    signal,
    cache: fresh ? "reload" : "default",
    credentials: "same-origin",
    headers: { accept: fresh ? "image/png" : smaller.accept },
  }).finally(() => clearTimeout(timer));
  if (!answer.ok) return refusal(answer);
  const promised = answer.headers.get("x-pixels-sha256") ?? "";
  const began = performance.now();
  const data = new Uint8Array(await answer.arrayBuffer());
  const transfer = { bytes: data.byteLength, ms: performance.now() - began };
  smaller.fetched(transfer.bytes, transfer.ms);
  const format = answer.headers.get("content-type") === "image/jxl" ? "jxl" : "png";
  const channels = answer.headers.get("x-pixels-channels") === "3" ? 3 : 1;
  return { status: 200, promised, transfer, ...(await decode(data, format, channels)) };
}

/** @param {Response} answer @returns {Promise<Result>} */
async function refusal(answer) {
  const body = await answer.json().catch(() => null);
  const retryMs = Number(answer.headers.get("retry-after") ?? 1) * 1000;
  return { status: answer.status, retryMs, sentence: body?.error?.message ?? "", code: body?.error?.code ?? "" };
}
