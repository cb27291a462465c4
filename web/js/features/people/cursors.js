/**
 * The others' cursors over the picture: named where they point, hollow where another view shows the same place, a pill
 * at the edge where no view does; and the trails of lasers. They are placed by the stamp of the painted picture, in the
 * same task in which it is painted.
 */
/** @import {Case, Cursors as CursorsMessage, Seat, Spot, Stamp} from "../../wire.js" */
/** @import {Held} from "../../core/people/peer-cursors.js" */
/** @import {Box} from "../../core/view/clear.js" */
/** @import {Off, Place} from "../../core/people/pointing.js" */
import { t } from "../../core/language.js";
import { PeerCursors } from "../../core/people/peer-cursors.js";
import { admitted, namePlaces, pillPlaces } from "../../core/people/labels.js";
import { placed } from "../../core/people/pointing.js";
import { clearCorner, isClear } from "../../core/view/clear.js";
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
/** Between pills at one edge, in CSS pixels. */
const APART_PX = 6;
/** Of an arrow, in CSS pixels. */
const ARROW_PX = 16;
/** Pills on a screen: they are as large as a finger on a phone, and the picture is small there. */
const [PILLS, PILLS_ON_PHONES] = [8, 2];
/** The scrubber's column, and the edge where there is none. */
const [SCRUBBER_PX, BARE_EDGE_PX] = [44, 10];

/**
 * @typedef {object} CursorCallbacks
 * @property {() => Case | null} kase
 * @property {() => boolean} linked
 * @property {(seat: string) => Seat | null} seat
 * @property {() => ((spot: Spot, off: Off) => void) | null} jump null: this page cannot go there by itself
 * @property {() => Box[]} keptClear what no name may cover, in CSS pixels
 */
