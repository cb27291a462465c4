/**
 * One notice at a time, at the bottom of the stage, for 6 s; one may stand there whenever there is no other, until it
 * is
 * answered; and what screen readers read out.
 */
import { el, find, glyph } from "./dom.js";

const SHOWN_MS = 6000;

/** @typedef {{name: string, do: () => void}} NoticeAction */
/**
 * @typedef {{text: string, glyph?: string, good?: boolean, warn?: boolean, urgent?: boolean, ms?: number,
 *   action?: NoticeAction, other?: NoticeAction}} Notice urgent: red, and before all others that stand
 */

export class Notices {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.parent = parent;
    /** @type {HTMLElement | null} */
    this.element = null;
    this.text = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** Shown whenever nothing else is, by what they are about. @type {Map<string, Notice>} */
    this.standings = new Map();
  }

  /** @param {Notice} notice */
  show(notice) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.hide(), notice.ms ?? SHOWN_MS);
    this.place(notice);
  }

  /** The one of them whose turn it is: an urgent one, else the one that has stood longest. @returns {Notice | null} */
  get standing() {
    const all = [...this.standings.values()];
    return all.find((notice) => notice.urgent) ?? all[0] ?? null;
  }

  /** Show this whenever nothing else is shown; null: no longer. @param {Notice | null} notice
   * @param {string} about what it is about: of each there is one */
  stand(notice, about) {
    const before = this.standing?.text;
    const shown = this.element !== null && this.text !== before;
    if (notice && notice.text !== this.standings.get(about)?.text) announce(notice.text);
    if (notice) this.standings.set(about, notice);
    else this.standings.delete(about);
    if (!shown && this.standing?.text !== before) this.hide();
  }

  /** @param {Notice} notice */
  place(notice) {
    if (this.element && this.text === notice.text) return;
    this.element?.remove();
    this.text = notice.text;
    const mark = notice.glyph ? glyph(notice.glyph) : null;
    if (notice.good) mark?.classList.add("good");
    if (notice.warn) mark?.classList.add("warn");
    this.element = el(
      "div",
      { class: notice.urgent ? "notice urgent" : "notice" },
      mark,
      el("span", { text: notice.text }),
      this.button(notice.action),
      this.button(notice.other),
    );
    this.parent.append(this.element);
  }

  /** @param {NoticeAction | undefined} action */
  button(action) {
    return (
      action &&
      el("button", {
        type: "button",
        class: "button small",
        text: action.name,
        onclick: () => {
          this.hide();
          action.do();
        },
      })
    );
  }

  hide() {
    clearTimeout(this.timer);
    this.element?.remove();
    this.element = null;
    this.text = "";
    if (this.standing) this.place(this.standing);
  }
}

/** Put into the region that screen readers read politely. @param {string} text */
export const announce = (text) => fill("#polite", text);

/** Put into the region that screen readers read at once: lost, control, removed. @param {string} text */
export const announceNow = (text) => fill("#assertive", text);

/** @param {string} where @param {string} text */
function fill(where, text) {
  find(where, HTMLElement).textContent = text;
}
