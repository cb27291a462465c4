/** Aligning two series by hand: what lies over the image is dragged, or put by numbers; one step back, and reset. */
/** @import {Item} from "../../kit/menu.js" */
/** @import {Fusion, View} from "../../wire.js" */
/** @import {Placed} from "../../core/alignment/alignment.js" */
/** @import {Scene} from "../../core/view/view.js" */
/** @import {PlanesContext} from "./planes.js" */
import {
  aligned,
  draggedTo,
  middles,
  NOT_MOVED,
  placed,
  samePlace,
  withNumber,
} from "../../core/alignment/alignment.js";
import { t } from "../../core/language.js";
import { sameSpace } from "../../core/planes/parts.js";
import { pointAt } from "../../core/view/camera.js";
import { viewportAt } from "../../core/view/layout.js";
import { seriesKey } from "../../core/view/shows.js";
import { activate, seriesOf } from "../../core/view/view.js";
import { control, draw, nothing } from "../../kit/html.js";
import { Popover } from "../../kit/popover.js";
import { alignmentContent } from "./alignment-panel.js";
import { AlignmentPointer } from "./alignment-pointer.js";

const BUTTON = "[data-name=align]";

export class Aligner {
  /** @param {PlanesContext} context */
  constructor(context) {
    this.context = context;
    this.panel = new Popover();
    /** A drag on the picture moves what lies over it. */
    this.dragging = false;
    /** Where it was before one's own changes, the newest last; of which series. @type {{over: string, at: Placed[]}} */
    this.before = { over: "", at: [] };
    const { stage, navigation } = context;
    new AlignmentPointer(stage.element, stage.area, {
      over: (at) => this.under(at),
      begin: () => navigation.ready()?.view ?? null,
      moved: (start, id) => this.remember(fusionIn(start, id)),
      drag: (start, id, move, rest) => this.drag(start, id, move, rest),
    });
    addEventListener("keydown", (event) => this.key(event), { capture: true });
    this.mayMove = () => navigation.mayMove;
  }

  /** What the active viewport fuses. @returns {Fusion | null} */
  get shown() {
    const shows = this.context.navigation.activeViewport?.shows;
    return shows?.type === "fusion" ? shows : null;
  }

  /** Where what lies over the image is. */
  get at() {
    return placed(this.shown?.alignment);
  }

  /** Both series have one frame of reference. */
  get isOfOneSpace() {
    const { kase } = this.context.session;
    return !!kase && !!this.shown && sameSpace(kase, seriesKey(this.shown), this.shown.over.series);
  }

  /** Where it lies before anybody moves it. @returns {Placed} */
  get start() {
    const { kase } = this.context.session;
    const [base, over] =
      kase && this.shown ? [seriesOf(kase, seriesKey(this.shown)), seriesOf(kase, this.shown.over.series)] : [];
    return base && over && !this.isOfOneSpace ? middles(base, over) : NOT_MOVED;
  }

  get mayUndo() {
    return this.shown !== null && this.before.over === this.shown.over.series && this.before.at.length > 0;
  }

  /** @param {Placed} to */
  put(to) {
    this.remember(this.shown);
    this.show(to);
  }

  /** @param {"shift_mm" | "turn_deg"} what @param {number} axis @param {number} value */
  set(what, axis, value) {
    if (Number.isFinite(value)) this.put(withNumber(this.at, what, axis, value));
  }

  undo() {
    const to = this.mayUndo ? this.before.at.pop() : undefined;
    if (to) this.show(to);
  }

  reset() {
    if (!samePlace(this.at, this.start)) this.put(this.start);
  }

  /** @param {Fusion | null} shows what is moved next, which need not be in the active viewport */
  remember(shows) {
    if (!shows) return;
    const over = shows.over.series;
    if (this.before.over !== over) this.before = { over, at: [] };
    this.before.at.push(placed(shows.alignment));
  }

  /** @param {Placed} to */
  show(to) {
    this.context.navigation.change((view, scene) => this.with(view, scene, view.active, to));
  }

