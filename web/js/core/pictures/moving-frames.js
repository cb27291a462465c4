/**
 * Frames of the moving picture: which stamp is whose, and where each viewport is cut from the frame and placed on this
 * page's own screen. The camera names a circle: on the frame its radius spans `span_px`, here half the smaller side.
 */
/** @import {Screen, Stamp, StampedViewport, View} from "../../wire.js" */
/** @import {Rect} from "../view/camera.js" */
import { place } from "../view/layout.js";

/** Stamps that are remembered. */
export const STAMPS = 128;

/** Stamps by the RTP timestamp of their frame; the oldest go first. */
export class FrameStamps {
  constructor() {
    /** @type {Map<number, Stamp>} */
    this.stamps = new Map();
  }

  /** @param {Stamp} stamp with a timestamp */
  add(stamp) {
    if (typeof stamp.rtp !== "number") return;
    this.stamps.set(stamp.rtp, stamp);
    const oldest = this.stamps.keys().next();
    if (this.stamps.size > STAMPS && !oldest.done) this.stamps.delete(oldest.value);
  }

  /** @param {number} rtp @returns {Stamp | null} */
  of(rtp) {
    return this.stamps.get(rtp) ?? null;
  }

  clear() {
    this.stamps.clear();
  }
}

/** Whether a stream is one for slow links: its name has the quality layer behind the raster. @param {string} stream */
export const isCoarse = (stream) => /x\d+-/.test(stream);

/** @typedef {{from: Rect, to: Rect}} Cut pixels of the frame, and device pixels of the canvas; fractions count */

/**
 * A frame as this page's screen shows it. @param {Stamp} stamp @param {View} view @param {Screen} screen
 * @returns {{stamp: Stamp, cuts: Cut[]} | null} null: the frame does not have what the screen shows
 */
export function onScreen(stamp, view, screen) {
  /** @type {StampedViewport[]} */
  const viewports = [];
  /** @type {Cut[]} */
  const cuts = [];
  for (const { viewport, rect } of place(view, screen)) {
    const v = stamp.viewports.find(({ id }) => id === viewport.id);
    if (!v) return null;
    const perPixel = spanOf(v) / (Math.min(rect[2], rect[3]) / 2);
    viewports.push({ ...v, rect_px: [...rect], scale: v.scale / perPixel, digest: "", span_px: 0 });
    cuts.push(cut(v.rect_px, rect, perPixel));
  }
  return { stamp: { ...stamp, width: screen.width, height: screen.height, viewports }, cuts };
}

/** @param {StampedViewport} v */
const spanOf = (v) => v.span_px || Math.min(v.rect_px[2], v.rect_px[3]) / 2;

/**
 * The middle of the one lies on the middle of the other; what the frame does not have stays black.
 * @param {Rect} from the viewport on the frame @param {Rect} to the viewport here
 * @param {number} perPixel pixels of the frame for a device pixel @returns {Cut}
 */
export function cut([fx, fy, fw, fh], [x, y, w, h], perPixel) {
  const [sw, sh] = [Math.min(fw, w * perPixel), Math.min(fh, h * perPixel)];
  const [dw, dh] = [sw / perPixel, sh / perPixel];
  return {
    from: [fx + (fw - sw) / 2, fy + (fh - sh) / 2, sw, sh],
    to: [x + (w - dw) / 2, y + (h - dh) / 2, dw, dh],
  };
}
