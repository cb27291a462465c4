/** Scale bars, notices, the sign of who speaks, the card of a lost connection: they lie low on the picture, and move up
 * off what they must not cover. */
/** @import {Box} from "../core/view/clear.js" */
import { clearShift } from "../core/view/clear.js";

const FLOATING = ".scale-bar, :scope > :is(.notice, .talker, .lost-card)";

export class Floating {
  /** @param {HTMLElement} stage @param {() => Box[]} keptClear in CSS pixels of the stage */
  constructor(stage, keptClear) {
    this.stage = stage;
    this.keptClear = keptClear;
    /** What they were placed for. */
    this.key = "";
    this.frame = 0;
    /** Width and height of the stage, as the browser last told: to ask for them lays the page out on the spot. */
    this.size = [0, 0];
    new ResizeObserver(() => {
      this.size = [stage.clientWidth, stage.clientHeight];
      this.placeNow(); // the frame is painted behind this: the next one would be late
    }).observe(stage);
    const changes = new MutationObserver(() => this.placeNow());
    changes.observe(stage, { childList: true });
    const talker = stage.querySelector(".talker");
    if (talker) changes.observe(talker, { childList: true, subtree: true, characterData: true, attributes: true });
  }

  /** Move them with the next frame, where anything has changed: with each picture words change, and to measure sooner
   * costs a layout more each time. */
  place() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.placeNow();
    });
  }

  /** Move them, where anything has changed. */
  placeNow() {
    const shown = [...this.stage.querySelectorAll(FLOATING)].filter((e) => e instanceof HTMLElement && !e.hidden);
    const kept = shown.length > 0 ? this.keptClear() : [];
    const key = JSON.stringify([
      shown.map((e) => [e.textContent, e.querySelector(".ruler")?.getAttribute("style")]),
      kept,
      this.size,
    ]);
    if (key === this.key) return;
    this.key = key;
    const taken = [...kept];
    for (const element of shown) taken.push(this.placeOne(/** @type {HTMLElement} */ (element), taken));
  }

  /** @param {HTMLElement} element @param {Box[]} taken @returns {Box} where it lies now */
  placeOne(element, taken) {
    element.style.marginBottom = "";
    const stage = this.stage.getBoundingClientRect();
    const { x, y, width, height } = element.getBoundingClientRect();
    /** @type {Box} */
    const box = [x - stage.x, y - stage.y, width, height];
    const shift = clearShift(box, taken, [0, box[1] + height]) ?? 0;
    if (shift) element.style.marginBottom = `${-shift}px`;
    return [box[0], box[1] + shift, width, height];
  }
}
