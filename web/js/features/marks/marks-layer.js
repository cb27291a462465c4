/**
 * Marks on the canvas above the picture, drawn in the same task as the picture, from its own stamp: a mark lies on the
 * anatomy that is painted, and only on images that it is in.
 */
/** @import {Case, Reading, Series, Shape, Stamp, StampedViewport} from "../../wire.js" */
/** @import {Piece, Point2, Project} from "../../core/marks/marks.js" */
/** @import {Value} from "../../core/marks/measure.js" */
/** @import {Box} from "../../core/view/clear.js" */
import { pixelAt } from "../../core/view/camera.js";
import { scaled } from "../../core/view/clear.js";
import { handles } from "../../core/marks/handles.js";
import { clearPlace, cutOn, distanceTo } from "../../core/marks/marks.js";
import { linesBeside, valueText } from "../../core/marks/measure.js";
import { middlesOf } from "../../core/marks/shape-geometry.js";
import { planeOf } from "../../core/planes/parts.js";
import { seriesShown } from "../../core/view/shows.js";
import { seriesOf } from "../../core/view/view.js";
import { within } from "../../stage/clipping.js";
import { cross, strokeOver } from "../../stage/strokes.js";

/**
 * @typedef {{shape: Shape, frame: string, colour: string, reading: Reading | null, selected: boolean, own: boolean}}
 *   Item
 */
/** @typedef {{id: string, viewport: string, lines: Point2[][], box: Box | null}} Drawn */

/** CSS pixels. */
const LINE = 1.6;
const UNDER = 3.6;
const OUTLINE = 3.2;
const FONT = 13;
/** Text over pictures, where nothing makes it larger. */
const TEXT_PX = 12;
const HANDLE = 4;
const HEAD = 11;
const CAP = 6;
const DASH = 4;
const GAP = 8;
const PROBE = 7;
const LEADING = 1.3;
/** Kinds whose first line ends in caps. @type {ReadonlySet<string>} */
const CAPPED = new Set(["length", "bidirectional"]);

