/**
 * Frames as plain pixels, where no GPU draws the page. A VideoFrame that is drawn there is converted by Chromium, which
 * keeps what came of each, 3.7 MB at 720p, up to 500 MB in all. Copied by this page, into canvases that are used again,
 * the same pixels take half the time and nothing is kept. Newest wins: one is copied, one waits.
 */
/** @import {MediaTransport} from "../core/network/transports.js" */
/** @import {Image} from "./track-frames.js" */

/** @typedef {{transport: MediaTransport, rtp: number, image: Image}} Frame */
/** @typedef {(image: VideoFrame) => Promise<Image>} Copy who takes it closes it */

/** What a software decoder makes: its pixels lie in memory. */
const IN_MEMORY = "I420";
/** One is painted from or waits for its stamp, one is filled, one more for the moment of changing. */
const MOST_FREE = 3;

export class PlainFrames {
  /**
   * @param {(frame: Frame) => void} give who takes it closes it
   * @param {Copy | null} [copy] null: they are given as they are
   */
  constructor(give, copy = null) {
    this.give = give;
    this.copy = copy;
    /** @type {Frame | null} */
    this.waiting = null;
    this.copying = false;
  }

  /** A frame has come. @param {Frame} frame */
  take(frame) {
    if (!this.copy || !("format" in frame.image) || frame.image.format !== IN_MEMORY) return this.give(frame);
    this.waiting?.image.close();
    this.waiting = frame;
    if (!this.copying) void this.work();
  }

  async work() {
    this.copying = true;
    for (let next = this.waiting; next; next = this.waiting) {
      this.waiting = null;
      this.give(await this.plain(next));
    }
    this.copying = false;
  }

  /**
   * A browser that cannot copy gives its frames as they are from now on.
   * @param {Frame} frame
   * @returns {Promise<Frame>}
   */
  async plain(frame) {
    if (!this.copy) return frame;
    try {
      const image = await this.copy(/** @type {VideoFrame} */ (frame.image));
      frame.image.close();
      return { ...frame, image };
    } catch {
      this.copy = null;
      return frame;
    }
  }
}

/** Chromium without a GPU, as far as WebGPU says. */
export async function drawsInMemory() {
  if (!("MediaStreamTrackProcessor" in globalThis)) return false;
  const { gpu } = /** @type {{gpu?: {requestAdapter: () => Promise<object | null>}}} */ (navigator);
  return !(await gpu?.requestAdapter().catch(() => null));
}

/** Copies frames, one after the other, into canvases that are used again once they are closed. @returns {Copy} */
export function canvasCopies() {
  /** @type {OffscreenCanvas[]} */
  const free = [];
  let bytes = new Uint8ClampedArray();
  return async (image) => {
    const [width, height] = [image.displayWidth, image.displayHeight];
    if (bytes.length !== width * height * 4) bytes = new Uint8ClampedArray(width * height * 4);
    await image.copyTo(bytes, /** @type {VideoFrameCopyToOptions} */ ({ format: "RGBA" }));
    const canvas = free.pop() ?? new OffscreenCanvas(width, height);
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    if (!context) throw new Error("This browser draws no pictures.");
    context.putImageData(new ImageData(bytes, width, height), 0, 0);
    return Object.assign(canvas, {
      close: () => void (free.length < MOST_FREE && !free.includes(canvas) && free.push(canvas)),
    });
  };
}
