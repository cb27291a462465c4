/** The two canvases of the stage: the picture alone, in device pixels, and what is drawn over it. */
/** @import {Screen, Stamp} from "../wire.js" */
/** @import {Cut} from "../core/pictures/moving-frames.js" */
/** @import {Still} from "../transport/exact/still-decoding.js" */
/** @import {Image} from "../transport/track-frames.js" */

export class Canvases {
  /** @param {HTMLCanvasElement} picture @param {HTMLCanvasElement} marks */
  constructor(picture, marks) {
    this.picture = picture;
    this.marks = marks;
    const context = picture.getContext("2d", { alpha: false });
    if (!context) throw new Error("This browser draws no pictures.");
    this.context = context;
  }

  /**
   * Draw all viewports of a picture, pixel by pixel, in one go.
   * @param {Stamp} stamp @param {Map<string, Still>} stills by viewport
   */
  draw(stamp, stills) {
    this.resize(stamp);
    this.context.clearRect(0, 0, stamp.width, stamp.height);
    for (const {
      id,
      rect_px: [x, y],
    } of stamp.viewports) {
      const still = stills.get(id);
      if (still) this.context.drawImage(still.image, x + still.x, y + still.y);
    }
  }

  /**
   * Draw the viewports of a frame, each cut out and placed where this screen has it.
   * @param {Stamp} stamp as on this screen @param {Image} image @param {Cut[]} cuts
   */
  drawFrame(stamp, image, cuts) {
    this.resize(stamp);
    if (!fills(stamp, cuts)) this.context.clearRect(0, 0, stamp.width, stamp.height);
    for (const { from, to } of cuts) this.context.drawImage(image, ...from, ...to);
  }

  /**
   * Draw all viewports of a picture, each stretched to its place.
   * @param {Stamp} stamp @param {Map<string, ImageBitmap>} images by viewport
   */
  drawCoarse(stamp, images) {
    this.resize(stamp);
    this.context.clearRect(0, 0, stamp.width, stamp.height);
    for (const { id, rect_px } of stamp.viewports) {
      const image = images.get(id);
      if (image) this.context.drawImage(image, ...rect_px);
    }
  }

  /** Of a picture; ahead of the first one, since that takes a while. @param {{width: number, height: number}} size */
  resize({ width, height }) {
    for (const canvas of [this.picture, this.marks]) {
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
    }
  }

  /** No picture at all. */
  clear() {
    this.context.clearRect(0, 0, this.picture.width, this.picture.height);
  }

  /**
   * Keep one canvas pixel on one device pixel, also while the stage has already another size than the picture.
   * @param {Screen} screen @param {boolean} isWhole whether it is all of the area
   */
  place(screen, isWhole) {
    const fits = isWhole && this.picture.width === screen.width && this.picture.height === screen.height;
    for (const canvas of [this.picture, this.marks]) {
      canvas.style.width = fits ? "100%" : `${this.picture.width / devicePixelRatio}px`;
      canvas.style.height = fits ? "100%" : `${this.picture.height / devicePixelRatio}px`;
    }
  }
}

/** Whether one cut covers the whole canvas. @param {Stamp} stamp @param {Cut[]} cuts */
function fills(stamp, [cut]) {
  if (!cut) return false;
  const [x, y, width, height] = cut.to;
  return x <= 0 && y <= 0 && x + width >= stamp.width && y + height >= stamp.height;
}
