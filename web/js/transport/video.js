/**
 * The moving picture over a WebSocket of its own, decoded in a worker. It is opened and closed by core/transports.js.
 */
/** @import {Order, WorkerMessage} from "./video-worker.js" */

/**
 * @typedef {object} VideoCallbacks
 * @property {(rtp: number, image: VideoFrame) => void} frame who takes it closes it
 * @property {(why: "unsupported" | "closed") => void} ended not by the page
 */

/** This browser decodes it, as far as can be known before it is tried. */
export const hasWebCodecs = () => typeof VideoDecoder !== "undefined";

export class Video {
  /** @param {URL} workerUrl @param {VideoCallbacks} callbacks */
  constructor(workerUrl, callbacks) {
    this.workerUrl = workerUrl;
    this.callbacks = callbacks;
    this.open = false;
    /** Made when it is first needed. @type {Worker | null} */
    this.worker = null;
  }

  /** @param {string} url */
  start(url) {
    this.open = true;
    this.worker ??= this.makeWorker();
    this.order({ open: url });
  }

  makeWorker() {
    if (!hasWebCodecs()) return null;
    const worker = new Worker(this.workerUrl, { type: "module" });
    worker.onmessage = (event) => this.received(event.data);
    return worker;
  }

  /** No frames any more. */
  stop() {
    this.open = false;
    this.order({ close: true });
  }

  /** @param {Order} order */
  order(order) {
    this.worker?.postMessage(order);
  }

  /** @param {WorkerMessage} message */
  received(message) {
    if (message.type === "frame") return this.framed(message.rtp, message.image);
    if (!this.open) return;
    this.open = false;
    this.callbacks.ended(message.type);
  }

  /** @param {number} rtp @param {VideoFrame} image */
  framed(rtp, image) {
    if (this.open) this.callbacks.frame(rtp, image);
    else image.close();
    this.order({ ready: true });
  }
}
