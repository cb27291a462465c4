/**
 * The pointer on the crosshair: it takes what lies on a line, a handle or the point before the view's own gestures do.
 * With Shift a round handle tilts one plane alone. Nothing is taken while a mark is drawn, or with the laser.
 */
/** @import {Grip, Point} from "../../core/planes/crosshair.js" */
/** @import {View} from "../../wire.js" */

import { capture, devicePoint, isFar, isOnControl, listenFirst, slopOf } from "../../stage/pointer/first-pointer.js";

/** CSS pixels: so near a finger is on it. */
const TOUCH_SLOP = 18;
/** A pointer that moves less only presses. */
const STILL_PX = 3;

/**
 * @typedef {object} Hand
 * @property {(at: Point, slop: number) => Grip | null} grip what lies under a place; null also where nothing may move
 * @property {() => View | null} begin the view that a drag begins with
 * @property {(held: Held) => void} drag
 * @property {() => void} rest
 * @property {(grip: Grip | null, at: Point | null) => void} hover
 */
/** @typedef {{grip: Grip, start: View, from: Point, to: Point, alone: boolean}} Held */

export class CrosshairPointer {
  /** @param {HTMLElement} stage @param {HTMLElement} area @param {Hand} hand */
  constructor(stage, area, hand) {
    this.stage = stage;
    this.area = area;
    this.hand = hand;
    /** @type {(Held & {pointer: number, moved: boolean}) | null} */
    this.held = null;
    listenFirst(stage, {
      pointerdown: (event) => this.down(event),
      pointermove: (event) => this.move(event),
      pointerup: (event) => this.up(event),
      pointercancel: (event) => this.up(event),
    });
    stage.addEventListener("pointerleave", () => this.held || hand.hover(null, null));
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (this.held) return event.pointerType !== "touch";
    if (event.button !== 0 || isOnControl(event)) return false;
    if (event.pointerType === "touch" && !event.isPrimary) return false;
    const from = devicePoint(event, this.area);
    const grip = this.hand.grip(from, slopOf(event, TOUCH_SLOP));
    const start = grip && this.hand.begin();
    if (!grip || !start) return false;
    capture(this.stage, event);
    this.held = { grip, start, from, to: from, alone: event.shiftKey, pointer: event.pointerId, moved: false };
    return true;
  }

  /** @param {PointerEvent} event */
  move(event) {
    const { held } = this;
    const at = devicePoint(event, this.area);
    if (!held) {
      if (event.buttons === 0) this.hand.hover(this.hand.grip(at, slopOf(event, TOUCH_SLOP)), at);
      return false;
    }
    if (event.pointerId !== held.pointer) return true;
    held.to = at;
    held.alone = event.shiftKey;
    held.moved ||= isFar(held.from, at, STILL_PX);
    if (held.moved) this.hand.drag(held);
    return true;
  }

  /** @param {PointerEvent} event */
  up(event) {
    if (!this.held || event.pointerId !== this.held.pointer) return false;
    const { moved } = this.held;
    this.held = null;
    if (moved) this.hand.rest();
    return true;
  }
}
