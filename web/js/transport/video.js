/** The moving picture over a WebSocket of its own: opened while the control connection lives, tried again when it falls. */
/** @import {Order, Told} from "./video-worker.js" */
import { backOff } from "../core/connection.js";

/**
 * @typedef {object} VideoHooks
 * @property {(rtp: number, image: VideoFrame) => void} frame who takes it closes it
 * @property {(live: boolean) => void} live frames come, or come no longer
 */

export class Video {
  /** @param {URL} workerUrl @param {VideoHooks} hooks */
  constructor(workerUrl, hooks) {
    this.hooks = hooks;
    this.url = "";
    this.tries = 0;
    this.live = false;
    /** This browser decodes it, as far as is known. */
    this.possible = typeof VideoDecoder !== "undefined";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.retryTimer = undefined;
    this.worker = this.possible ? new Worker(workerUrl, { type: "module" }) : null;
    if (this.worker) this.worker.onmessage = (event) => this.told(event.data);
  }

  /** @param {string} url */
  start(url) {
    if (!this.possible) return;
    this.stop();
    this.url = url;
    this.order({ open: url });
  }

  /** No frames any more. */
  stop() {
    clearTimeout(this.retryTimer);
    this.url = "";
    this.tries = 0;
    this.setLive(false);
    this.order({ close: true });
  }

  /** @param {Order} order */
  order(order) {
    this.worker?.postMessage(order);
  }

  /** @param {Told} told */
  told(told) {
    if (told.told === "frame") return this.framed(told.rtp, told.image);
    this.setLive(false);
    if (told.told === "unsupported") {
      this.possible = false;
      return;
    }
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => this.url && this.order({ open: this.url }), backOff(this.tries));
    this.tries += 1;
  }

  /** @param {number} rtp @param {VideoFrame} image */
  framed(rtp, image) {
    if (this.url === "") image.close();
    else {
      this.tries = 0;
      this.setLive(true);
      this.hooks.frame(rtp, image);
    }
    this.order({ ready: true });
  }

  /** @param {boolean} live */
  setLive(live) {
    if (live === this.live) return;
    this.live = live;
    this.hooks.live(live);
  }
}
