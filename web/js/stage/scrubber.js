/** Where in the stack: the position, the part that is loaded; whoever has control drags it. */
/** @import {Loading} from "../wire.js" */
import { readyParts } from "../core/loading.js";
import { el } from "../kit/dom.js";
import { draw, html } from "../kit/html.js";

const HANDLE_PX = 28;

/** @typedef {{image: number, images: number, loading: Loading | null, presenter: string, enabled: boolean}} Position */

export class Scrubber {
  /** @param {(image: number, rest: boolean) => void} go */
  constructor(go) {
    this.go = go;
    this.images = 1;
    this.image = 0;
    this.enabled = false;
    this.ready = el("div", { class: "ready" });
    this.handle = el("div", { class: "handle" });
    this.ticks = el("div", { class: "ticks" });
    this.element = el(
      "div",
      {
        class: "scrubber",
        role: "slider",
        "aria-orientation": "vertical",
        "aria-label": "Image position",
        tabindex: 0,
      },
      el("div", { class: "track" }, this.ready),
      this.ticks,
      this.handle,
    );
    this.element.addEventListener("pointerdown", (event) => this.down(event));
    this.element.addEventListener("pointermove", (event) => this.move(event));
    this.element.addEventListener("pointerup", (event) => this.up(event));
    this.element.addEventListener("pointercancel", (event) => this.up(event));
  }

  /** @param {Position} position */
  update({ image, images, loading, presenter, enabled }) {
    Object.assign(this, { image, images, enabled });
    this.element.hidden = images < 2;
    const part = images > 1 ? image / (images - 1) : 0;
    this.handle.style.top = `calc(${part * 100}% - ${part * HANDLE_PX}px)`;
    const set = (/** @type {string} */ name, /** @type {string} */ value) => this.element.setAttribute(name, value);
    set("aria-valuemin", "1");
    set("aria-valuemax", String(images));
    set("aria-valuenow", String(image + 1));
    set("aria-valuetext", `${image + 1} of ${images}, ${presenter} at ${image + 1}`);
    set("aria-disabled", String(!enabled));
    this.showReady(loading);
  }

  /** Where marks lie in the stack. @param {readonly {image: number, colour: string}[]} marks */
  showMarks(marks) {
    draw(
      this.ticks,
      marks.map(({ image, colour }) => {
        const part = this.images > 1 ? image / (this.images - 1) : 0;
        const top = `calc(${part * 100}% + ${(0.5 - part) * HANDLE_PX}px)`;
        return html`<div class="tick" .style=${`top: ${top}; --colour: ${colour}`}></div>`;
      }),
    );
  }

  /** @param {Loading | null} loading */
  showReady(loading) {
    const parts = loading ? readyParts(loading) : [];
    draw(
      this.ready,
      parts.map(
        ({ from, to }) => html`<div class="run" .style=${`top: ${from * 100}%; height: ${(to - from) * 100}%`}></div>`,
      ),
    );
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (event.button !== 0) return;
    event.stopPropagation();
    if (!this.enabled) return;
    this.element.setPointerCapture(event.pointerId);
    this.to(event, false);
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (!this.element.hasPointerCapture(event.pointerId)) return;
    event.stopPropagation();
    this.to(event, false);
  }

  /** @param {PointerEvent} event */
  up(event) {
    if (!this.element.hasPointerCapture(event.pointerId)) return;
    event.stopPropagation();
    this.element.releasePointerCapture(event.pointerId);
    this.to(event, true);
  }

  /** @param {PointerEvent} event @param {boolean} rest */
  to(event, rest) {
    const box = this.element.getBoundingClientRect();
    const part = (event.clientY - box.top - HANDLE_PX / 2) / Math.max(1, box.height - HANDLE_PX);
    this.go(Math.round(Math.min(Math.max(part, 0), 1) * (this.images - 1)), rest);
  }
}
