/** What this page draws and has drawn: the mark in the hand, the one that is selected, what others draw. */
/** @import {Drafts, Measured, Shape, Snapshot, StampedViewport} from "../../wire.js" */
/** @import {FeatureContext} from "../context.js" */
/** @import {Point2} from "../../core/marks/marks.js" */
/** @import {Vec} from "../../core/vec.js" */
/** @import {Sketch} from "../../core/marks/sketch.js" */
/** @import {Item, MarksLayer} from "./marks-layer.js" */
import { t } from "../../core/language.js";
import { mmPerPixel, pixelAt } from "../../core/view/camera.js";
import { seatOf } from "../../core/session/document.js";
import {
  frameOf,
  AREA_KINDS,
  bareShape,
  hasSize,
  moveAll,
  onItsPlane,
  placeOf,
  seriesUnder,
} from "../../core/marks/marks.js";
import { handleAt, handles, moveHandle } from "../../core/marks/handles.js";
import { Readings } from "../../core/marks/measure.js";
import { shapesNow } from "../../core/marks/shapes-now.js";
import { placeIn, reachIn, sketchAt } from "../../core/marks/placing.js";
import { subtract } from "../../core/vec.js";
import { planeOf } from "../../core/planes/parts.js";
import { isWhole as isWholeVolume } from "../../core/planes/turning.js";
import { viewportAt } from "../../core/view/layout.js";
import { seriesShown } from "../../core/view/shows.js";
import { leaveLabel } from "./ask-label.js";
import { askWords, explain, nextLevel, refuse } from "./drawn-words.js";
import { hexOf } from "../../kit/person.js";
import { MarkActs } from "./mark-acts.js";
import { isFault, isWhole } from "../../core/marks/unstored.js";
import { patientOf } from "../../core/session/cases.js";
import { Unstored } from "./unstored.js";

/** A draft is sent so often while it moves. */
const SEND_MS = 33;
/** Kinds whose values are read from voxels. @type {ReadonlySet<string>} */
const READ = new Set([...AREA_KINDS, "probe"]);
/** Less than this, in CSS pixels, is no mark. */
const LEAST_PX = 2;

/** @typedef {{before: Shape, shape: Shape, handle: number, from: Vec}} Edit handle -1: all of it moves */
/**
 * @typedef {Pick<FeatureContext, "session" | "send" | "command" | "request" | "stage" | "toolbox" | "notices" |
 *   "redraw" | "tab" | "base">
 *   & {pointing: () => boolean}} AnnotationContext pointing: the pointer is taken by who points with it
 */

export class AnnotationController {
  /** @param {AnnotationContext} context @param {MarksLayer} layer that they are drawn on */
  constructor(context, layer) {
    this.context = context;
    this.layer = layer;
    this.selected = "";
    /** @type {Sketch | null} */
    this.sketch = null;
    /** @type {Edit | null} */
    this.edit = null;
    /** The viewport that is drawn in. */
    this.viewport = "";
    /** How near the pointer is at something, in device pixels. */
    this.slop = 0;
    /** Of a shape in space, the handle that is held: it is moved beside itself, never towards who looks.
     * @type {Vec | null} */
    this.depth = null;
    /** What is sent and not acknowledged. @type {Map<string, Shape>} */
    this.pending = new Map();
    /** @type {Drafts["drafts"]} */
    this.drafts = [];
    this.readings = new Readings();
    this.acts = new MarkActs(this);
    this.sendTimer = 0;
    this.frame = 0;
    this.number = 0;
    this.unstored = new Unstored(this);
    /**
     * Of the picture on the canvas, also while another stage's is on its way.
     * @type {import("../../wire.js").Stamp | null}
     */
    this.stamp = null;
    const { session, toolbox, stage } = context;
    session.on("marks", (message) => this.receive(message));
    session.on("changed", (before, after) => this.changed(before, after));
    session.on("live", () => this.unstored.live());
    session.on("lost", () => this.unstored.offer());
    session.on("over", () => this.unstored.forget());
    toolbox.on("changed", () => {
      this.cancel();
      stage.element.classList.toggle("drawing", toolbox.drawing !== "");
    });
  }

  /** May draw at all, here and now. */
  get may() {
    const { session, stage } = this.context;
    return session.live && !!session.standing?.mayDraw && !stage.card.shown;
  }

  /** Why not, for a tooltip. */
  get whyNot() {
    return this.context.session.live ? t("Viewers cannot draw") : t("The connection is lost");
  }

  /** The shape in the hand, if one is. @returns {Shape | null} */
  get held() {
    return this.edit?.shape ?? this.sketch?.shape ?? null;
  }

  // What is there to see