  /** @param {View} view @param {Pick<Scene, "kase">} scene @param {string} id @param {Placed} to @returns {View} */
  with(view, { kase }, id, to) {
    const { doc, me } = this.context.session;
    return aligned(view, id, kase, to, doc?.seats.find((s) => s.id === me)?.name ?? "");
  }

  // On the picture

  /** The fusion under a place; "" where there is none, or nothing is aligned by dragging.
   * @param {readonly [number, number]} at */
  under(at) {
    const { stage, navigation } = this.context;
    const painted = stage.pictures.painted && viewportAt(stage.pictures.painted.viewports, at);
    const free = this.dragging && navigation.ready() !== null;
    return free && painted?.shows.type === "fusion" ? painted.id : "";
  }

  /** @param {View} start @param {string} id
   * @param {{from: readonly [number, number], to: readonly [number, number], turn: boolean}} move
   * @param {boolean} rest */
  drag(start, id, { from, to, turn }, rest) {
    const { session, navigation, stage } = this.context;
    const { kase } = session;
    const painted = stage.pictures.painted?.viewports.find((v) => v.id === id);
    const shows = fusionIn(start, id);
    const over = kase && shows ? seriesOf(kase, shows.over.series) : null;
    if (!kase || !painted || !shows || !over || !navigation.ready()) return;
    const [a, b] = [from, to].map(([x, y]) => pointAt(painted.camera, painted.rect_px, x, y));
    if (!a || !b) return;
    const next = draggedTo(placed(shows.alignment), over, painted.camera, { from: a, to: b, turn });
    navigation.propose(this.with(activate(start, id), { kase }, id, next), { rest });
    this.render();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key !== "Escape" || !this.dragging) return;
    this.take(false);
    event.stopPropagation();
  }

  /** Whether a drag aligns from now on. @param {boolean} on */
  take(on) {
    this.dragging = on;
    this.context.stage.element.classList.toggle("aligning", on);
    if (on)
      this.context.notices.show({
        text: t("Drag what lies over the image; with Shift, turn it. Esc ends it."),
        glyph: "pan",
      });
    this.context.redraw();
    this.render();
  }

  // Bars

  /** Opens the panel; nothing where nothing is fused. */
  get button() {
    if (!this.shown) return nothing;
    const { mayMove, whyNot } = this.context.navigation;
    return control({
      id: "align",
      label: this.dragging ? t("Align by hand, by dragging") : t("Align by hand"),
      title: mayMove ? t("Move and turn what lies over the image") : whyNot,
      class: "button small bare state-button",
      pressed: this.dragging,
      disabled: !mayMove,
      popup: "dialog",
      glyph: "pan",
      word: this.dragging ? t("Aligning") : t("Align"),
      do: () => this.open(),
    });
  }

  open() {
    this.panel.toggle(BUTTON, t("Align by hand"), "slab-panel align-panel");
    this.render();
    this.panel.focus();
  }

  render() {
    if (!this.shown && this.dragging) return this.take(false);
    const { element } = this.panel;
    if (!element) return;
    if (!this.shown) return this.panel.close();
    draw(element, alignmentContent(this));
    this.panel.mark();
  }

  /** On small screens. @returns {Item[]} */
  get items() {
    if (!this.shown) return [];
    return [
      {
        name: this.dragging ? t("End aligning") : t("Align by dragging"),
        glyph: this.dragging ? "check" : "pan",
        line: true,
        choose: () => this.take(!this.dragging),
      },
      ...(this.mayUndo ? [{ name: t("Undo the alignment"), glyph: "undo", choose: () => this.undo() }] : []),
      { name: t("Reset the alignment"), glyph: "reset", choose: () => this.reset() },
    ];
  }
}

/** What a viewport fuses. @param {View} view @param {string} id @returns {Fusion | null} */
function fusionIn(view, id) {
  const shows = view.viewports.find((v) => v.id === id)?.shows;
  return shows?.type === "fusion" ? shows : null;
}
