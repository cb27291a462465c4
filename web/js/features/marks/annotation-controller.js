/** What this page draws and has drawn: tools, the mark in the hand, the one that is selected, what others draw. */
/** @import {Drafts, Measured, Shape, Snapshot, StampedViewport} from "../../wire.js" */
/** @import {Action} from "../../core/keys.js" */
/** @import {Point2} from "../../core/marks/marks.js" */
/** @import {Vec} from "../../core/vec.js" */
/** @import {Item} from "./marks-layer.js" */
/** @import {ConsultPage} from "../../app/consult-page.js" */
import { mmPerPixel, pixelAt, pointAt } from "../../core/view/camera.js";
import { seatOf } from "../../core/session/document.js";
import {
  frameOf,
  handleAt,
  hasSize,
  moveAll,
  moveHandle,
  onItsPlane,
  onPlane,
  placeOf,
  seriesUnder,
} from "../../core/marks/marks.js";
import { Readings } from "../../core/marks/measure.js";
import { Sketch } from "../../core/marks/sketch.js";
import { subtract } from "../../core/vec.js";
import { locate } from "../../core/view/series.js";
import { imageOf, seriesShown } from "../../core/view/shows.js";
import { AnnotationPointer } from "./annotation-pointer.js";
import { MarksLayer } from "./marks-layer.js";
import { askWords } from "./mark-words.js";
import { hexOf } from "../../kit/person.js";
import { Unstored } from "./unstored.js";

/** A draft is said so often while it moves. */
const SAY_MS = 33;
/** A draft is said anew so often while it is held; the server forgets it after 10 s. */
const KEEP_MS = 2000;
/** Less than this, in CSS pixels, is no mark. */
const LEAST_PX = 2;

/** @typedef {Shape["kind"]} Kind */
/** @typedef {{before: Shape, shape: Shape, handle: number, from: Vec}} Edit handle -1: all of it moves */

export class AnnotationController {
  /** @param {ConsultPage} page */
  constructor(page) {
    this.page = page;
    /** @type {Kind | ""} */
    this.tool = "";
    this.selected = "";
    /** @type {Sketch | null} */
    this.sketch = null;
    /** @type {Edit | null} */
    this.edit = null;
    /** The viewport that is drawn in. */
    this.viewport = "";
    /** What is sent and not yet told by the server. @type {Map<string, Shape>} */
    this.pending = new Map();
    /** @type {Drafts["drafts"]} */
    this.drafts = [];
    this.readings = new Readings();
    /** What can be done again, as far as this page has seen; undoing is possible until the server says no. */
    this.redoable = 0;
    this.undoable = true;
    /** The key image that is shown, as the chrome has it. */
    this.kept = "";
    this.saying = 0;
    this.drawing = 0;
    this.number = 0;
    this.layer = new MarksLayer(page.stage.canvases.marks);
    this.unstored = new Unstored(this);
    /** Of the picture on the canvas, also while another stage's is on its way. @type {import("../../wire.js").Stamp | null} */
    this.stamp = null;
    page.stage.drawMarks = (stamp) => this.draw(stamp);
    page.session.onMarks = (message) => this.hear(message);
    page.session.onAct = (doing) => this.did(doing);
    new AnnotationPointer(page.stage.element, page.stage.area, {
      press: (at, slop) => this.press(at, slop),
      drag: (at) => this.moveTo(at),
      hover: (at) => this.moveTo(at),
      release: (moved) => this.release(moved),
      cancel: () => void this.cancel(),
      interrupt: () => this.unstored.takeUp(),
      tap: (at, slop) => !page.people.pointing.busy && this.select(this.layer.under(at, slop) ?? ""),
      following: () => this.sketch !== null,
    });
    setInterval(() => this.held && this.say(), KEEP_MS);
  }

  /** May draw at all, here and now. */
  get may() {
    const { session, stage } = this.page;
    return session.phase === "live" && !!session.standing?.mayDraw && !stage.card.shown;
  }

  /** Why not, for a tooltip. */
  get whyNot() {
    return this.page.session.phase === "live" ? "Who only looks on does not draw" : "The connection is lost";
  }

