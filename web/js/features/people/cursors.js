/**
 * The others' cursors over the picture: named where they point, hollow where another view shows the same place, a pill
 * at the edge where no view does; and the trails of lasers. They are placed by the stamp of the painted picture, in the
 * same task in which it is painted.
 */
/** @import {Case, Cursors as CursorsMessage, Seat, Spot, Stamp} from "../../wire.js" */
/** @import {Held} from "../../core/people/peer-cursors.js" */
/** @import {Off, Place} from "../../core/people/pointing.js" */
import { PeerCursors } from "../../core/people/peer-cursors.js";
import { placed } from "../../core/people/pointing.js";
import { seriesName } from "../../core/view/corner.js";
import { Trails } from "../../core/people/trails.js";
import { imageName } from "../../core/view/series.js";
import { seriesShown } from "../../core/view/shows.js";
import { seriesOf } from "../../core/view/view.js";
import { el, glyph } from "../../kit/dom.js";
import { drawTrails } from "./trail-lines.js";

const COLOURS = 8;
/** How often idle cursors and faded trails are looked for. */
const SWEEP_MS = 100;
/** A name needs so much space at the right of its cursor, in CSS pixels. */
const NAME_PX = 170;
/** Pills at the same edge keep so far from each other, in CSS pixels: for the mouse, for fingers. */
const PILL_PX = /** @type {const} */ ([32, 52]);

/**
 * @typedef {object} CursorCallbacks
 * @property {() => Case | null} kase
 * @property {() => boolean} linked
 * @property {(seat: string) => Seat | null} seat
 * @property {() => ((spot: Spot, off: Off) => void) | null} jump null: this page cannot go there by itself
 */
/**
 * @typedef {{pills: Map<string, number>, jump: ((spot: Spot, off: Off) => void) | null, now: number, still: boolean}}
 *   Drawing
 */

const stillness = matchMedia("(prefers-reduced-motion: reduce)");

export class Cursors {
  /** @param {HTMLElement} stage @param {CursorCallbacks} callbacks */
  constructor(stage, callbacks) {
    this.callbacks = callbacks;
    this.peers = new PeerCursors();
    this.trails = new Trails();
    /** @type {Stamp | null} painted */
    this.stamp = null;
    this.lines = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    this.lines.setAttribute("aria-hidden", "true");
    this.layer = el("div", { id: "cursors" });
    this.layer.append(this.lines);
    stage.append(this.layer);
    /** @type {Map<string, HTMLElement>} by what they are */
    this.elements = new Map();
    this.frame = 0;
    setInterval(() => (this.peers.held.size > 0 || this.trails.trails.size > 0) && this.draw(), SWEEP_MS);
  }

  /** Where the others point now. @param {CursorsMessage} message */
  receive(message) {
    const now = performance.now();
    const before = [...this.peers.held.keys()];
    this.peers.receive(message, now);
    for (const seat of before) if (!this.peers.held.has(seat)) this.trails.put(seat, null, now);
    for (const [seat, { pointed, since }] of this.peers.held) {
      if (since === now) this.trails.put(seat, pointed.laser ? pointed.at : null, now);
    }
    this.animate();
  }

  /** The picture is painted. @param {Stamp} stamp as on this screen */
  paint(stamp) {
    this.stamp = stamp;
    this.draw();
  }

  /** Nobody is seen to point any more: another case, or no connection. */
  clear() {
    this.peers.clear();
    this.trails.clear();
    this.stamp = null;
    this.draw();
  }

