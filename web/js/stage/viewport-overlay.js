/** What is written over one viewport. It belongs to the painted picture: it changes with it, in the same task. */
/** @import {Case, Crosshair, Loading, Mosaic, Playing, Series, StampedViewport} from "../wire.js" */
/** @import {Badge, Fault} from "../core/view/badges.js" */
/** @import {Corners, Line} from "../core/view/corner.js" */
import { edgeLetters, mmPerPixel } from "../core/view/camera.js";
import { cornerShifts, scaled } from "../core/view/clear.js";
import { COMPACT_PX, compactCorners, corners } from "../core/view/corner.js";
import { pointedAt } from "../core/planes/crosshair.js";
import { planeOf } from "../core/planes/parts.js";
import { calibrationOf } from "../core/marks/calibrations.js";
import { scaleBar } from "../core/view/scale-bar.js";
import { imageOf, orientationOf, placeOf, timeOf } from "../core/view/shows.js";
import { el, setText } from "../kit/dom.js";
import { classes, draw, html, icon, nothing, swatch } from "../kit/html.js";
import { Scrubber } from "./scrubber.js";
import { TimeControl } from "./time-control.js";

/**
 * @typedef {object} Content
 * @property {Case} kase
 * @property {readonly Case[]} cases of the consult
 * @property {Series} series
 * @property {StampedViewport} viewport
 * @property {boolean} comparing the view has several viewports
 * @property {boolean} crowded there are many: each says little
 * @property {Series | null} next what a swipe shows, where one viewport of several is shown alone
 * @property {Fault | null} fault why the image cannot be shown
 * @property {Crosshair | null} crosshair of the view that is painted
 * @property {Playing | null} playing what plays of it
 * @property {Mosaic | null} mosaic that it is a cell of
 * @property {boolean} identity of planes and of a mosaic: whether this one says who it is
 * @property {boolean} valued of planes: whether this one says what lies at the crosshair, where each says little
 * @property {number} ratio device pixels per CSS pixel
 * @property {number} pixelsPerMm of this screen, device pixels; 0: not measured
 */
const SIDES = /** @type {const} */ (["left", "right", "top", "bottom"]);
const CORNERS = /** @type {const} */ ([
  ["topLeft", "top-left"],
  ["topRight", "top-right"],
  ["bottomLeft", "bottom-left"],
  ["bottomRight", "bottom-right"],
]);

export class ViewportOverlay {
  /** @param {string} id @param {(place: number, rest: boolean) => void} go @param {(by: number) => void} stepTime */
  constructor(id, go, stepTime) {
    this.scrubber = new Scrubber(go);
    this.time = new TimeControl(stepTime);
    this.edges = SIDES.map((side) => el("span", { class: `edge ${side}` }));
    this.badges = el("div", { class: "badges" });
    this.lines = CORNERS.map(() => el("div", { class: "lines" }));
    const corners = CORNERS.map(([, place], i) =>
      el("div", { class: `corner ${place}` }, this.lines[i], place === "bottom-left" ? this.badges : null),
    );
    this.corners = corners;
    /** How far each corner has gone down to keep clear of words in the picture, CSS pixels. */
    this.shifts = CORNERS.map(() => 0);
    this.ruler = el("span", { class: "ruler" });
    this.rulerText = el("span");
    this.scale = el("div", { class: "scale-bar" }, this.ruler, this.rulerText);
    this.fault = el("div", { class: "fault", role: "status", hidden: true });
    /** @type {{key: string, boxes: import("../core/view/clear.js").Box[]}} measured */
    this.kept = { key: "", boxes: [] };
    this.element = el(
      "div",
      { class: "viewport", "data-viewport": id },
      ...corners,
      ...this.edges,
      this.scale,
      this.fault,
      this.scrubber.element,
    );
    const [, topRight, , bottomRight] = corners;
    /** Where the time control stands: beside the image's number. */
    this.timeCorner = { compact: topRight, wide: bottomRight };
    /** @type {Content | null} */
    this.content = null;
    /** @type {Badge | null} how true it is, as it was shown last */
    this.truth = null;
  }

  /** The picture of this viewport is painted now. @param {Content} content */
  paint(content) {
    this.content = content;
    const { viewport, ratio } = content;
    const [x, y, width, height] = viewport.rect_px;
    this.element.dataset.rect = viewport.rect_px.join(",");
    Object.assign(this.element.style, {
      left: `${x / ratio}px`,
      top: `${y / ratio}px`,
      width: `${width / ratio}px`,
      height: `${height / ratio}px`,
    });
    const crowded = content.crowded && content.mosaic !== null;
    const compact = crowded || width / ratio < COMPACT_PX || document.body.dataset.form === "landscape";
    this.element.classList.toggle("compact", compact);
    const further = content.mosaic !== null && !content.identity;
    // As a page of paper and as PET are: white words with a thin black edge cannot be read there.
    this.element.classList.toggle("on-white", !!viewport.invert || !!content.series.document);
    const bare = content.crowded && planeOf(viewport.shows) !== null && !content.identity;
    this.element.classList.toggle("few-badges", bare); // of its badges only what is to be warned of
    this.element.classList.toggle("further-cell", further); // all cells are scrolled by the bar of the first
    const corner = compact ? this.timeCorner.compact : this.timeCorner.wide;
    if (this.time.element.parentElement !== corner) corner?.prepend(this.time.element);
    Object.assign(this.element.dataset, {
      shows: viewport.shows.type,
      place: String(placeOf(viewport.shows)),
      time: String(timeOf(viewport.shows)),
    });
    this.writeCorners(compact ? compactCorners(content) : corners(content));
    this.writeEdges(content);
    this.writeScale(content);
    setText(this.fault, content.fault?.sentence ?? "");
    this.fault.hidden = content.fault === null;
  }