  /** All shapes as they are now: stored, under way, in the hand, and those of others. @returns {Item[]} */
  get items() {
    const { doc, kase, me } = this.context.session;
    if (!doc || !kase) return [];
    const { drafts, held, unstored, pending } = this;
    const own = [...unstored.offered.values(), ...pending.values()];
    return shapesNow(doc, { me, tab: this.context.tab, drafts, unstored: own, held }).map(({ shape, author }) => ({
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
    const { items } = this;
    this.layer.draw(this.stamp, this.context.session.kase, items);
    for (const [id, overlay] of this.context.stage.overlays) {
      overlay.element.dataset.marks = this.layer.idsIn(id).join(" ");
      overlay.scrubber.showMarks(ticks(items, overlay.content?.series ?? null));
    }
  }

  /** Draw what has changed, once a frame. */
  redraw() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  // What the server sends

  /** @param {({type: "drafts"} & Drafts) | ({type: "measured"} & Measured)} message */
  receive(message) {
    if (message.type === "drafts") this.drafts = message.case === this.context.session.doc?.case ? message.drafts : [];
    else {
      this.readings.keep(message.readings);
      if (message.readings.some((r) => this.context.session.doc?.marks.some((m) => m.id === r.mark)))
        this.context.redraw();
    }
    this.redraw();
  }

  /** The document has changed. @param {Snapshot} before @param {Snapshot} after */
  changed(before, after) {
    if (before.case !== after.case) this.switched(before);
    const { selected } = this;
    const isOwn = this.pending.has(selected) || this.sketch?.shape.id === selected; // drawn here, not stored yet
    if (!isOwn && !after.marks.some((m) => m.id === selected)) this.selected = "";
    this.redraw();
  }

  /** Another case: what is not stored stays with the former one. @param {Snapshot} before */
  switched(before) {
    const typed = leaveLabel();
    const hand = this.held ?? this.acts.noting;
    const held = hand && typed ? { ...hand, label: typed } : hand;
    if (held) {
      const patient = patientOf(before, before.current);
      const text = isWhole(held)
        ? t("Another case is on the stage. What you were drawing is kept with {patient}.", { patient })
        : t("Another case is on the stage. What you were drawing is discarded.");
      this.context.notices.show({ text, glyph: "cases" });
    }
    this.unstored.leave(before, held);
    this.pending.clear();
    this.unstored.find();
    this.cancel();
    this.acts.forget();
    this.drafts = [];
    this.selected = "";
  }

  // The hand

  /** The viewport of the painted picture under a place. @param {Point2} at @returns {StampedViewport | null} */
  viewportAt(at) {
    return viewportAt(this.stamp?.viewports ?? [], at);
  }

  /** As it is painted now, the viewport that is drawn in. */
  get drawnIn() {
    return this.stamp?.viewports.find((v) => v.id === this.viewport);
  }

  /**
   * Where a place lies in space, on the image that a shape was drawn on.
   * @param {Point2} at
   * @param {Shape} shape
   * @returns {Vec | null}
   */
  place(at, shape) {
    const { kase } = this.context.session;
    const { drawnIn: viewport } = this;
    const series = kase && seriesUnder(kase, shape);
    if (!viewport || !series) return null;
    return placeIn(viewport, series, shape, at, this.depth);
  }

  /** @param {Point2} at @param {number} slop @returns {boolean} whether it is ours */
  press(at, slop) {
    if (!this.may || this.context.pointing()) return false;
    if (this.sketch) {
      this.goOn(this.sketch, at, slop);
      return true;
    }
    const viewport = this.viewportAt(at);
    if (!viewport || isWholeVolume(viewport.shows)) return false; // a place on a projection has no depth
    this.viewport = viewport.id;
    this.slop = slop;
    const own = (/** @type {string} */ id) => this.items.find((item) => item.shape.id === id && item.own)?.shape;
    const chosen = own(this.selected);
    const shows = this.layer.idsIn(viewport.id).includes(this.selected);
    const handle =
      chosen && shows ? handleAt(chosen, (p) => pixelAt(viewport.camera, viewport.rect_px, p), at, slop) : -1;
    if (chosen && handle >= 0) return this.take(chosen, handle, at);
    if (this.context.toolbox.drawing === "") return false;
    const shape = own(this.layer.under(at, slop) ?? "");
    if (!shape) return this.begin(viewport, at);
    this.select(shape.id);
    return this.take(shape, -1, at);
  }

  /** @param {Shape} shape @param {number} handle @param {Point2} at */
  take(shape, handle, at) {
    this.depth = handles(shape)[Math.max(0, handle)] ?? null;
    const from = this.place(at, shape);
    const bare = bareShape(shape);
    if (from) this.edit = { before: bare, shape: bare, handle, from };
    return true;
  }

  /** @param {StampedViewport} viewport @param {Point2} at */
  begin(viewport, at) {
    const { session, toolbox, notices } = this.context;
    const series = session.kase && seriesShown(session.kase, viewport.shows);
    if (!series || toolbox.drawing === "") return false;
    const plane = planeOf(viewport.shows);
    if ((plane?.slab_mm ?? 0) > 0 && READ.has(toolbox.drawing)) return refuse(notices);
    const what = { id: this.newId(), kind: toolbox.drawing, reach: reachIn(viewport, this.slop, devicePixelRatio) };
    this.depth = null;
    this.sketch = sketchAt(viewport, series, at, what);
    this.selected = what.id;
    explain(notices, what.kind);
    this.moved();
    return true;
  }

  /** The next step of what is drawn in several. @param {Sketch} sketch @param {Point2} at @param {number} slop */
  goOn(sketch, at, slop) {
    const to = this.place(at, sketch.shape);
    const { drawnIn: viewport } = this;
    if (!to || !viewport) return;
    sketch.reach = { ...sketch.reach, near: reachIn(viewport, slop, devicePixelRatio).near };
    sketch.press(to);
    this.moved();
  }

  /** What is drawn point by point ends here. @returns {boolean} whether there was something */
  endPath() {
    const { sketch } = this;
    if (!sketch?.isPath) return false;
    if (sketch.end() === "done") void this.finish(sketch.shape);
    else this.cancel();
    this.redraw();
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
    this.sendTimer ||= Number(
      setTimeout(() => {
        this.sendTimer = 0;
        this.sendDraft();
      }, SEND_MS),
    );
  }

  /** Show the others what is in the hand. */
  sendDraft() {
    const { doc, kase } = this.context.session;
    this.unstored.save();
    if (doc) this.context.send({ type: "draft", case: doc.case, shape: this.held && onItsPlane(this.held, kase) });
  }

  /** @param {boolean} moved */
  release(moved) {
    const { edit, sketch } = this;
    if (edit) {
      this.edit = null;
      if (edit.shape !== edit.before) void this.put(onItsPlane(edit.shape, this.context.session.kase));
      return this.sendDraft();
    }
    if (!sketch) return;
    const outcome = sketch.release(moved);
    if (outcome === "nothing") return void this.cancel();
    if (outcome === "done") void this.finish(sketch.shape);
    this.redraw();
  }

  /** What was drawn is done: its words, if it has some, and then it is stored. @param {Shape} shape */
  async finish(shape) {
    const { drawnIn: viewport } = this;
    const least = viewport ? mmPerPixel(viewport.camera, viewport.rect_px) * devicePixelRatio * LEAST_PX : 0;
    if (!hasSize(shape, least)) return void this.cancel();
    const label = nextLevel(shape, this.context) ?? (await askWords(shape));
    if (this.sketch?.shape.id !== shape.id) return;
    if (label === null || (shape.kind === "text" && !label)) return void this.cancel();
    this.sketch = null;
    await this.put({ ...shape, label });
  }

  /** @param {Shape} shape */
  async put(shape) {
    const { current = "" } = this.context.session.doc ?? {};
    this.pending.set(shape.id, shape);
    const stored = this.context.command({ type: "put_mark", mark: shape });
    this.sendDraft();
    this.redraw();
    const refusal = await stored;
    if (!refusal) this.unstored.stored(current, shape);
    else if (isFault(refusal.code) && current === this.context.session.doc?.current) this.unstored.refused(shape);
    if (this.pending.get(shape.id) === shape) this.pending.delete(shape.id);
    this.unstored.save();
    this.redraw();
    this.context.redraw();
  }

  /** Let go of what is in the hand. @returns {boolean} whether something was */
  cancel() {
    if (!this.held) return false;
    if (this.sketch && this.selected === this.sketch.shape.id) this.selected = "";
    this.sketch = this.edit = null;
    this.sendDraft();
    this.redraw();
    return true;
  }

  /** @param {string} id "" for none */
  select(id) {
    if (this.selected === id) return;
    this.selected = id;
    this.redraw();
    this.context.redraw();
  }

  /** Esc: what is in the hand, then what is selected, then the tool. @returns {boolean} whether there was any */
  escape() {
    if (this.cancel()) return true;
    if (this.selected) {
      this.select("");
      return true;
    }
    if (this.context.toolbox.drawing === "") return false;
    this.context.toolbox.draw("");
    return true;
  }

  newId() {
    this.number += 1;
    return `${this.context.tab}-${this.number}`;
  }
}

/** Where in a stack marks lie. @param {Item[]} items @param {import("../../wire.js").Series | null} series */
const ticks = (items, series) =>
  items
    .map(({ shape, frame, colour }) => ({ place: series ? placeOf(shape, frame, series) : -1, colour }))
    .filter(({ place }) => place >= 0);
