/** One notice at a time, at the bottom of the stage, for 6 s; and what screen readers are told. */
import { el, find, glyph } from "./dom.js";

const SHOWN_MS = 6000;

/** @typedef {{text: string, glyph?: string, good?: boolean, warn?: boolean, ms?: number, action?: {name: string, do: () => void}}} Notice */

export class Notices {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.parent = parent;
    /** @type {HTMLElement | null} */
    this.element = null;
    this.text = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** @param {Notice} notice */
  show(notice) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.hide(), notice.ms ?? SHOWN_MS);
    if (this.element && this.text === notice.text) return;
    this.element?.remove();
    this.text = notice.text;
    const action = notice.action;
    const mark = notice.glyph ? glyph(notice.glyph) : null;
    if (notice.good) mark?.classList.add("good");
    if (notice.warn) mark?.classList.add("warn");
    this.element = el("div", { class: "notice" }, mark, el("span", { text: notice.text }),
      action && el("button", { type: "button", class: "button small", text: action.name, onclick: () => { this.hide(); action.do(); } }));
    this.parent.append(this.element);
  }

  hide() {
    clearTimeout(this.timer);
    this.element?.remove();
    this.element = null;
    this.text = "";
  }
}

/** Say to a screen reader, politely. @param {string} text */
export const say = (text) => tell("#polite", text);

/** Say to a screen reader at once: lost, control, removed. @param {string} text */
export const sayNow = (text) => tell("#assertive", text);

/** @param {string} where @param {string} text */
function tell(where, text) {
  find(where, HTMLElement).textContent = text;
}