/** @typedef {{seat: Seat, held: Held, idle: boolean, places: Place[], off: Off | null}} Pointing */
/**
 * @typedef {{taken: Box[], clear: Box[], jump: ((spot: Spot, off: Off) => void) | null, now: number, still: boolean}}
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
    /** @type {ReadonlySet<string>} seats whose pills are shown */
    this.pills = new Set();
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
    const clear = this.peers.held.size > 0 ? this.callbacks.keptClear() : [];
    /** @type {Drawing} */
    const drawing = {
      taken: [...clear],
      clear,
      jump: this.callbacks.jump(),
      now: performance.now(),
      still: stillness.matches,
    };
    const { stamp } = this;
    const kase = this.callbacks.kase();
    this.trails.expire(drawing.now, drawing.still);
    const pointing = stamp && kase && stamp.case === this.peers.case ? this.pointing(stamp, kase, drawing) : [];
    this.admit(pointing);
    const wanted = new Set(kase ? pointing.flatMap((one) => this.drawOne(one, kase, drawing)) : []);
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

  /** @param {Stamp} stamp @param {Case} kase @param {Drawing} drawing @returns {Pointing[]} */
  pointing(stamp, kase, { now, still }) {
    const linked = this.callbacks.linked();
    return [...this.peers.held].flatMap(([id, held]) => {
      const seat = this.callbacks.seat(id);
      if (!seat) return [];
      const spot = { ...held.pointed.at, point: this.peers.point(held, now, still) };
      return [{ seat, held, idle: this.peers.idle(held, now), ...placed(spot, stamp, kase, linked) }];
    });
  }

  /** Who has a pill: only so many. @param {Pointing[]} pointing */
  admit(pointing) {
    const wanting = pointing.filter(({ off, idle }) => off && !idle).map(({ seat }) => seat.id);
    const { form } = document.body.dataset;
    this.pills = admitted(this.pills, wanting, form === "phone" || form === "landscape" ? PILLS_ON_PHONES : PILLS);
  }

  /** @param {Pointing} pointing @param {Case} kase @param {Drawing} drawing @returns {string[]} */
  drawOne({ seat, held, idle, places, off }, kase, drawing) {
    const keys = places.map((place) => this.drawCursor(seat, place, idle, drawing));
    return off && this.pills.has(seat.id) ? [...keys, this.drawPill(seat, held.pointed.at, off, kase, drawing)] : keys;
  }

  /** @param {Seat} seat @param {Place} place @param {boolean} idle @param {Drawing} drawing */
  drawCursor(seat, { at, rect, viewport, echo }, idle, { taken, clear }) {
    const key = echo ? `${seat.id} in ${viewport}` : seat.id;
    const element = this.element(key, seat, () => cursorElement(seat, echo));
    const [x, y] = [at[0] / devicePixelRatio, at[1] / devicePixelRatio];
    element.style.transform = `translate(${x}px, ${y}px)`;
    element.classList.toggle("idle", idle);
    element.classList.toggle("over-words", !isClear([x, y, ARROW_PX, ARROW_PX], clear));
    const name = element.querySelector(".name");
    if (name instanceof HTMLElement) {
      const [w, h] = sizeOf(name);
      const found = clearCorner(namePlaces([x, y], [w, h]), [w, h], taken, inCss(rect));
      name.style.visibility = found ? "" : "hidden";
      if (found) name.style.translate = `${found[0] - x}px ${found[1] - y}px`;
    }
    return key;
  }

  /**
   * @param {Seat} seat
   * @param {Spot} spot
   * @param {Off} off
   * @param {Case} kase
   * @param {Drawing} drawing
   */
  drawPill(seat, spot, off, kase, { taken, jump }) {
    const words = wordsOf(seat, spot, off, kase);
    const key = `${seat.id} off ${off.direction} ${jump ? "jump" : ""} ${words}`;
    const element = this.element(key, seat, () => pillElement(seat, off, words, jump !== null));
    const [x, y] = [off.toward[0] / devicePixelRatio, off.toward[1] / devicePixelRatio];
    const [w, h] = sizeOf(element);
    const places = pillPlaces(off.kind === "image" ? "right" : off.direction, [x, y], [w, h], this.edgeRoom());
    const found = clearCorner(places, [w, h], taken, inCss(off.viewport.rect_px));
    element.style.visibility = found ? "" : "hidden";
    if (found) {
      element.style.transform = `translate(${found[0]}px, ${found[1]}px)`;
      taken.push([found[0], found[1] - APART_PX / 2, w, h + APART_PX]);
    }
    element.onclick = jump ? () => jump(spot, off) : null;
    return key;
  }

  /** What the right edge has beside the picture: a scrubber, or nothing. CSS pixels. */
  edgeRoom() {
    const { form, independent } = document.body.dataset;
    const bare = (form === "phone" || form === "landscape") && independent === undefined;
    return bare ? BARE_EDGE_PX : SCRUBBER_PX;
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

/** @type {WeakMap<HTMLElement, {key: string, size: [number, number]}>} */
const sizes = new WeakMap();

/** Of a label, in CSS pixels: its words never change, so it is measured once a form of the page.
 * @param {HTMLElement} element */
function sizeOf(element) {
  const key = `${innerWidth} ${innerHeight} ${devicePixelRatio} ${document.body.dataset.form}`;
  let known = sizes.get(element);
  if (known?.key !== key) {
    known = { key, size: [element.offsetWidth, element.offsetHeight] };
    sizes.set(element, known);
  }
  return known.size;
}

/** @param {readonly [number, number, number, number]} rect device pixels @returns {Box} */
const inCss = ([x, y, w, h]) => [
  x / devicePixelRatio,
  y / devicePixelRatio,
  w / devicePixelRatio,
  h / devicePixelRatio,
];

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
    class: `off-pill to-${off.direction}`,
    "data-off": seat.id,
  };
  return jumps
    ? el(
        "button",
        { type: "button", ...attributes, "aria-label": t("Go to where {name} points", { name: seat.name }) },
        ...content,
      )
    : el("span", { ...attributes, "aria-hidden": true }, ...content);
}

/** @param {Seat} seat @param {Spot} spot @param {Off} off @param {Case} kase */
function wordsOf(seat, spot, off, kase) {
  if (off.kind === "side") return seat.name;
  const series = off.kind === "image" ? seriesShown(kase, off.viewport.shows) : seriesOf(kase, spot.series);
  if (series && off.kind === "image") return `${seat.name}, ${imageName(series, off)}`;
  return series ? `${seat.name}, ${seriesName(series)}` : seat.name;
}
