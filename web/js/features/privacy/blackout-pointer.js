/** The pointer while parts of pictures are blacked out: a drag is a rectangle. */
/** @import {Point} from "../../core/privacy/blackouts.js" */
import { capture, devicePoint, isFar, isOnControl, listenFirst } from "../../stage/pointer/first-pointer.js";

/** CSS pixels: a pointer that moves less only presses. */
const STILL_PX = 4;

/**
 * @typedef {object} Drawer
 * @property {(at: Point) => boolean} begin whether a drag that begins there is a rectangle
 * @property {(from: Point, to: Point) => void} drag
 * @property {(from: Point, to: Point) => void} end
 * @property {() => void} cancel
 */

export class BlackoutPointer {
  /** @param {HTMLElement} stage @param {HTMLElement} area @param {Drawer} drawer */
  constructor(stage, area, drawer) {
    this.stage = stage;
    this.area = area;
    this.drawer = drawer;
    /** @type {{pointer: number, from: Point} | null} */
    this.held = null;
    listenFirst(stage, {
      pointerdown: (event) => this.down(event),
      pointermove: (event) => this.move(event),
      pointerup: (event) => this.up(event),
      pointercancel: (event) => this.drop(event),
    });
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (this.held) return event.pointerType !== "touch";
    if (event.button !== 0 || isOnControl(event)) return false;
    if (event.pointerType === "touch" && !event.isPrimary) return false;
    const from = /** @type {Point} */ (devicePoint(event, this.area));
    if (!this.drawer.begin(from)) return false;
    capture(this.stage, event);
    this.held = { pointer: event.pointerId, from };
    return true;
  }

  /** @param {PointerEvent} event */
  move(event) {
    const { held } = this;
    if (!held) return false;
    if (event.pointerId === held.pointer)
      this.drawer.drag(held.from, /** @type {Point} */ (devicePoint(event, this.area)));
    return true;
  }

  /** @param {PointerEvent} event */
  up(event) {
    const { held } = this;
    if (!held || event.pointerId !== held.pointer) return false;
    this.held = null;
    const to = /** @type {Point} */ (devicePoint(event, this.area));
    if (isFar(held.from, to, STILL_PX)) this.drawer.end(held.from, to);
    else this.drawer.cancel();
    return true;
  }

  /** @param {PointerEvent} event */
  drop(event) {
    if (!this.held || event.pointerId !== this.held.pointer) return false;
    this.held = null;
    this.drawer.cancel();
    return true;
  }
}
