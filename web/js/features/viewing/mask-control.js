/** The mask of an angiography: moved by arrows (with Shift finer) and a drag of the figures, made of other frames, and
 * back to the file's. */
/** @import {Shift} from "../../core/view/cine/mask.js" */
/** @import {Item} from "../../kit/menu.js" */
/** @import {ViewingContext} from "./viewing.js" */
import { t } from "../../core/language.js";
import {
  FINE_PX,
  framesOf,
  framesWords,
  hasMask,
  isShifted,
  maskFrames,
  MOST_FRAMES,
  shiftMask,
  shiftOf,
  shiftWords,
  STEP_PX,
} from "../../core/view/cine/mask.js";
import { imageOf } from "../../core/view/shows.js";
import { subtractedAt } from "../../core/view/view.js";
import { html, icon, nothing } from "../../kit/html.js";
import { openMenu } from "../../kit/menu.js";

/** @type {{name: string, sign: string, key: string, way: Shift}[]} */
const WAYS = [
  { name: t("Mask to the left"), sign: "←", key: "ArrowLeft", way: [0, -1] },
  { name: t("Mask to the right"), sign: "→", key: "ArrowRight", way: [0, 1] },
  { name: t("Mask up"), sign: "↑", key: "ArrowUp", way: [-1, 0] },
  { name: t("Mask down"), sign: "↓", key: "ArrowDown", way: [1, 0] },
];
/** Pixels of the image for a CSS pixel of a drag. */
const DRAG_PX = 0.1;

export class MaskControl {
  /** @param {ViewingContext} context */
  constructor(context) {
    this.context = context;
    /** @type {{x: number, y: number, from: Shift} | null} */
    this.held = null;
  }

  /** Whether a mask is subtracted from what is shown. */
  get here() {
    const { activeViewport, activeSeries, mayMove } = this.context.navigation;
    return (
      mayMove && !!activeViewport && !!activeSeries && subtractedAt(activeSeries, activeViewport, activeViewport.shows)
    );
  }

  /** Whether other frames may make the mask, also where the frame that is shown has none subtracted. */
  get chooses() {
    const { activeViewport, activeSeries, mayMove } = this.context.navigation;
    return mayMove && !!activeViewport && !!activeSeries && hasMask(activeSeries, activeViewport);
  }

  get frames() {
    return framesOf(this.context.navigation.activeViewport);
  }

  /** The frame that is shown. */
  get frame() {
    const { activeViewport, activeSeries } = this.context.navigation;
    return activeViewport && activeSeries ? imageOf(activeSeries, activeViewport.shows) : -1;
  }

  /** @param {readonly number[]} frames */
  take(frames) {
    this.context.navigation.change((view, scene) => maskFrames(view, view.active, scene, frames));
  }

  /** What may make the mask. @returns {Item[]} */
  get frameItems() {
    const { frame, frames } = this;
    const n = frame + 1;
    /** @type {Item[]} */
    const items = [
      { name: t("Mask of the file"), glyph: frames.length > 0 ? "reset" : "check", choose: () => this.take([]) },
      {
        name: t("This frame ({n}) alone is the mask", { n }),
        glyph: frames.length === 1 && frames[0] === frame ? "check" : "layout-one",
        choose: () => this.take([frame]),
      },
    ];
    if (frames.length > 0 && frames.length < MOST_FRAMES && !frames.includes(frame))
      items.push({
        name: t("Add this frame ({n}) to the mask", { n }),
        glyph: "layout-two",
        choose: () => this.take([...frames, frame]),
      });
    if (frames.length > 1 && frames.includes(frame))
      items.push({
        name: t("Take this frame ({n}) out of the mask", { n }),
        glyph: "x",
        choose: () => this.take(frames.filter((other) => other !== frame)),
      });
    return items;
  }

  /** Opens what may make the mask. */
  get frameButton() {
    const { frames } = this;
    const word = frames.length > 0 ? framesWords(frames) : t("frame of the file");
    return html`<button type="button" class="preset" data-name="mask-frames" aria-haspopup="menu"
      aria-label=${t("Mask, {word}", { word })}
      @click=${(/** @type {MouseEvent & {currentTarget: HTMLElement}} */ { currentTarget }) =>
        openMenu(currentTarget, t("Mask"), this.frameItems)}
    ><span>${word}</span>${icon("down")}</button>`;
  }

  get shift() {
    return shiftOf(this.context.navigation.activeViewport);
  }

  /** @param {Shift} to */
  to(to) {
    this.context.navigation.change((view, scene) => shiftMask(view, view.active, scene, to));
  }

  /** @param {Shift} way @param {boolean} fine */
  step([down, across], fine) {
    const px = fine ? FINE_PX : STEP_PX;
    this.to([this.shift[0] + down * px, this.shift[1] + across * px]);
  }

  /** For the bar below the picture. */
  get bar() {
    if (!this.chooses) return nothing;
    return html`<span class="mask-control" role="group" aria-label=${t("Mask")}
    ><span>${t("Mask")}</span>${this.frameButton}${this.here ? this.mover : nothing}</span>`;
  }

  /** Moves it. The arrow keys do so where the focus is here; else they scroll. */
  get mover() {
    const { shift } = this;
    return html`<span class="mask-mover" @keydown=${(/** @type {KeyboardEvent} */ event) => this.key(event)}>${WAYS.map(
      ({ name, sign, way }) => html`<button type="button" class="preset" aria-label=${name}
        title=${t("{name} by half a pixel; with Shift by a tenth", { name })}
        @click=${(/** @type {MouseEvent} */ { shiftKey }) => this.step(way, shiftKey)}
      ><span>${sign}</span></button>`,
    )}<span class="mask-shift" title=${t("Drag to move the mask")}
      @pointerdown=${(/** @type {PointerEvent & {currentTarget: HTMLElement}} */ event) => this.hold(event)}
      @pointermove=${(/** @type {PointerEvent} */ event) => this.drag(event)}
      @pointerup=${() => this.release()} @pointercancel=${() => this.release()}
    >${shiftWords(shift)}</span>${
      isShifted(shift)
        ? html`<button type="button" class="preset" @click=${() => this.to([0, 0])}
          ><span>${t("As in the file")}</span></button>`
        : nothing
    }</span>`;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const way = WAYS.find(({ key }) => key === event.key)?.way;
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.step(way, event.shiftKey);
  }

  /** @param {PointerEvent & {currentTarget: HTMLElement}} event */
  hold(event) {
    event.currentTarget.setPointerCapture(event.pointerId);
    this.held = { x: event.clientX, y: event.clientY, from: this.shift };
  }

  /** @param {PointerEvent} event */
  drag({ clientX, clientY }) {
    const { held } = this;
    if (!held) return;
    this.to([held.from[0] + (clientY - held.y) * DRAG_PX, held.from[1] + (clientX - held.x) * DRAG_PX]);
  }

  release() {
    this.held = null;
  }

  /** On small screens. @returns {Item[]} */
  get items() {
    if (!this.chooses) return [];
    const frames = this.frameItems.map((item, i) => ({ ...item, line: i === 0 }));
    if (!this.here) return frames;
    const moves = WAYS.map(({ name, sign, way }, i) => ({
      name,
      glyph: "swap",
      more: sign,
      line: i === 0,
      choose: () => this.step(way, false),
    }));
    const back = { name: t("Mask as in the file"), glyph: "reset", choose: () => this.to([0, 0]) };
    return [...frames, ...moves, ...(isShifted(this.shift) ? [back] : [])];
  }
}
