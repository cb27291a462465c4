/**
 * Pointers and the wheel on the stage. Left: the active tool; middle: pan; right: zoom; wheel: scroll, with Alt through
 * the times of a series that has them, or through the opacity of a fusion. One finger: the touch tool (scroll until
 * another is chosen), two: pinch and pan. Only who has control moves anything.
 */
/** @import {View} from "../../wire.js" */
/** @import {Scene} from "../../core/view/view.js" */
/** @import {Point, Tool} from "./drag.js" */
import { pageZoom, SHIFT, WheelSteps, wheelDistance } from "../../core/input/wheel.js";
import { fadeBy } from "../../core/planes/fusion.js";
import { idAt } from "../../core/view/layout.js";
import { pageOf } from "../../core/view/mosaic/cells.js";
import { activate, activateNext, scroll, scrollTime, viewportOf, zoomBy } from "../../core/view/view.js";
import { Drag } from "./drag.js";
import { devicePoint, isFar } from "./first-pointer.js";
import { Pinch } from "./pinch.js";
import { Swipe } from "../../core/input/swipe.js";

/** A trackpad's pinch comes as a wheel with Ctrl: the picture doubles over this many pixels of it. */
const WHEEL_ZOOM_PX = 80;
/** Left, middle, right. */
const MAIN_BUTTONS = 2;
/** A finger that moves less than this, in CSS pixels, only touches. */
const SLOP_PX = 4;

/**
 * @typedef {object} Hands
 * @property {() => {view: View, scene: Scene} | null} ready null: nothing may be moved
 * @property {(view: View, how: {rest?: boolean, pause?: boolean}) => void} propose
 * @property {() => void} settle
 * @property {() => void} cannot show why nothing moves
 * @property {(touch: boolean) => Tool} tool
 * @property {() => boolean} swipes one of several viewports is shown alone
 */

export class Gestures {
  /** @param {HTMLElement} stage @param {HTMLElement} area @param {Hands} hands */
  constructor(stage, area, hands) {
    this.area = area;
    this.hands = hands;
    this.wheel = new WheelSteps();
    /** @type {Map<number, Point>} fingers and buttons that are down */
    this.down = new Map();
    /** @type {Drag | Pinch | Swipe | null} */
    this.gesture = null;
    this.moved = false;
    stage.addEventListener("pointerdown", (event) => this.begin(event));
    stage.addEventListener("pointermove", (event) => this.move(event));
    for (const name of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) {
      stage.addEventListener(name, (event) => this.end(event));
    }
    stage.addEventListener("wheel", (event) => this.turn(event), { passive: false });
    stage.addEventListener("contextmenu", (event) => event.preventDefault());
    stage.addEventListener("mousedown", (event) => event.button === 1 && event.preventDefault());
  }

  /** @param {PointerEvent} event */
  begin(event) {
    if (event.target instanceof Element && event.target.closest("button, .notice, .card")) return;
    if (event.button > MAIN_BUTTONS) return;
    const ready = this.hands.ready();
    if (!ready) {
      this.down.set(event.pointerId, devicePoint(event, this.area));
      return;
    }
    const at = devicePoint(event, this.area);
    const id = idAt(ready.scene.rects, at);
    if (!id || this.down.size >= 2) return;
    const element = /** @type {Element} */ (event.currentTarget);
    element.setPointerCapture(event.pointerId);
    this.down.set(event.pointerId, at);
    this.moved = false;
    const view = activate(ready.view, id);
    if (view !== ready.view) this.hands.propose(view, { pause: true });
    const [first, second] = [...this.down.values()];
    if (first && second) this.gesture = new Pinch(id, first, second);
    else this.drag(new Drag(this.toolOf(event), id, view, at, devicePixelRatio), view, ready.scene, at);
  }

  /** The crosshair comes at once to where it is pressed; other tools wait for the pointer to move.
   * @param {Drag} drag @param {View} view @param {Scene} scene @param {Point} at */
  drag(drag, view, scene, at) {
    this.gesture = drag;
    if (drag.tool === "crosshair") this.hands.propose(drag.move(view, scene, at), { pause: true });
  }

