/**
 * People, series, marks and chat where there is no space beside the picture: one at a time, over it. A sheet takes
 * the focus, and gives it back.
 */
import { t } from "../core/language.js";
import { find, refocus } from "./dom.js";
import { control } from "./html.js";

/** @typedef {"rail" | "series" | "panel"} Sheet */

/** @type {readonly Sheet[]} */
const SHEETS = ["rail", "series", "panel"];

export class Sheets {
  /** @param {() => void} changed draws the bars anew */
  constructor(changed) {
    this.changed = changed;
    /** @type {Element | null} what had the focus before */
    this.opener = null;
  }

  /** The sheet that is open. @returns {HTMLElement | null} */
  get shown() {
    return document.querySelector(SHEETS.map((which) => `#${which}.open`).join(", "));
  }

  /** @param {Sheet} which */
  open(which) {
    const opener = this.shown ? this.opener : document.activeElement;
    for (const other of SHEETS) find(`#${other}`, HTMLElement).classList.toggle("open", other === which);
    this.opener = opener;
    const close = find(`#${which}`, HTMLElement).querySelector(".sheet-close");
    if (close instanceof HTMLElement) close.focus();
    this.changed();
  }

  /** @returns {boolean} whether one was open */
  close() {
    const { shown, opener } = this;
    if (!shown) return false;
    const had = shown.contains(document.activeElement) || document.activeElement === document.body;
    shown.classList.remove("open");
    this.opener = null;
    this.changed();
    if (had && opener?.isConnected) refocus(opener);
    else if (had) requestAnimationFrame(() => refocus(opener)); // once it is drawn anew
    return true;
  }
}

/** Closes the sheet that it stands in. @param {Sheets} sheets */
export const closeButton = (sheets) =>
  control({ word: t("Close"), label: t("Close"), class: "button bare sheet-close", do: () => void sheets.close() });
