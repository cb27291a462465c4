/**
 * From frames and stamps to the moving picture on the stage, by whichever transport they come. A frame is painted only
 * when its stamp and the view of its revision are known; until then the newest waits, and the old picture stays.
 */
/** @import {Stamp} from "../wire.js" */
/** @import {Cut} from "../core/pictures/moving-frames.js" */
/** @import {MediaTransport} from "../core/network/transports.js" */
/** @import {Image} from "../transport/track-frames.js" */
/** @import {Pictures} from "./pictures.js" */
import { FrameStamps, onScreen } from "../core/pictures/moving-frames.js";

/** @typedef {(stamp: Stamp, image: Image, cuts: Cut[]) => void} PaintFrame */
/** @typedef {{transport: MediaTransport, rtp: number, image: Image}} Frame */

export class VideoFrames {
  /**
   * @param {Pictures} pictures
   * @param {PaintFrame} paint
   * @param {(transport: MediaTransport, stream: string) => void} identified painted, or in no need of it
   */
  constructor(pictures, paint, identified) {
    this.pictures = pictures;
    this.paint = paint;
    this.identified = identified;
    this.stamps = new FrameStamps();
    /** @type {Frame | null} its stamp or its view is on the way */
    this.held = null;
    /** @type {MediaTransport | null} of the newest frame that was painted */
    this.transport = null;
  }

  /** A frame is announced. @param {Stamp} stamp */
  stamp(stamp) {
    this.stamps.add(stamp);
    this.again();
  }

  /** A frame has come. @param {Frame} frame */
  frame(frame) {
    this.drop();
    if (this.show(frame)) frame.image.close();
    else this.held = frame;
  }

  /** A stamp or a view has come. */
  again() {
    const { held } = this;
    if (held && this.show(held)) this.drop();
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

  /** @param {Frame} frame @returns {boolean} whether it is done with */
  show({ transport, rtp, image }) {
    const stamp = this.stamps.of(rtp);
    if (!stamp) return false;
    const { views, newest } = this.pictures.known;
    if (stamp.rev > newest) return false;
    const view = (views.get(stamp.rev) ?? views.get(newest))?.view;
    const here = view ? onScreen(stamp, view, this.pictures.screen) : null;
    // Of the other transport: nothing is wrong with it.
    const late = here && transport !== this.transport && this.pictures.isOlder(here.stamp);
    if (here && !late && this.pictures.move(here.stamp)) {
      this.transport = transport;
      this.paint(here.stamp, image, here.cuts);
    }
    if (here && stamp.case === this.pictures.case) this.identified(transport, stamp.stream);
    return true;
  }
}