  /** @param {PointerEvent} event @returns {Tool} */
  toolOf(event) {
    if (event.pointerType === "touch") return this.hands.tool(true);
    if (event.button === 1) return "pan";
    if (event.button === 2) return "zoom";
    return this.hands.tool(false);
  }

  /** @param {PointerEvent} event */
  move(event) {
    const before = this.down.get(event.pointerId);
    if (!before) return;
    const at = devicePoint(event, this.area);
    const far = isFar(before, at, SLOP_PX);
    const ready = this.hands.ready();
    if (!ready) {
      if (far) this.showWhy();
      return;
    }
    if (event.pointerType === "touch" && !this.moved && !far) return;
    if (!this.moved && this.isSwipe(before, at)) this.gesture = new Swipe(before, devicePixelRatio);
    this.moved = true;
    this.down.set(event.pointerId, at);
    const { gesture } = this;
    const [first, second] = [...this.down.values()];
    if (gesture instanceof Pinch && first && second)
      this.hands.propose(gesture.move(ready.view, ready.scene, first, second), {});
    else if (gesture instanceof Swipe) gesture.at = at;
    else if (gesture instanceof Drag) this.hands.propose(gesture.move(ready.view, ready.scene, at), {});
  }

  /** A finger that scrolls, and starts along the rows. @param {Point} from @param {Point} to */
  isSwipe(from, to) {
    const { gesture } = this;
    const one = gesture instanceof Drag && gesture.tool === "stack" && this.down.size === 1;
    return one && this.hands.tool(true) === "stack" && this.hands.swipes() && Swipe.startsAs(from, to);
  }

  showWhy() {
    this.down.clear();
    this.hands.cannot();
  }

  /** @param {PointerEvent} event */
  end(event) {
    if (!this.down.delete(event.pointerId)) return;
    const was = this.gesture;
    this.gesture = null;
    const ready = was && this.moved ? this.hands.ready() : null;
    if (ready && was instanceof Swipe) this.hands.propose(activateNext(ready.view, was.by), { rest: true });
    else if (ready) this.hands.settle();
    this.moved = false;
  }

  /** @param {WheelEvent} event */
  turn(event) {
    event.preventDefault();
    const ready = this.hands.ready();
    if (!ready) return this.hands.cannot();
    const at = devicePoint(event, this.area);
    const id = idAt(ready.scene.rects, at) ?? ready.view.active;
    const view = activate(ready.view, id);
    const next = event.ctrlKey
      ? zoomBy(view, id, ready.scene, 2 ** (-wheelDistance(event) / WHEEL_ZOOM_PX), at)
      : this.scrolled(view, id, ready.scene, event);
    if (next !== ready.view) this.hands.propose(next, { pause: true });
  }

  /** With Shift by pages; with Alt through times, or of a fusion its opacity. @param {View} view @param {string} id
   * @param {Scene} scene @param {WheelEvent} event */
  scrolled(view, id, scene, event) {
    const by = this.images(event);
    if (!event.altKey) return scroll(view, id, scene, event.shiftKey ? (by / SHIFT) * pageOf(view) : by);
    return viewportOf(view, id)?.shows.type === "fusion" ? fadeBy(view, id, -by) : scrollTime(view, id, scene, by);
  }

  /** By the event's own time: a page that was busy gets several at once. @param {WheelEvent} event */
  images(event) {
    return this.wheel.images(event, event.timeStamp, { zoom: pageZoom(window), ratio: devicePixelRatio });
  }
}

/**
 * The side buttons of a mouse (3 and 4) lie below the thumb of who scrolls. By themselves they go back and forward in
 * the browser's history: out of the consult. Here they do nothing.
 * @param {EventTarget} page
 */
export function stillSideButtons(page) {
  for (const name of ["mousedown", "mouseup", "auxclick"]) {
    page.addEventListener(name, (event) => {
      if (event instanceof MouseEvent && event.button > MAIN_BUTTONS) event.preventDefault();
    });
  }
}