export class MarksLayer {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    const context = canvas.getContext("2d");
    if (!context) throw new Error("This browser draws no marks.");
    this.canvas = canvas;
    this.context = context;
    /** @type {Drawn[]} what is drawn now, the topmost last */
    this.drawn = [];
    this.ink = false;
    this.unit = 1;
    this.rem = 1;
    /** What no value may cover, in CSS pixels. Replaced by who knows it. @type {() => readonly Box[]} */
    this.keptClear = () => [];
    /** Draws what lies below the marks; whether it drew anything. Replaced by who knows it.
     * @type {(context: CanvasRenderingContext2D, stamp: Stamp) => boolean} */
    this.beneath = () => false;
    const read = () => (this.rem = parseFloat(getComputedStyle(canvas).fontSize) / TEXT_PX || 1);
    read();
    addEventListener("resize", read);
  }

  /** Device pixels of so many CSS pixels. @param {number} css */
  px(css) {
    return css * this.unit;
  }

  /**
   * @param {Stamp | null} stamp of the painted picture
   * @param {Case | null} kase
   * @param {Item[]} items the topmost last
   */
  draw(stamp, kase, items) {
    this.clear();
    this.drawn = [];
    if (!stamp || !kase) return;
    this.unit = devicePixelRatio;
    const drew = this.beneath(this.context, stamp);
    for (const viewport of stamp.viewports) {
      const series = seriesShown(kase, viewport.shows);
      if (series) within(this.context, viewport, [], () => this.drawViewport(viewport, series, kase, items));
    }
    this.setInk(drew || this.drawn.length > 0);
  }

  /** A canvas that was touched, or is visible, costs each frame its whole surface: one without marks is neither. */
  clear() {
    if (this.ink) this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.setInk(false);
  }

  /** @param {boolean} ink */
  setInk(ink) {
    this.ink = ink;
    const visibility = ink ? "" : "hidden";
    if (this.canvas.style.visibility !== visibility) this.canvas.style.visibility = visibility;
  }

  /** @param {StampedViewport} viewport @param {Series} series @param {Case} kase @param {Item[]} items */
  drawViewport(viewport, series, kase, items) {
    const plane = planeOf(viewport.shows);
    const here = items.flatMap((item) => {
      const piece = cutOn(item.shape, item.frame, series, viewport);
      return piece ? [{ item, lines: this.drawItem(item, piece, viewport), labelled: piece.whole || !plane }] : [];
    });
    /** @type {Box[]} */
    const taken = here.length > 0 ? this.keptClear().map((box) => scaled(box, this.unit)) : [];
    for (const { item, lines, labelled } of here) {
      const { shape, colour, reading } = item;
      const [own, over] = [seriesOf(kase, shape.series), seriesOf(kase, shape.over)];
      const how = { colour, rect: viewport.rect_px, taken };
      const box = labelled ? this.write(valueText(shape, own, reading, over), anchorOf(shape, lines), how) : null;
      if (box) taken.push(box);
      this.drawn.push({ id: shape.id, viewport: viewport.id, lines, box });
    }
  }

  /** @param {Item} item @param {Piece} piece @param {StampedViewport} viewport @returns {Point2[][]} its lines */
  drawItem(item, piece, viewport) {
    /** @type {Project} */
    const project = (at) => pixelAt(viewport.camera, viewport.rect_px, at);
    const lines = piece.lines.map((line) => line.map(project));
    const { shape, colour } = item;
    if (shape.kind === "cobb" && piece.whole) this.stroke([this.link(shape, project)], colour, [DASH, DASH]);
    this.stroke([...lines.filter((l) => l.length > 1), ...(piece.whole ? this.extras(shape, lines) : [])], colour);
    if (item.selected && item.own && piece.whole) this.drawHandles(handles(shape).map(project), colour);
    return lines;
  }

  /** Caps, heads and crosses. @param {Shape} shape @param {Point2[][]} lines @returns {Point2[][]} */
  extras(shape, lines) {
    const [a, b] = lines[0] ?? [];
    if (!a) return [];
    if (shape.kind === "probe") return cross(a, this.px(PROBE));
    if (!b) return [];
    if (CAPPED.has(shape.kind)) return [cap(a, b, this.px(CAP)), cap(b, a, this.px(CAP))];
    return shape.kind === "arrow" ? [head(a, b, this.px(HEAD))] : [];
  }

  /** Which two lines of a Cobb angle belong together. @param {Shape} shape @param {Project} project */
  link(shape, project) {
    return middlesOf(/** @type {import("../../core/vec.js").Vec[]} */ (shape.points)).map(project);
  }

  /** @param {Point2[][]} lines @param {string} colour @param {number[]} [dash] in CSS pixels */
  stroke(lines, colour, dash = []) {
    const { context } = this;
    context.lineCap = context.lineJoin = "round";
    context.setLineDash(dash.map((part) => this.px(part)));
    strokeOver(context, lines, colour, { under: UNDER, line: LINE });
    context.setLineDash([]);
  }

  /** @param {Point2[]} at @param {string} colour */
  drawHandles(at, colour) {
    const { context } = this;
    for (const [x, y] of at) {
      context.beginPath();
      context.arc(x, y, this.px(HANDLE), 0, 2 * Math.PI);
      context.fillStyle = "#000";
      context.fill();
      context.strokeStyle = colour;
      context.lineWidth = this.px(LINE);
      context.stroke();
    }
  }

  /**
   * @param {Value} value
   * @param {Point2} at
   * @param {{colour: string, rect: readonly number[], taken: Box[]}} how taken: by
   *   other texts @returns {Box | null} where it stands
   */
  write({ title, more }, at, { colour, rect, taken }) {
    const { context } = this;
    const size = this.px(FONT) * this.rem;
    const [left = 0, top = 0, width = 0, height = 0] = rect;
    context.font = `600 ${size}px Inter, system-ui, sans-serif`;
    const widthOf = (/** @type {string} */ text) => context.measureText(text).width;
    const texts = linesBeside(title, more, left + width - at[0] - 2 * this.px(GAP), widthOf);
    if (texts.length === 0) return null;
    const wide = Math.max(...texts.map(widthOf));
    const high = size * LEADING * texts.length;
    const x = Math.max(left + this.px(GAP), Math.min(at[0] + this.px(GAP), left + width - wide - this.px(GAP)));
    const wish = Math.max(top + this.px(GAP), Math.min(at[1] - high / 2, top + height - high - this.px(GAP)));
    const y = clearPlace([x, wish, wide, high], taken, [top, top + height]);
    context.textBaseline = "top";
    context.lineJoin = "round";
    context.lineWidth = this.px(OUTLINE);
    context.strokeStyle = "#000";
    context.fillStyle = lighter(colour);
    texts.forEach((text, i) => {
      context.strokeText(text, x, y + i * size * LEADING);
      context.fillText(text, x, y + i * size * LEADING);
    });
    return [x, y, wide, high];
  }

  /** The topmost mark under a place of the canvas. @param {Point2} at @param {number} slop device pixels */
  under(at, slop) {
    return (
      this.drawn.findLast(
        ({ lines, box }) =>
          lines.some((line) => distanceTo(at, line) <= slop) ||
          (box && at[0] >= box[0] && at[0] <= box[0] + box[2] && at[1] >= box[1] && at[1] <= box[1] + box[3]),
      )?.id ?? null
    );
  }

  /** Ids of what is drawn in a viewport. @param {string} viewport */
  idsIn(viewport) {
    return [...new Set(this.drawn.filter((d) => d.viewport === viewport).map((d) => d.id))];
  }
}

/** Where its text stands: right of what is drawn. @param {Shape} shape @param {Point2[][]} lines @returns {Point2} */
function anchorOf(shape, lines) {
  const points = lines.flat();
  const tail = points[points.length - 1] ?? [0, 0];
  if (shape.kind === "arrow") return tail;
  const right = points.reduce((a, b) => (b[0] > a[0] ? b : a), points[0] ?? [0, 0]);
  return shape.kind === "length" ? [right[0], right[1] - GAP] : right;
}

/** @param {Point2} at @param {Point2} other @param {number} size @returns {Point2[]} */
function cap(at, other, size) {
  const [dx, dy] = [other[0] - at[0], other[1] - at[1]];
  const far = Math.hypot(dx, dy) || 1;
  const [x, y] = [(-dy / far) * (size / 2), (dx / far) * (size / 2)];
  return [
    [at[0] + x, at[1] + y],
    [at[0] - x, at[1] - y],
  ];
}

/** @param {Point2} tip @param {Point2} tail @param {number} size @returns {Point2[]} */
function head(tip, tail, size) {
  const turn = Math.atan2(tail[1] - tip[1], tail[0] - tip[0]);
  const side = (/** @type {number} */ by) =>
    /** @type {Point2} */ ([tip[0] + size * Math.cos(turn + by), tip[1] + size * Math.sin(turn + by)]);
  return [side(0.45), tip, side(-0.45)];
}

/** A colour mixed with 42 % of white. @param {string} hex "#rrggbb" */
function lighter(hex) {
  const mixed = [1, 3, 5].map((i) => Math.round(parseInt(hex.slice(i, i + 2), 16) * 0.58 + 255 * 0.42));
  return `rgb(${mixed.join(" ")})`;
}
