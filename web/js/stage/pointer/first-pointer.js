/** Looks at each pointer event on the stage before the view's own gestures do, and keeps those that are its own. */
/** @import {Point} from "./drag.js" */

/** CSS pixels: so near to something a mouse is on it. */
const MOUSE_SLOP = 6;
const CONTROLS = "button, .scrubber, .notice, .card, input, dialog";

/** @typedef {(event: PointerEvent) => boolean} Takes whether an event is kept from the view's own gestures */

/** @param {HTMLElement} stage
 * @param {{pointerdown: Takes, pointermove: Takes, pointerup: Takes, pointercancel: Takes}} takes */
export function listenFirst(stage, takes) {
  for (const name of /** @type {const} */ (["pointerdown", "pointermove", "pointerup", "pointercancel"]))
    stage.addEventListener(name, (event) => takes[name](event) && event.stopImmediatePropagation(), { capture: true });
}

/** Where an event is, in device pixels. @param {MouseEvent} event @param {Element} area @returns {Point} */
export function devicePoint(event, area) {
  const box = area.getBoundingClientRect();
  return [(event.clientX - box.left) * devicePixelRatio, (event.clientY - box.top) * devicePixelRatio];
}

/** How near is on it, in device pixels. @param {PointerEvent} event @param {number} touch of a finger, CSS pixels */
export const slopOf = ({ pointerType }, touch) => (pointerType === "touch" ? touch : MOUSE_SLOP) * devicePixelRatio;

/** Whether two places, in device pixels, are farther apart than so many CSS pixels.
 * @param {readonly [number, number]} from @param {readonly [number, number]} to @param {number} css */
export const isFar = (from, to, css) => Math.hypot(to[0] - from[0], to[1] - from[1]) > css * devicePixelRatio;

/** Whether an event belongs to a control over the picture. @param {Event} event */
export const isOnControl = ({ target }) => target instanceof Element && target.closest(CONTROLS) !== null;

/** All of a pointer's events come to the stage until it is let go. @param {HTMLElement} stage
 * @param {PointerEvent} event */
export function capture(stage, event) {
  stage.setPointerCapture(event.pointerId);
  stage.focus({ preventScroll: true });
}
