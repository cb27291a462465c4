/**
 * The pointer on the crosshair: it takes what lies on a line, a handle or the point before the view's own gestures do.
 * With Shift a round handle tilts one plane alone. Nothing is taken while a mark is drawn, or with the laser.
 */
/** @import {Grip, Point} from "../../core/planes/crosshair.js" */
/** @import {View} from "../../wire.js" */

/** CSS pixels: how near is on it. */
const SLOP = { mouse: 6, touch: 18 };
/** A pointer that moves less only presses. */
const STILL_PX = 3;
const NOT_OURS = "button, .scrubber, .notice, .card, input, dialog";

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
    const listen = (
      /** @type {"pointerdown" | "pointermove" | "pointerup" | "pointercancel"} */ name,
      /** @type {(event: PointerEvent) => boolean} */ does,
    ) =>
      stage.addEventListener(
        name,
        (event) => {
          if (does(event)) event.stopImmediatePropagation();
        },
        { capture: true },
      );
    listen("pointerdown", (event) => this.down(event));
    listen("pointermove", (event) => this.move(event));
    listen("pointerup", (event) => this.up(event));
    listen("pointercancel", (event) => this.up(event));
    stage.addEventListener("pointerleave", () => this.held || hand.hover(null, null));
  }

  /** @param {MouseEvent} event @returns {Point} */
  point(event) {
    const box = this.area.getBoundingClientRect();
    return [(event.clientX - box.left) * devicePixelRatio, (event.clientY - box.top) * devicePixelRatio];
  }

  /** @param {PointerEvent} event */
  slop(event) {
    return (event.pointerType === "touch" ? SLOP.touch : SLOP.mouse) * devicePixelRatio;
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (this.held) return event.pointerType !== "touch";
    if (event.button !== 0 || (event.target instanceof Element && event.target.closest(NOT_OURS))) return false;
    if (event.pointerType === "touch" && !event.isPrimary) return false;
    const from = this.point(event);
    const grip = this.hand.grip(from, this.slop(event));
    const start = grip && this.hand.begin();
    if (!grip || !start) return false;
    this.stage.setPointerCapture(event.pointerId);
    this.stage.focus({ preventScroll: true });
    this.held = { grip, start, from, to: from, alone: event.shiftKey, pointer: event.pointerId, moved: false };
    return true;
  }

  /** @param {PointerEvent} event */
  move(event) {
    const { held } = this;
    const at = this.point(event);
    if (!held) {
      if (event.buttons === 0) this.hand.hover(this.hand.grip(at, this.slop(event)), at);
      return false;
    }
    if (event.pointerId !== held.pointer) return true;
    held.to = at;
    held.alone = event.shiftKey;
    held.moved ||= Math.hypot(at[0] - held.from[0], at[1] - held.from[1]) > STILL_PX * devicePixelRatio;
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
