/**
 * This page's own pointer: where it is on the picture, sent at most 30 times a second. The mouse points by being there;
 * a finger by a long press, or with the laser. While one points so, no gesture moves the picture.
 */
/** @import {Case, Spot, Stamp} from "../../wire.js" */
import { spotAt } from "../../core/people/pointing.js";

/** Between two cursors that are sent. */
export const SEND_MS = 34;
/** A finger that stays so long points. */
export const PRESS_MS = 500;
/** A finger that moves farther before that, in CSS pixels, scrolls. */
const SLOP_PX = 8;
/** A finger that points without moving is sent again: to the others it is not idle. */
const AGAIN_MS = 2000;
/** The presenter's mouse, when it rests for so long, points at nothing that is scrolled below it. */
const REST_MS = 4000;

/**
 * @typedef {object} Pointer
 * @property {() => Stamp | null} stamp of the painted picture
 * @property {() => Case | null} kase on the stage
 * @property {() => boolean} may point
 * @property {() => boolean} laser is the tool
 * @property {(spot: Spot | null, laser: boolean) => void} send
 * @property {(spot: Spot | null) => void} draw one's own trail
 * @property {() => boolean} marking a mark is drawn or moved: the others see that, and no cursor over it
 * @property {(at: {x: number, y: number} | null) => void} pressed a long press points there; null: no more
 */

export class Pointing {
  /** @param {HTMLElement} stage @param {HTMLElement} area @param {Pointer} pointer */
  constructor(stage, area, pointer) {
    this.area = area;
    this.pointer = pointer;
    /** @type {{x: number, y: number} | null} where it is, in CSS pixels of the window */
    this.at = null;
    this.movedAt = -Infinity;
    this.sentAt = -Infinity;
    /** The others see where it is. */
    this.shown = false;
    /** Which pointer draws with the laser, or points by a long press. @type {number | null} */
    this.held = null;
    this.drawing = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.pressTimer = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.sendTimer = undefined;
    this.listen(stage);
  }

  /** The laser is in the hand, or a finger points: nobody else on the stage takes a press. */
  get busy() {
    return this.held !== null || (this.pointer.may() && this.pointer.laser());
  }

  /** @param {HTMLElement} stage */
  listen(stage) {
    stage.addEventListener("pointerdown", (event) => this.down(event), true);
    stage.addEventListener("pointermove", (event) => this.move(event), true);
    for (const name of /** @type {const} */ (["pointerup", "pointercancel"]))
      stage.addEventListener(name, (event) => this.up(event), true);
    stage.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && this.gone());
    addEventListener("pointermove", () => this.shown && this.pointer.marking() && this.send(), true);
    addEventListener("blur", () => this.gone());
    document.addEventListener("visibilitychange", () => document.hidden && this.gone());
    setInterval(() => this.held !== null && this.at && this.send(), AGAIN_MS);
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (!this.pointer.may() || isControl(event)) return;
    const touch = event.pointerType === "touch";
    if (this.held !== null || (touch && !event.isPrimary)) return clearTimeout(this.pressTimer);
    if (this.pointer.laser() && (touch || event.button === 0)) {
      this.hold(event, true);
      event.stopImmediatePropagation();
    } else if (touch) {
      this.at = { x: event.clientX, y: event.clientY };
      clearTimeout(this.pressTimer);
      this.pressTimer = setTimeout(() => this.hold(event, false), PRESS_MS);
    }
  }

  /** It points from now on. @param {PointerEvent} event @param {boolean} drawing with the laser */
  hold(event, drawing) {
    this.held = event.pointerId;
    this.drawing = drawing;
    if (event.currentTarget instanceof Element) event.currentTarget.setPointerCapture(event.pointerId);
    this.put(event);
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (this.held !== null) {
      if (event.pointerId !== this.held) return;
      event.stopImmediatePropagation();
      return this.put(event);
    }
    if (event.pointerType === "touch") {
      if (this.at && Math.hypot(event.clientX - this.at.x, event.clientY - this.at.y) > SLOP_PX)
        clearTimeout(this.pressTimer);
      return;
    }
    if (!this.pointer.may()) return;
    if (isControl(event)) this.gone();
    else this.put(event);
  }

  /** @param {PointerEvent} event */
  up(event) {
    clearTimeout(this.pressTimer);
    if (event.pointerId !== this.held) return;
    this.held = null;
    this.drawing = false;
    this.pointer.draw(null);
    this.pointer.pressed(null);
    if (event.pointerType === "touch") this.gone();
    else this.send();
  }

  /** @param {PointerEvent} event */
  put(event) {
    this.at = { x: event.clientX, y: event.clientY };
    this.movedAt = performance.now();
    if (this.drawing) this.pointer.draw(this.spot());
    else if (this.held !== null) this.pointer.pressed(this.at);
    this.later();
  }

  /** Its owner has moved the picture below it. Who follows keeps pointing at what was pointed at. */
  scrolled() {
    if (this.shown && this.at && performance.now() - this.movedAt < REST_MS) this.later();
  }

  /** Send now, or as soon as it is time: the newest. */
  later() {
    const wait = this.sentAt + SEND_MS - performance.now();
    if (wait <= 0) this.send();
    else this.sendTimer ??= setTimeout(() => this.send(), wait);
  }

  send() {
    clearTimeout(this.sendTimer);
    this.sendTimer = undefined;
    this.sentAt = performance.now();
    const spot = this.spot();
    if (!spot && !this.shown) return;
    this.shown = spot !== null;
    this.pointer.send(spot, spot !== null && this.drawing);
  }

  /** The pointer is nowhere on the picture. */
  gone() {
    clearTimeout(this.pressTimer);
    if (this.held !== null) return;
    this.at = null;
    if (this.shown) this.send();
  }

  /** @returns {Spot | null} */
  spot() {
    const stamp = this.pointer.stamp();
    const kase = this.pointer.kase();
    if (!this.at || !stamp || !kase || !this.pointer.may() || this.pointer.marking()) return null;
    const box = this.area.getBoundingClientRect();
    return spotAt(stamp, kase, [(this.at.x - box.left) * devicePixelRatio, (this.at.y - box.top) * devicePixelRatio]);
  }
}

/** @param {Event} event */
const isControl = (event) =>
  event.target instanceof Element && event.target.closest("button, .scrubber, .notice, .card") !== null;