  /** The shape in the hand, if one is. @returns {Shape | null} */
  get held() {
    return this.edit?.shape ?? this.sketch?.shape ?? null;
  }

  /** What the chrome shows of the tools. */
  get key() {
    return JSON.stringify([this.tool, this.redoable, this.undoable, this.page.session.standing?.mayDraw]);
  }

  /** @param {Kind | ""} tool */
  setTool(tool) {
    this.cancel();
    this.tool = tool;
    if (tool !== "" && this.page.tool === "laser") this.page.tool = this.page.touchTool = "stack";
    this.page.stage.element.classList.toggle("drawing", tool !== "");
    this.page.draw();
  }

  // What is there to see

  /** All shapes as they are now: stored, under way, in the hand, and those of others. @returns {Item[]} */
  get items() {
    const { doc, kase, me } = this.page.session;
    if (!doc || !kase) return [];
    /** @type {Map<string, {shape: Shape, author: string}>} */
    const now = new Map();
    for (const mark of doc.marks) if (mark.case === doc.current) now.set(mark.id, { shape: mark, author: mark.author });
    for (const { seat, tab, shape } of this.drafts)
      if (tab !== this.page.tab) now.set(shape.id, { shape, author: seat });
    for (const shape of [...this.unstored.offered.values(), ...this.pending.values()])
      now.set(shape.id, { shape, author: me });
    const { held } = this;
    if (held) now.set(held.id, { shape: held, author: now.get(held.id)?.author ?? me });
    return [...now.values()].map(({ shape, author }) => ({
      shape,
      frame: frameOf(shape, seriesUnder(kase, shape)),
      colour: hexOf(seatOf(doc, author)?.colour ?? 0),
      reading: this.readings.of(shape),
      selected: shape.id === this.selected || shape === held,
      own: author === me,
    }));
  }

  /** @param {import("../../wire.js").Stamp | null} [stamp] of the picture that is painted */
  draw(stamp = this.stamp) {
    this.stamp = stamp;
    this.layer.draw(this.stamp, this.page.session.kase, this.items);
    const kept = this.page.panel.keys.here?.id ?? "";
    if (kept !== this.kept) this.page.draw();
    this.kept = kept;
    for (const [id, overlay] of this.page.stage.overlays) {
      overlay.element.dataset.marks = this.layer.idsIn(id).join(" ");
      overlay.scrubber.showMarks(this.ticks(overlay.content?.series ?? null));
    }
  }

  /** Where in a stack marks lie. @param {import("../../wire.js").Series | null} series */
  ticks(series) {
    return this.items
      .map(({ shape, frame, colour }) => ({ place: series ? placeOf(shape, frame, series) : -1, colour }))
      .filter((t) => t.place >= 0);
  }

  /** Draw what has changed, once a frame. */
  redraw() {
    this.drawing ||= requestAnimationFrame(() => {
      this.drawing = 0;
      this.draw();
    });
  }

  // What the server tells

  /** @param {({type: "drafts"} & Drafts) | ({type: "measured"} & Measured)} message */
  hear(message) {
    if (message.type === "drafts") this.drafts = message.drafts;
    else {
      this.readings.keep(message.readings);
      if (message.readings.some((r) => this.page.session.doc?.marks.some((m) => m.id === r.mark))) this.page.draw();
    }
    this.redraw();
  }

  /** The document has changed. @param {Snapshot} before @param {Snapshot} after */
  changed(before, after) {
    if (before.case !== after.case) {
      if (this.held)
        this.page.notices.show({
          text: "Another case is on the stage. What you were drawing is let go.",
          glyph: "cases",
        });
      this.cancel();
      this.pending.clear();
      this.unstored.forget();
      this.drafts = [];
      this.selected = "";
      this.redoable = 0;
      this.undoable = true;
    }
    if (!after.marks.some((m) => m.id === this.selected))
      this.selected = this.pending.has(this.selected) ? this.selected : "";
    this.redraw();
  }