  /** @param {Corners} texts */
  writeCorners(texts) {
    CORNERS.forEach(([name], i) => {
      const parent = this.lines[i];
      if (parent) draw(parent, texts[name].map(lineOf));
    });
  }

  /** @param {Content} content */
  writeEdges({ viewport, series }) {
    const letters = edgeLetters(viewport.camera, series.grid, orientationOf(series, viewport.shows));
    SIDES.forEach((side, i) => {
      const edge = this.edges[i];
      if (edge) setText(edge, letters?.[side] ?? "");
    });
  }

  /** @param {Content} content */
  writeScale({ viewport, series, ratio }) {
    const width = viewport.rect_px[2] / ratio;
    const byHand = calibrationOf(series, imageOf(series, viewport.shows));
    const mm = mmPerPixel(viewport.camera, viewport.rect_px) * ratio * (byHand?.factor ?? 1);
    const bar = scaleBar(mm, width, byHand ? "mm calibrated" : series.grid.unit);
    this.scale.hidden = !bar;
    if (!bar) return;
    this.ruler.style.width = `${bar.px}px`;
    this.ruler.style.setProperty("--ticks", String(bar.ticks));
    setText(this.rulerText, bar.text);
  }

  /** @param {Badge[]} badges @param {boolean} outdated the first is not true any more, and nothing newer is known */
  showBadges(badges, outdated) {
    draw(
      this.badges,
      badges.map((badge, i) => [
        i === 1 ? html`<span class="break"></span>` : nothing,
        badgeOf(badge, outdated && i === 0),
      ]),
    );
  }

  /** Corner text gives way to words that a presentation state has in the picture, and to what the crosshair points at;
   * in motion it stays where it is. */
  keepClearOfWords() {
    const { viewport, ratio, crosshair, kase } = /** @type {Content} */ (this.content);
    const pointed = pointedAt(viewport, crosshair, kase, ratio);
    if ((viewport.presentation_state || pointed) && !viewport.digest) return;
    const words = [...(viewport.words_px ?? []), ...(pointed ? [pointed] : [])].map((box) => scaled(box, 1 / ratio));
    if (words.length === 0 && this.shifts.every((shift) => shift === 0)) return;
    const whole = this.element.getBoundingClientRect();
    const boxOf = (/** @type {HTMLElement} */ element, /** @type {number} */ shift) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return /** @type {const} */ ([x - whole.x, y - whole.y - shift, width, height]);
    };
    const boxes = this.corners.map((corner, i) => boxOf(corner, this.shifts[i] ?? 0));
    const letters = this.edges.filter((edge) => edge.textContent).map((edge) => boxOf(edge, 0));
    this.shifts = cornerShifts(boxes, words, letters, whole.height).map(Math.round);
    this.corners.forEach((corner, i) => {
      corner.style.translate = this.shifts[i] ? `0 ${this.shifts[i]}px` : "";
    });
  }

  /**
   * What nothing may cover: letters, who it is, PRIOR and CURRENT, badges, the window. CSS pixels of the stage;
   * measured again once it has changed: to measure lays the page out on the spot.
   * @param {HTMLElement} stage @param {readonly number[]} size of it
   */
  keptClear(stage, size) {
    const [who, when, window] = this.lines;
    const lines = [who, window].flatMap((corner) => [...(corner?.children ?? [])]);
    const parts = [...this.edges, ...lines, ...(when?.querySelectorAll(".strong") ?? []), this.badges];
    const key = [this.element.dataset.rect, this.element.className, ...size, devicePixelRatio];
    key.push(...this.shifts);
    const whole = [...key, ...parts.map((part) => part.textContent)].join("|");
    if (whole !== this.kept.key) {
      const boxes = parts.map((part) => part.getBoundingClientRect()).filter((box) => box.width > 0);
      const { x, y } = stage.getBoundingClientRect();
      const inStage = (/** @type {DOMRect} */ box) =>
        /** @type {const} */ ([box.x - x, box.y - y, box.width, box.height]);
      this.kept = { key: whole, boxes: boxes.map(inStage) };
    }
    return this.kept.boxes;
  }

  /** @param {{loading: Loading | null, presenter: string, enabled: boolean}} how */
  showPosition({ loading, presenter, enabled }) {
    if (!this.content) return;
    const { viewport, series, playing } = this.content;
    const [place, time] = [placeOf(viewport.shows), timeOf(viewport.shows)];
    this.scrubber.element.hidden = place < 0;
    if (place < 0) return this.time.update({ series, time, enabled });
    const part = playing?.along === "place" ? playing : null;
    this.scrubber.update({ series, place, time, loading, presenter, enabled, part });
    this.time.update({ series, time, enabled });
  }
}

/** @param {Line} line */
const lineOf = ({ text, strong, warn, plane, colour }) =>
  html`<div class=${classes("line", strong && "strong", warn && "namesakes")}>${
    plane ? html`<span class="plane-square" data-plane=${plane}></span>` : nothing
  }${colour ? swatch(colour) : nothing}${text}</div>`;

/** @param {Badge} badge @param {boolean} outdated it is not true any more, and nothing newer is known */
const badgeOf = ({ text, tone, glyph, onScreen }, outdated) =>
  html`<span class=${classes("badge", tone, onScreen && "on-screen", outdated && "outdated")}>
    ${glyph ? icon(glyph) : nothing}<span>${text}</span>
  </span>`;
