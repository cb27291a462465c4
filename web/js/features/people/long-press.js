/**
 * A long press is felt and seen by who presses: a short buzz where the device has one, and a ring around the finger, as
 * long as the others see it point.
 */
import { el } from "../../kit/dom.js";

const BUZZ_MS = 15;

export class LongPress {
  /** @param {HTMLElement} stage */
  constructor(stage) {
    this.stage = stage;
    this.ring = el("div", { class: "long-press", "aria-hidden": "true", hidden: true });
    stage.append(this.ring);
  }

  /** @param {{x: number, y: number} | null} at in CSS pixels of the window; null: the finger is up */
  show(at) {
    if (at && this.ring.hidden) navigator.vibrate?.(BUZZ_MS);
    this.ring.hidden = at === null;
    if (!at) return;
    const box = this.stage.getBoundingClientRect();
    this.ring.style.translate = `${at.x - box.left}px ${at.y - box.top}px`;
  }
}