  /** An act of one's own is stored. @param {"do" | "undo" | "redo"} doing */
  did(doing) {
    this.redoable = Math.max(0, doing === "do" ? 0 : this.redoable + (doing === "undo" ? 1 : -1));
    this.undoable = doing === "undo" ? this.undoable : true;
  }

  // The hand

  /** The viewport of the painted picture under a place. @param {Point2} at @returns {StampedViewport | null} */
  viewportAt([x, y]) {
    const viewports = this.stamp?.viewports ?? [];
    return (
      viewports.find(({ rect_px: [left, top, w, h] }) => x >= left && x < left + w && y >= top && y < top + h) ?? null
    );
  }

  /** Where a place lies in space, on the image that a shape was drawn on. @param {Point2} at @param {Shape} shape @returns {Vec | null} */
  place(at, shape) {
    const { kase } = this.page.session;
    const viewport = this.stamp?.viewports.find((v) => v.id === this.viewport);
    const series = kase && seriesUnder(kase, shape);
    return viewport && series
      ? onPlane(
          series.grid,
          locate(series, shape.image).place,
          pointAt(viewport.camera, viewport.rect_px, at[0], at[1]),
        )
      : null;
  }

  /** @param {Point2} at @param {number} slop @returns {boolean} whether it is ours */
  press(at, slop) {
    if (!this.may || this.page.people.pointing.busy) return false;
    if (this.sketch) {
      this.moveTo(at);
      return true;
    }
    const viewport = this.viewportAt(at);
    if (!viewport) return false;
    this.viewport = viewport.id;
    const own = (/** @type {string} */ id) => this.items.find((item) => item.shape.id === id && item.own)?.shape;
    const chosen = own(this.selected);
    const shows = this.layer.idsIn(viewport.id).includes(this.selected);
    const handle =
      chosen && shows ? handleAt(chosen, (p) => pixelAt(viewport.camera, viewport.rect_px, p), at, slop) : -1;
    if (chosen && handle >= 0) return this.take(chosen, handle, at);
    if (this.tool === "") return false;
    const shape = own(this.layer.under(at, slop) ?? "");
    if (!shape) return this.begin(viewport, at);
    this.select(shape.id);
    return this.take(shape, -1, at);
  }

  /** @param {Shape} shape @param {number} handle @param {Point2} at */
  take(shape, handle, at) {
    const from = this.place(at, shape);
    const { id, kind, series, image, points, label } = shape;
    const bare = { id, kind, series, image, points, label: label ?? "" };
    if (from) this.edit = { before: bare, shape: bare, handle, from };
    return true;
  }

  /** @param {StampedViewport} viewport @param {Point2} at */
  begin(viewport, at) {
    const { kase } = this.page.session;
    const series = kase && seriesShown(kase, viewport.shows);
    if (!series || this.tool === "") return false;
    const image = imageOf(series, viewport.shows);
    const what = { id: this.newId(), kind: this.tool, series: series.key, image };
    const { place } = locate(series, image);
    const point = onPlane(series.grid, place, pointAt(viewport.camera, viewport.rect_px, at[0], at[1]));
    this.sketch = new Sketch(what, point, viewport.camera);
    this.selected = what.id;
    this.moved();
    return true;
  }

  /** @param {Point2} at */
  moveTo(at) {
    const { edit, sketch } = this;
    const to = this.held && this.place(at, this.held);
    if (!to) return;
    if (edit)
      edit.shape =
        edit.handle < 0 ? moveAll(edit.before, subtract(to, edit.from)) : moveHandle(edit.shape, edit.handle, to);
    else if (sketch) sketch.move(to);
    this.moved();
  }

  moved() {
    this.redraw();
    this.saying ||= window.setTimeout(() => {
      this.saying = 0;
      this.say();
    }, SAY_MS);
  }

  /** Tell the others what is in the hand. */
  say() {
    const { doc, kase, socket } = this.page.session;
    this.unstored.keep();
    if (doc) socket?.say({ type: "draft", case: doc.case, shape: this.held && onItsPlane(this.held, kase) });
  }

