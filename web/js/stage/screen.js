/** The stage's picture area in device pixels: exactly the pixels that the browser will fill. */
/** @import {Screen} from "../wire.js" */
import { drawnSize, screenOf } from "../core/view/layout.js";

export class StageScreen {
  /** @param {HTMLElement} area @param {(screen: Screen) => void} changed called in the frame of the change */
  constructor(area, changed) {
    this.area = area;
    this.changed = changed;
    /** @type {Screen | null} */
    this.screen = null;
    /** The area has no more pixels than a screen may have; else the picture takes a part of it, at its upper left. */
    this.isWhole = true;
    const observer = new ResizeObserver((entries) => {
      const last = entries.at(-1);
      if (last) this.measured(last);
    });
    try {
      observer.observe(area, { box: "device-pixel-content-box" });
    } catch {
      observer.observe(area); // a browser without device pixel boxes: rounded below
    }
  }

  /** @param {ResizeObserverEntry} entry */
  measured(entry) {
    const box = entry.devicePixelContentBoxSize?.[0];
    const ratio = devicePixelRatio;
    const width = deviceLength(box?.inlineSize, entry.contentRect.width * ratio);
    const height = deviceLength(box?.blockSize, entry.contentRect.height * ratio);
    if (width < 1 || height < 1) return;
    const screen = screenOf(width, height, ratio, innerWidth);
    const before = this.screen;
    if (before && JSON.stringify(before) === JSON.stringify(screen)) return;
    this.screen = screen;
    this.isWhole = drawnSize(width, height).isWhole;
    this.changed(screen);
  }
}

/** The browser's own count of device pixels, where it gives one that can be right (an emulated ratio is not in it).
 * @param {number | undefined} counted @param {number} computed */
const deviceLength = (counted, computed) =>
  counted !== undefined && Math.abs(counted - computed) < 2 ? counted : Math.round(computed);
