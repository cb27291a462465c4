/**
 * From frames and stamps to the moving picture on the stage. A frame is painted only when its stamp and the view of its
 * revision are known; until then the newest waits, and the old picture stays.
 */
/** @import {Stamp} from "../wire.js" */
/** @import {Cut} from "../core/moving.js" */
/** @import {Pictures} from "./pictures.js" */
import { FrameStamps, onScreen } from "../core/moving.js";

/** @typedef {(stamp: Stamp, image: VideoFrame, cuts: Cut[]) => void} PaintFrame */

export class Moving {
  /** @param {Pictures} pictures @param {PaintFrame} paint */
  constructor(pictures, paint) {
    this.pictures = pictures;
    this.paint = paint;
    this.stamps = new FrameStamps();
    /** @type {{rtp: number, image: VideoFrame} | null} its stamp or its view is on the way */
    this.held = null;
  }

  /** A frame is announced. @param {Stamp} stamp */
  stamp(stamp) {
    this.stamps.add(stamp);
    this.again();
  }

  /** A frame has come. @param {number} rtp @param {VideoFrame} image */
  frame(rtp, image) {
    this.drop();
    if (this.show(rtp, image)) image.close();
    else this.held = { rtp, image };
  }

  /** A stamp or a view has come. */
  again() {
    const { held } = this;
    if (held && this.show(held.rtp, held.image)) this.drop();
  }

  drop() {
    this.held?.image.close();
    this.held = null;
  }

  /** Nothing of a former case stays. */
  clear() {
    this.drop();
    this.stamps.clear();
  }

  /** @param {number} rtp @param {VideoFrame} image @returns {boolean} whether it is done with */
  show(rtp, image) {
    const stamp = this.stamps.of(rtp);
    if (!stamp) return false;
    const { views, newest } = this.pictures.known;
    if (stamp.rev > newest) return false;
    const view = (views.get(stamp.rev) ?? views.get(newest))?.view;
    const here = view ? onScreen(stamp, view, this.pictures.screen) : null;
    if (here && this.pictures.move(here.stamp)) this.paint(here.stamp, image, here.cuts);
    return true;
  }
}