  animate() {
    this.draw();
    if (this.frame || stillness.matches || !this.peers.moves(performance.now())) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.animate();
    });
  }

  draw() {
    /** @type {Drawing} */
    const drawing = { pills: new Map(), jump: this.callbacks.jump(), now: performance.now(), still: stillness.matches };
    const { stamp } = this;
    const kase = this.callbacks.kase();
    const wanted = new Set();
    this.trails.expire(drawing.now, drawing.still);
    if (stamp && kase && stamp.case === this.peers.case) {
      for (const [seat, held] of this.peers.held)
        for (const key of this.drawOne(seat, held, stamp, kase, drawing)) wanted.add(key);
    }
    for (const [key, element] of this.elements) {
      if (wanted.has(key)) continue;
      element.remove();
      this.elements.delete(key);
    }
    drawTrails(
      this.lines,
      this.trails,
      stamp && kase
        ? {
            now: drawing.now,
            still: drawing.still,
            colour: (seat) => (this.callbacks.seat(seat)?.colour ?? 0) % COLOURS,
            places: (spot) => placed(spot, stamp, kase, this.callbacks.linked()).places,
          }
        : null,
    );
  }

  /**
   * @param {string} id of a seat
   * @param {Held} held
   * @param {Stamp} stamp
   * @param {Case} kase
   * @param {Drawing} drawing
   * @returns {string[]}
   */
  drawOne(id, held, stamp, kase, drawing) {
    const seat = this.callbacks.seat(id);
    if (!seat) return [];
    const spot = { ...held.pointed.at, point: this.peers.point(held, drawing.now, drawing.still) };
    const { places, off } = placed(spot, stamp, kase, this.callbacks.linked());
    const idle = this.peers.idle(held, drawing.now);
    const keys = places.map((place) => this.drawCursor(seat, place, idle));
    return off ? [...keys, this.drawPill(seat, held.pointed.at, off, kase, idle, drawing)] : keys;
  }

  /** @param {Seat} seat @param {Place} place @param {boolean} idle */
  drawCursor(seat, { at, rect, viewport, echo }, idle) {
    const key = echo ? `${seat.id} in ${viewport}` : seat.id;
    const element = this.element(key, seat, () => cursorElement(seat, echo));
    const [x, y] = [at[0] / devicePixelRatio, at[1] / devicePixelRatio];
    element.style.transform = `translate(${x}px, ${y}px)`;
    element.classList.toggle("idle", idle);
    element.classList.toggle("to-the-left", (rect[0] + rect[2]) / devicePixelRatio - x < NAME_PX);
    return key;
  }

  /**
   * @param {Seat} seat
   * @param {Spot} spot
   * @param {Off} off
   * @param {Case} kase
   * @param {boolean} idle
   * @param {Drawing} drawing
   */
  drawPill(seat, spot, off, kase, idle, { pills, jump }) {
    const words = wordsOf(seat, spot, off, kase);
    const key = `${seat.id} off ${off.direction} ${jump ? "jump" : ""} ${words}`;
    const element = this.element(key, seat, () => pillElement(seat, off, words, jump !== null));
    const place = `${off.viewport.id} ${off.direction}`;
    const nth = pills.get(place) ?? 0;
    pills.set(place, nth + 1);
    const upright = off.direction === "up" || off.direction === "down";
    const apart = PILL_PX[["wide", "middle"].includes(document.body.dataset.form ?? "") ? 0 : 1];
    const shift =
      off.kind === "side" && upright ? [nth * NAME_PX, 0] : [0, nth * apart * (off.direction === "down" ? -1 : 1)];
    const [x, y] = off.toward.map((v, i) => v / devicePixelRatio + (shift[i] ?? 0));
    element.style.transform = `translate(${x}px, ${y}px)`;
    element.classList.toggle("idle", idle);
    element.onclick = jump ? () => jump(spot, off) : null;
    return key;
  }

  /** @param {string} key @param {Seat} seat @param {() => HTMLElement} make */
  element(key, seat, make) {
    let element = this.elements.get(key);
    if (element && element.dataset.name !== seat.name) {
      element.remove();
      element = undefined;
    }
    if (!element) {
      element = make();
      element.dataset.name = seat.name;
      element.dataset.colour = String(seat.colour % COLOURS);
      this.elements.set(key, element);
      this.layer.append(element);
    }
    return element;
  }
}

/** @param {Seat} seat @param {boolean} echo */
function cursorElement(seat, echo) {
  const arrow = glyph("cursor");
  arrow.classList.add("arrow");
  return echo
    ? el("div", { class: "cursor echo", "data-echo": seat.id, "aria-hidden": true }, arrow)
    : el(
        "div",
        { class: "cursor", "data-cursor": seat.id, "aria-hidden": true },
        arrow,
        el("span", { class: "name", text: seat.name }),
      );
}

/** @param {Seat} seat @param {Off} off @param {string} words @param {boolean} jumps */
function pillElement(seat, off, words, jumps) {
  const content = [el("span", { text: words }), glyph("down")];
  const attributes = {
    class: `off-pill ${off.kind === "image" ? "at-right" : off.direction} to-${off.direction}`,
    "data-off": seat.id,
  };
  return jumps
    ? el("button", { type: "button", ...attributes, "aria-label": `Go to where ${seat.name} points` }, ...content)
    : el("span", { ...attributes, "aria-hidden": true }, ...content);
}

/** @param {Seat} seat @param {Spot} spot @param {Off} off @param {Case} kase */
function wordsOf(seat, spot, off, kase) {
  if (off.kind === "side") return seat.name;
  const series = off.kind === "image" ? seriesShown(kase, off.viewport.shows) : seriesOf(kase, spot.series);
  if (series && off.kind === "image") return `${seat.name}, ${imageName(series, off)}`;
  return series ? `${seat.name}, ${seriesName(series)}` : seat.name;
}
