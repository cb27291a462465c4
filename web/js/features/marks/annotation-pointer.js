/**
 * The pointer that draws. It looks at each event before the view's own gestures do, and keeps those that are its own.
 * A second finger ends a drawing that has just begun, and both go to the view: one can zoom with a tool in the hand.
 */
/** @import {Point2} from "../../core/marks/marks.js" */

import { capture, devicePoint, isFar, isOnControl, listenFirst, slopOf } from "../../stage/pointer/first-pointer.js";

/** CSS pixels: so near a finger is on it. */
const TOUCH_SLOP = 16;
/** A pointer that moves less only clicks. */
const STILL_PX = 4;

/**
 * @typedef {object} Marker
 * @property {(at: Point2, slop: number) => boolean} press whether it is the marker's own from here on
 * @property {(at: Point2) => void} drag
 * @property {(at: Point2) => void} hover
 * @property {(moved: boolean) => void} release
 * @property {() => void} cancel
 * @property {() => void} interrupt the system has taken the pointer away: a phone was locked, another app came
 * @property {(at: Point2, slop: number) => void} tap a click that nobody else has used
 * @property {() => boolean} following a drawing goes on between two clicks
 */

export class AnnotationPointer {
  /** @param {HTMLElement} stage @param {HTMLElement} area @param {Marker} marker */
  constructor(stage, area, marker) {
    this.stage = stage;
    this.area = area;
    this.marker = marker;
    /** @type {PointerEvent | null} the press that is ours */
    this.held = null;
    /** @type {Map<number, Point2>} presses that are the view's */
    this.passed = new Map();
    this.moved = false;
    this.again = false;
    listenFirst(stage, {
      pointerdown: (event) => this.down(event),
      pointermove: (event) => this.move(event),
      pointerup: (event) => this.up(event, true),
      pointercancel: (event) => this.up(event, false),
    });
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (this.again || isOnControl(event)) return false;
    const at = devicePoint(event, this.area);
    if (this.held) return event.pointerType === "touch" ? this.giveUp(this.held) : true;
    if (event.button !== 0 || this.passed.size > 0 || !this.marker.press(at, slopOf(event, TOUCH_SLOP))) {
      this.passed.set(event.pointerId, at);
      return false;
    }
    capture(this.stage, event);
    this.held = event;
    this.moved = false;
    return true;
  }

  /** Two fingers move the view. @param {PointerEvent} first */
  giveUp(first) {
    this.held = null;
    this.marker.cancel();
    this.passed.set(first.pointerId, devicePoint(first, this.area));
    this.again = true;
    this.stage.dispatchEvent(
      new PointerEvent("pointerdown", {
        pointerId: first.pointerId,
        pointerType: first.pointerType,
        isPrimary: first.isPrimary,
        button: 0,
        buttons: 1,
        clientX: first.clientX,
        clientY: first.clientY,
        bubbles: true,
      }),
    );
    this.again = false;
    return false;
  }

  /** @param {PointerEvent} event */
  move(event) {
    const at = devicePoint(event, this.area);
    if (!this.held) {
      if (this.marker.following()) this.marker.hover(at);
      return false;
    }
    if (event.pointerId !== this.held.pointerId) return true;
    this.moved ||= isFar(devicePoint(this.held, this.area), at, STILL_PX);
    if (this.moved) this.marker.drag(at);
    return true;
  }

  /** @param {PointerEvent} event @param {boolean} done */
  up(event, done) {
    const at = devicePoint(event, this.area);
    if (this.held && event.pointerId === this.held.pointerId) {
      this.held = null;
      if (done) this.marker.release(this.moved);
      else this.marker.interrupt();
      return true;
    }
    const from = this.passed.get(event.pointerId);
    this.passed.delete(event.pointerId);
    const still = from && !isFar(from, at, STILL_PX);
    if (done && still && event.button === 0) this.marker.tap(at, slopOf(event, TOUCH_SLOP));
    return false;
  }
}
