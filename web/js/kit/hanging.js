/** What hangs at a control: a click elsewhere closes it, and the focus goes back. */
import { refocus } from "./dom.js";

/**
 * @param {HTMLElement} element in the page
 * @param {() => Element | null} anchor its control, which may be drawn anew meanwhile
 * @param {() => void} closed what else ends with it
 * @returns {() => void} closes it
 */
export function hang(element, anchor, closed) {
  const listening = new AbortController();
  const close = () => {
    listening.abort();
    const inside = element.contains(document.activeElement);
    element.remove();
    const control = anchor();
    control?.setAttribute("aria-expanded", "false");
    if (inside) refocus(control);
    closed();
  };
  const outside = (/** @type {Event} */ event) => {
    const target = /** @type {Node} */ (event.target);
    if (!element.contains(target) && !anchor()?.contains(target)) close();
  };
  document.addEventListener("pointerdown", outside, { capture: true, signal: listening.signal });
  return close;
}
