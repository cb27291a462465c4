/**
 * The magnifier: a glass over the picture, in the reader's own hand. What it shows at once is the painted picture,
 * larger; where it rests, the server's own pixels take its place. Nobody else sees it, and nothing moves for them.
 */
/** @import {StampedViewport} from "../../wire.js" */
/** @import {Point} from "../../stage/pointer/drag.js" */
/** @import {ViewingContext} from "./viewing.js" */
import { t } from "../../core/language.js";
import { glassAt } from "../../core/pictures/glass.js";
import { viewportAt } from "../../core/view/layout.js";
import { el, setText } from "../../kit/dom.js";
import { capture, devicePoint, isOnControl, listenFirst } from "../../stage/pointer/first-pointer.js";

/** CSS pixels: of the glass, and how far above a finger it stands. */
const [GLASS, ABOVE] = [240, 90];

export class Magnifier {
  /** @param {ViewingContext} context */
  constructor(context) {
    this.context = context;
    const { stage, toolbox } = context;
    this.canvas = el("canvas", { class: "glass-picture" });
    this.words = el("span", { class: "glass-words" });
    this.element = el("div", { class: "glass", hidden: true, "aria-hidden": "true" }, this.canvas, this.words);
    stage.element.append(this.element);
    /** Where the pointer is, and whether it is a finger's. @type {{at: Point, touch: boolean} | null} */
    this.held = null;
    /** Under way. @type {AbortController | null} */
    this.asking = null;
    /** What is shown exactly, or asked for. */
    this.key = "";
    listenFirst(stage.element, {
      pointerdown: (event) => this.down(event),
      pointermove: (event) => this.move(event),
      pointerup: (event) => this.up(event),
      pointercancel: (event) => this.up(event),
    });
    stage.element.addEventListener("pointerleave", () => this.hide());
    stage.element.addEventListener("painted", () => this.held && this.show());
    toolbox.on("changed", () => this.hide());
  }

  /** Whether a pointer holds the glass. @param {PointerEvent} event */
  holds({ pointerType }) {
    const { toolbox } = this.context;
    if (toolbox.drawing !== "") return false;
    return (pointerType === "touch" ? toolbox.finger : toolbox.mouse) === "magnify";
  }

  /** Other buttons move the picture, as ever. @param {PointerEvent} event */
  down(event) {
    if (!this.holds(event) || event.button !== 0 || isOnControl(event)) return false;
    capture(this.context.stage.element, event);
    this.to(event);
    return true;
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (!this.holds(event) || (event.pointerType === "touch" && !this.held)) return false;
    if (isOnControl(event)) this.hide();
    else this.to(event);
    return event.pointerType === "touch" || event.buttons === 1;
  }

  /** @param {PointerEvent} event */
  up(event) {
    if (!this.held || !this.holds(event)) return false;
    if (event.pointerType === "touch") this.hide();
    return true;
  }

  /** @param {PointerEvent} event */
  to(event) {
    this.held = { at: devicePoint(event, this.context.stage.area), touch: event.pointerType === "touch" };
    this.show();
  }

  hide() {
    this.held = null;
    this.asking?.abort();
    this.asking = null;
    this.key = "";
    this.element.hidden = true;
  }

  /** The picture that is painted now, larger; then exactly. */
  show() {
    const { stage, session } = this.context;
    const { painted } = stage.pictures;
    const over = this.held && painted && viewportAt(painted.viewports, this.held.at);
    const size = this.size;
    const seen = over && this.held && session.kase ? glassAt(over, session.kase, this.held.at, size) : null;
    if (!over || !seen || !this.held) return this.hide();
    this.place();
    const key = JSON.stringify([seen.viewport, size, painted?.case, seen.scale]);
    if (key === this.key) return;
    this.key = key;
    this.preview(over, seen.scale / over.scale);
    void this.ask(key);
  }

  /** Device pixels, even: so that the middle lies between pixels. */
  get size() {
    return 2 * Math.round((GLASS * devicePixelRatio) / 2);
  }

  place() {
    const { held, element } = this;
    if (!held) return;
    const [x, y] = held.at.map((device) => device / devicePixelRatio);
    element.hidden = false;
    element.style.left = `${(x ?? 0) - GLASS / 2}px`;
    element.style.top = `${(y ?? 0) - GLASS / 2 - (held.touch ? GLASS / 2 + ABOVE : 0)}px`;
  }

  /** What is on the screen already. @param {StampedViewport} over @param {number} larger */
  preview({ rect_px: [left, top, width, height] }, larger) {
    const { held, size, canvas } = this;
    const context = canvas.getContext("2d", { alpha: false });
    if (!held || !context) return;
    canvas.width = canvas.height = size;
    context.save();
    context.translate(size / 2, size / 2);
    context.scale(larger, larger);
    context.translate(-held.at[0], -held.at[1]);
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    context.drawImage(this.context.stage.canvases.picture, 0, 0);
    context.restore();
    this.label(t("LOSSY"), "lossy");
  }

  /** @param {string} words @param {string} truth */
  label(words, truth) {
    this.element.dataset.truth = truth;
    setText(this.words, words);
  }

  /** One at a time: what was wanted meanwhile comes next. @param {string} key */
  async ask(key) {
    if (this.asking) return;
    const { stage } = this.context;
    const [viewport, size, epoch, scale] = JSON.parse(key);
    this.asking = new AbortController();
    const { asking } = this;
    const query = new URLSearchParams({ viewport: JSON.stringify(viewport), size: String(size), case: String(epoch) });
    const found = await stage.stills.region(`magnified?${query}`, size, asking.signal);
    if (this.asking !== asking) return; // it was put away
    this.asking = null;
    if (key !== this.key) return void this.ask(this.key);
    if (found.ok) this.exact(found.still, viewport, scale);
    if (found.ok) found.still.image.close();
  }

  /** @param {import("../../transport/exact/still-decoding.js").Still} still
   * @param {import("../../wire.js").Viewport} viewport @param {number} scale */
  exact(still, viewport, scale) {
    const context = this.canvas.getContext("2d", { alpha: false });
    if (!context) return;
    this.canvas.width = this.canvas.height = still.width;
    context.drawImage(still.image, still.x, still.y);
    const truth = viewport.shows.type === "stack" ? t("EXACT") : `${t("EXACT")}, ${t("RESAMPLED")}`;
    this.label(`${truth} ${scale}:1`, "exact");
  }
}
