/** The pointer on a fusion that is aligned by dragging: a drag shifts what lies over the image, with Shift it turns. */
/** @import {Point} from "../../core/planes/crosshair.js" */
/** @import {View} from "../../wire.js" */
import { capture, devicePoint, isFar, isOnControl, listenFirst } from "../../stage/pointer/first-pointer.js";

/** A pointer that moves less moves nothing. */
const STILL_PX = 3;

/**
 * @typedef {object} Mover
 * @property {(at: Point) => string} over id of the fusion under a place; "" where nothing is aligned there
 * @property {() => View | null} begin the view that a drag begins with
 * @property {(start: View, id: string) => void} moved the pointer has moved, for the first time
 * @property {(start: View, id: string, move: {from: Point, to: Point, turn: boolean}, rest: boolean) => void} drag
 */

export class AlignmentPointer {
  /** @param {HTMLElement} stage @param {HTMLElement} area @param {Mover} mover */
  constructor(stage, area, mover) {
    this.stage = stage;
    this.area = area;
    this.mover = mover;
    /** @type {{pointer: number, id: string, from: Point, start: View, turn: boolean, moved: boolean} | null} */
    this.held = null;
    listenFirst(stage, {
      pointerdown: (event) => this.down(event),
      pointermove: (event) => this.move(event, false),
      pointerup: (event) => this.up(event),
      pointercancel: (event) => this.up(event),
    });
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (this.held) return event.pointerType !== "touch";
    if (event.button !== 0 || isOnControl(event)) return false;
    if (event.pointerType === "touch" && !event.isPrimary) return false;
    const from = devicePoint(event, this.area);
    const id = this.mover.over(from);
    const start = id ? this.mover.begin() : null;
    if (!id || !start) return false;
    capture(this.stage, event);
    this.held = { pointer: event.pointerId, id, from, start, turn: event.shiftKey, moved: false };
    return true;
  }

  /** @param {PointerEvent} event @param {boolean} rest */
  move(event, rest) {
    const { held } = this;
    if (!held) return false;
    if (event.pointerId !== held.pointer) return true;
    const { start, id, from, turn } = held;
    const to = devicePoint(event, this.area);
    if (!held.moved && isFar(from, to, STILL_PX)) {
      held.moved = true;
      this.mover.moved(start, id);
    }
    if (held.moved) this.mover.drag(start, id, { from, to, turn }, rest);
    return true;
  }

  /** @param {PointerEvent} event */
  up(event) {
    if (!this.held || event.pointerId !== this.held.pointer) return false;
    this.move(event, true);
    this.held = null;
    return true;
  }
}