  /** @param {boolean} moved */
  release(moved) {
    const { edit, sketch } = this;
    if (edit) {
      this.edit = null;
      if (edit.shape !== edit.before) void this.put(onItsPlane(edit.shape, this.page.session.kase));
      return this.say();
    }
    if (!sketch) return;
    const outcome = sketch.release(moved || sketch.shape.points.some((p) => p !== sketch.start));
    if (outcome === "nothing") return void this.cancel();
    if (outcome === "done") void this.finish(sketch.shape);
    this.redraw();
  }

  /** What was drawn is done: its words, if it has some, and then it is stored. @param {Shape} shape */
  async finish(shape) {
    const viewport = this.stamp?.viewports.find((v) => v.id === this.viewport);
    const least = viewport ? mmPerPixel(viewport.camera, viewport.rect_px) * devicePixelRatio * LEAST_PX : 0;
    if (!hasSize(shape, least)) return void this.cancel();
    const label =
      shape.kind === "text" || shape.kind === "arrow"
        ? await askWords(shape.kind === "text" ? "Text" : "Text at the arrow", "")
        : "";
    if (this.sketch?.shape.id !== shape.id) return;
    if (label === null || (shape.kind === "text" && !label)) return void this.cancel();
    this.sketch = null;
    await this.put({ ...shape, label });
  }

  /** @param {Shape} shape */
  async put(shape) {
    this.pending.set(shape.id, shape);
    const stored = this.page.command({ type: "put_mark", mark: shape });
    this.say();
    this.redraw();
    await stored;
    if (this.pending.get(shape.id) === shape) this.pending.delete(shape.id);
    this.unstored.keep();
    this.redraw();
    this.page.draw();
  }

  /** Let go of what is in the hand. @returns {boolean} whether something was */
  cancel() {
    if (!this.held) return false;
    if (this.sketch && this.selected === this.sketch.shape.id) this.selected = "";
    this.sketch = this.edit = null;
    this.say();
    this.redraw();
    return true;
  }

  /** @param {string} id "" for none */
  select(id) {
    if (this.selected === id) return;
    this.selected = id;
    this.redraw();
    this.page.draw();
  }

  /** Esc: what is in the hand, then what is selected, then the tool. @returns {boolean} whether there was any */
  escape() {
    if (this.cancel()) return true;
    if (this.selected) {
      this.select("");
      return true;
    }
    if (this.tool === "") return false;
    this.setTool("");
    return true;
  }

  newId() {
    this.number += 1;
    return `${this.page.tab}-${this.number}`;
  }

  // Acts

  /** What a key or a button asks for, where it is about marks. @param {Action} action @returns {boolean} */
  act(action) {
    switch (action) {
      case "undo":
      case "redo":
        if (this.may) void this.again(action);
        return true;
      case "delete-mark":
        if (this.selected) void this.remove(this.selected);
        return true;
      case "keep-image":
        if (this.may) void this.page.panel.keys.toggle();
        return true;
      default:
        return false;
    }
  }

  /** @param {"undo" | "redo"} type */
  async again(type) {
    const error = await this.page.session.want({ type });
    if (!error) return;
    if (type === "undo") this.undoable = false;
    else this.redoable = 0;
    this.page.notices.show({ text: error.message, glyph: type });
    this.page.draw();
  }

  /** May delete a mark: its author, or the host. @param {{author: string}} mark */
  mayDelete(mark) {
    return this.may && (mark.author === this.page.session.me || !!this.page.session.standing?.host);
  }

  /** @param {string} id */
  async remove(id) {
    const mark = this.page.session.doc?.marks.find((m) => m.id === id);
    if (!mark || !this.mayDelete(mark)) return;
    const error = await this.page.command({ type: "delete_mark", mark: id });
    if (!error)
      this.page.notices.show({
        text: "Mark deleted.",
        glyph: "check",
        action: { name: "Undo", do: () => void this.again("undo") },
      });
  }

  /** Change the words of a mark of one's own. @param {string} id */
  async relabel(id) {
    const mark = this.page.session.doc?.marks.find((m) => m.id === id);
    if (!mark) return;
    const label = await askWords("Note", mark.label);
    if (label === null || label === mark.label) return;
    const { kind, series, image, points } = mark;
    await this.put({ id, kind, series, image, points, label });
  }
}
