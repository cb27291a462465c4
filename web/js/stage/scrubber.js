/** Where in the stack: the position, the part that is loaded; whoever has control drags it. */
/** @import {Loading, Series} from "../wire.js" */
import { t } from "../core/language.js";
import { readyParts } from "../core/loading.js";
import { places } from "../core/view/series.js";
import { el } from "../kit/dom.js";
import { draw, html } from "../kit/html.js";
import { handleTop, partOf, placeAt, tickTop } from "./scrub.js";

/**
 * @typedef {object} Position
 * @property {Series} series
 * @property {number} place
 * @property {number} time
 * @property {Loading | null} loading
 * @property {string} presenter name
 * @property {boolean} enabled it can be dragged
 * @property {{first: number, last: number} | null} part that is played
 */

export class Scrubber {
  /** @param {(place: number, rest: boolean) => void} go */
  constructor(go) {
    this.go = go;
    this.places = 1;
    this.enabled = false;
    this.ready = el("div", { class: "ready" });
    this.part = el("div", { class: "part", hidden: true });
    this.handle = el("div", { class: "handle" });
    this.ticks = el("div", { class: "ticks" });
    this.element = el(
      "div",
      {
        class: "scrubber",
        role: "slider",
        "aria-orientation": "vertical",
        "aria-label": t("Image position"),
        tabindex: 0,
      },
      el("div", { class: "track" }, this.ready),
      this.part,
      this.ticks,
      this.handle,
    );
    this.element.addEventListener("pointerdown", (event) => this.down(event));
    this.element.addEventListener("pointermove", (event) => this.move(event));
    this.element.addEventListener("pointerup", (event) => this.up(event));
    this.element.addEventListener("pointercancel", (event) => this.up(event));
  }

  /** @param {Position} position */
  update({ series, place, time, loading, presenter, enabled, part }) {
    const count = places(series);
    this.places = count;
    this.enabled = enabled;
    this.element.hidden = count < 2;
    this.handle.style.top = handleTop(partOf(place, count));
    const set = (/** @type {string} */ name, /** @type {string} */ value) => this.element.setAttribute(name, value);
    set("aria-valuemin", "1");
    set("aria-valuemax", String(count));
    set("aria-valuenow", String(place + 1));
    set("aria-valuetext", t("{n} of {count}, {presenter} at {n}", { n: place + 1, count, presenter }));
    set("aria-disabled", String(!enabled));
    this.showPart(part, count);
    this.showReady(loading ? readyParts(loading, series, time) : []);
  }

  /** Where marks lie in the stack. @param {readonly {place: number, colour: string}[]} marks */
  showMarks(marks) {
    draw(
      this.ticks,
      marks.map(({ place, colour }) => {
        const top = tickTop(partOf(place, this.places));
        return html`<div class="tick" .style=${`top: ${top}; --colour: ${colour}`}></div>`;
      }),
    );
  }

  /** What is played, where that is not all of it. @param {Position["part"]} part @param {number} count places */
  showPart(part, count) {
    const all = !part || (part.first === 0 && part.last === count - 1);
    this.part.hidden = all;
    if (all) return;
    this.part.style.top = tickTop(partOf(part.first, count));
    this.part.style.bottom = tickTop(1 - partOf(part.last, count));
  }

  /** @param {{from: number, to: number}[]} parts of its length */
  showReady(parts) {
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
    this.go(placeAt(event.clientY, this.element.getBoundingClientRect(), this.places), rest);
  }
}
