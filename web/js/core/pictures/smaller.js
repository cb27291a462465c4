/**
 * Whether stills are wanted as lossless JPEG XL: two thirds of the bytes of PNG, and more work at both ends. By how
 * fast the stills of this page are transferred.
 */
import { SAMPLE_BYTES } from "./exactness.js";

/** In faster networks PNG is there sooner. */
const FAST_MBIT_S = 100;
/** In slower ones it is worth to wait until the server has encoded it. */
const SLOW_MBIT_S = 12;

export class Smaller {
  constructor() {
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

  /** What a request accepts. */
  get accept() {
    if (!this.wanted) return "image/png";
    return this.mbitPerS < SLOW_MBIT_S ? "image/jxl" : "image/png, image/jxl";
  }
}
