/**
 * As what stills are wanted, by how fast those of this page are transferred. Lossless JPEG XL has two thirds of the
 * bytes of PNG, and is more work at both ends; raw pixels have five times as many, and are hardly any.
 */
import { SAMPLE_BYTES } from "./exactness.js";

/** In faster networks PNG is there sooner. */
const FAST_MBIT_S = 100;
/** In slower ones it is worth to wait until the server has encoded it. */
const SLOW_MBIT_S = 12;

/** A page on the server's own machine, which no network lies before. */
const HERE_MBIT_S = 150;

export class Smaller {
  /** @param {string} hostname that the page was fetched from */
  constructor(hostname = "") {
    this.here = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
    /** This browser decodes it to the very pixels. */
    this.proved = false;
    this.mbitPerS = Infinity;
  }

  /** A still was transferred. @param {number} bytes @param {number} ms */
  fetched(bytes, ms) {
    if (bytes >= SAMPLE_BYTES) this.mbitPerS = (bytes * 8) / 1000 / Math.max(ms, 0.1);
  }

  get wanted() {
    return this.proved && this.mbitPerS < FAST_MBIT_S;
  }

  /** By the picture socket. */
  get raw() {
    return this.here && Number.isFinite(this.mbitPerS) && this.mbitPerS >= HERE_MBIT_S;
  }

  /** What a request accepts. */
  get accept() {
    if (!this.wanted) return "image/png";
    return this.mbitPerS < SLOW_MBIT_S ? "image/jxl" : "image/png, image/jxl";
  }
}
