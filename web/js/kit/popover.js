/** A panel that hangs at a control: Esc, Tab out of it and a click elsewhere close it; the focus goes back. */
import { el, isSeen } from "./dom.js";
import { hang } from "./hanging.js";
import { closeMenu } from "./menu.js";

const EDGE_PX = 8;
const BELOW_PX = 6;

export class Popover {
  constructor() {
    /** @type {HTMLElement | null} */
    this.element = null;
    /** Closes it. @type {() => void} */
    this.close = () => {};
    this.anchor = "";
  }

  /**
   * Open it; once more closes it. @param {string} anchor selector of the control, which may be drawn anew meanwhile
   * @param {string} label @param {string} kind class
   */
  toggle(anchor, label, kind) {
    if (this.element) return this.close();
    closeMenu();
    this.anchor = anchor;
    this.element = el("div", { class: `popover ${kind}`, role: "dialog", "aria-label": label, tabindex: -1 });
    document.body.append(this.element);
    this.close = hang(
      this.element,
      () => this.control ?? null,
      () => this.closed(),
    );
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.mark();
  }

  /** Say at the control that it is open, and stay there. Call it after both were drawn. */
  mark() {
    const anchor = this.control;
    if (!this.element || !anchor) return;
    anchor.setAttribute("aria-expanded", "true");
    const at = anchor.getBoundingClientRect();
    const left = Math.min(
      Math.max(EDGE_PX, at.right - this.element.offsetWidth),
      innerWidth - this.element.offsetWidth - EDGE_PX,
    );
    this.element.style.setProperty("--left", `${left}px`);
    this.element.style.setProperty("--top", `${at.bottom + BELOW_PX}px`);
  }

  /** The one that is seen, of those that other forms of the page have. @returns {HTMLElement | undefined} */
  get control() {
    return /** @type {HTMLElement[]} */ ([...document.querySelectorAll(this.anchor)]).find(isSeen);
  }

  focus() {
    this.element?.focus();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    event.stopPropagation();
    if (event.key !== "Escape") return;
    event.preventDefault();
    this.close();
  }

  closed() {
    this.element = null;
    this.close = () => {};
  }
}
