/** Planes: opening them, the crosshair on the picture, slabs, fusion. */
/** @import {FeatureContext} from "../context.js" */
/** @import {Arrangement} from "../../core/planes/arranging.js" */
/** @import {Grip, Point} from "../../core/planes/crosshair.js" */
/** @import {StampedViewport, View} from "../../wire.js" */
/** @import {Scene} from "../../core/view/view.js" */
/** @import {Held} from "./crosshair-pointer.js" */
import { ofServer } from "../../core/language.js";
import {
  arrangePlanes,
  comeBack,
  leavePlanes,
  petCt,
  planesAndMip,
  planesAndVolume,
  planesOf,
  threeRows,
  threeRowsAndMip,
} from "../../core/planes/arranging.js";
import { gripAt, linesIn } from "../../core/planes/crosshair.js";
import { dragged } from "../../core/planes/crosshair-drag.js";
import { layOut, oneUp } from "../../core/planes/layouts.js";
import { planeOf } from "../../core/planes/parts.js";
import { crosshairWords } from "../../core/planes/words.js";
import { scaled } from "../../core/view/clear.js";
import { viewportAt } from "../../core/view/layout.js";
import { activate } from "../../core/view/view.js";
import { setText } from "../../kit/dom.js";
import { devicePoint } from "../../stage/pointer/first-pointer.js";
import { Aligner } from "./alignment.js";
import { drawCrosshair } from "./crosshair-layer.js";
import { CrosshairPointer } from "./crosshair-pointer.js";
import { FusionBar } from "./fusion-bar.js";
import { Mip } from "./mip.js";
import { menuItems, planesButton } from "./planes-menu.js";
import { SlabPanel } from "./slab-panel.js";

/** @typedef {Pick<FeatureContext, "session" | "navigation" | "stage" | "toolbox" | "notices" | "redraw" | "form" |
 *   "base">} PlanesContext */

export class Planes {
  /** @param {PlanesContext} context */
  constructor(context) {
    this.context = context;
    this.slab = new SlabPanel(context);
    this.fusion = new FusionBar(context);
    this.alignment = new Aligner(context);
    this.actions = { planes: () => this.toggle() };
    /** What is under the pointer: its viewport, and what it would take hold of. */
    this.hovered = { viewport: "", kind: "" };
    /** The last press was a finger's. */
    this.touched = false;
    /** What stood beside a viewport that stands alone now, in the case of that epoch.
     * @type {{view: View, id: string, case: number} | null} */
    this.before = null;
    /** The newest view of a drag. @type {View | null} */
    this.dragged = null;
    const { stage, toolbox } = context;
    stage.beneath.push((on, stamp) => this.draw(on, stamp));
    stage.element.addEventListener("pointerdown", (event) => this.pressed(event), { capture: true });
    new CrosshairPointer(stage.element, stage.area, {
      grip: (at, slop) => this.gripAt(at, slop),
      begin: () => context.navigation.ready()?.view ?? null,
      drag: (held) => this.drag(held),
      rest: () => this.rest(),
      hover: (grip, at) => this.hover(grip, at),
    });
    this.mip = new Mip(context);
    stage.element.addEventListener("dblclick", (event) => this.doubleClick(event));
    toolbox.on("changed", () => this.redrawPicture());
  }

  // The crosshair on the picture

  /** @param {CanvasRenderingContext2D} on @param {import("../../wire.js").Stamp} stamp
   * @returns {boolean} whether there is one */
  draw(on, stamp) {
    const view = this.context.stage.viewOf(stamp);
    const { kase } = this.context.session;
    if (!view?.crosshair || !kase) return false;
    const clear = this.context.stage.keptClear.map((box) => scaled(box, devicePixelRatio));
    drawCrosshair(on, stamp, { view, kase, clear }, (viewport) => this.showsHandles(viewport));
    const words = document.querySelector(".crosshair-point");
    if (words instanceof HTMLElement) setText(words, crosshairWords(view.crosshair));
    return true;
  }

  /** @param {StampedViewport} viewport */
  showsHandles({ id }) {
    const { toolbox, navigation } = this.context;
    if (this.hovered.viewport === id) return this.hovered.kind !== "" || toolbox.mouse === "crosshair";
    const byFinger = toolbox.finger === "crosshair" || (this.touched && navigation.navigates);
    return byFinger && navigation.activeViewport?.id === id;
  }

  /** What has no pointer to hover with sees the handles once it was touched. @param {PointerEvent} event */
  pressed({ pointerType }) {
    if (this.touched === (pointerType === "touch")) return;
    this.touched = !this.touched;
    this.redrawPicture();
  }

  redrawPicture() {
    const { stage } = this.context;
    if (stage.pictures.painted) stage.drawMarks(stage.pictures.painted);
  }

  /** @param {Point} at @param {number} slop @returns {Grip | null} */
  gripAt(at, slop) {
    const { stage, session, toolbox, navigation } = this.context;
    const { painted } = stage.pictures;
    const view = painted && stage.viewOf(painted);
    if (!view?.crosshair || !session.kase || toolbox.drawing !== "" || toolbox.mouse === "laser") return null;
    if (!navigation.ready()) return null;
    const viewport = painted && viewportAt(painted.viewports, at);
    const drawn = viewport && linesIn(viewport, view, session.kase);
    if (!drawn) return null;
    return gripAt(drawn, at, { slop, ratio: devicePixelRatio, handles: this.showsHandles(viewport) });
  }

  /** @param {Grip | null} grip @param {Point | null} at */
  hover(grip, at) {
    const { stage } = this.context;
    const over = at && stage.pictures.painted && viewportAt(stage.pictures.painted.viewports, at);
    const before = this.hovered;
    this.hovered = { viewport: over?.id ?? "", kind: grip?.kind ?? "" };
    if (before.viewport === this.hovered.viewport && before.kind === this.hovered.kind) return;
    stage.element.dataset.grip = this.hovered.kind;
    this.redrawPicture();
  }

  /** @param {Held} held */
  drag({ grip, start, from, to, alone }) {
    const { session, navigation } = this.context;
    if (!session.kase || !navigation.ready()) return;
    const view = activate(start, grip.viewport.id);
    const how = { grip, from, to, alone, projection: this.slab.projection, ratio: devicePixelRatio };
    this.dragged = dragged(view, session.kase, how);
    navigation.propose(this.dragged, {});
  }

  rest() {
    if (this.dragged && this.context.navigation.ready()) this.context.navigation.propose(this.dragged, { rest: true });
    this.dragged = null;
  }

  /** One viewport alone, or back to what stood beside it: for all by who presents, else for oneself.
   * @param {MouseEvent} event */
  doubleClick(event) {
    const { navigation, stage, toolbox } = this.context;
    if (toolbox.drawing !== "" || (event.target instanceof Element && event.target.closest("button, .scrubber")))
      return;
    const { painted } = stage.pictures;
    const at = painted && viewportAt(painted.viewports, devicePoint(event, stage.area));
    if (!at || !this.isOneOfSeveral(at)) return;
    navigation.change((view, scene) => this.oneOrAll(view, scene, at.id));
  }

  /** What stood beside a viewport that stands alone now, where that is of the case on the stage. */
  get kept() {
    return this.before?.case === this.context.session.doc?.case ? this.before : null;
  }

  /** A plane always; an image where others are seen beside it, or were. @param {StampedViewport} at */
  isOneOfSeveral(at) {
    const { stage, navigation } = this.context;
    if (planeOf(at.shows)) return true;
    const several = (navigation.view?.viewports.length ?? 1) > 1;
    return several ? (stage.pictures.painted?.viewports.length ?? 1) > 1 : this.kept !== null;
  }

  /** @param {View} view @param {Scene} scene @param {string} id */
  oneOrAll(view, { kase }, id) {
    if (view.viewports.length > 1) {
      this.before = { view, id, case: this.context.session.doc?.case ?? 0 };
      return oneUp(view, id);
    }
    const { kept } = this;
    this.before = null;
    return kept ? comeBack(view, kept, kase) : layOut(view, kase, 1, 3);
  }

  // Opening

  /** Whether planes are shown. */
  get open() {
    return planeOf(this.context.navigation.activeViewport?.shows) !== null;
  }

  /** Why there are no planes of what is shown, or "". */
  get whyNot() {
    const series = this.context.navigation.activeSeries;
    return series && !this.open ? ofServer(series.no_planes) : "";
  }

  /** The three planes, or out of them. */
  toggle() {
    const { navigation, notices } = this.context;
    if (this.whyNot) return notices.show({ text: this.whyNot, glyph: "crosshair" });
    if (!navigation.mayMove) return navigation.cannot();
    if (this.open) this.leave();
    else this.change((view, scene) => planesOf(view, scene));
  }

  leave() {
    const { navigation, toolbox } = this.context;
    navigation.change((view, scene) => leavePlanes(view, scene));
    if (toolbox.mouse === "crosshair" || toolbox.finger === "crosshair") toolbox.take("stack");
  }

  /** @param {Arrangement} how */
  arrange(how) {
    if (this.whyNot) return this.toggle();
    this.change((view, scene) => arrangePlanes(view, scene, how));
  }

  /** A CT and its PET, where the case has both. */
  get pair() {
    const { session, navigation } = this.context;
    return session.kase ? petCt(session.kase, navigation.activeSeries) : null;
  }

  /** Three planes, and a MIP of the whole volume, which turns. */
  arrangeMip() {
    if (this.whyNot) return this.toggle();
    this.change((view, scene) => planesAndMip(view, scene));
  }

  /** Three planes, and the whole volume, rendered. */
  arrangeVolume() {
    if (this.whyNot) return this.toggle();
    this.change((view, scene) => planesAndVolume(view, scene));
  }

  /** CT, PET and both, three planes of each. @param {boolean} mip beside a MIP of the whole PET */
  showPair(mip) {
    const { pair } = this;
    if (!pair) return;
    const arrange = mip ? threeRowsAndMip : threeRows;
    this.change((view, scene) => arrange(view, scene, petCt(scene.kase, pair.ct) ?? pair));
    this.fusion.explainNoSuv(pair.pet);
  }

  /** Show planes, with the crosshair in the hand. @param {(view: View, scene: Scene) => View} how */
  change(how) {
    const { navigation, toolbox } = this.context;
    navigation.change(how);
    if (!navigation.mayMove || toolbox.drawing !== "") return;
    toolbox.point();
  }

  // Bars

  /** Opens and leaves planes. */
  get button() {
    return planesButton(this);
  }

  /** Entries of the layout menu, and of More on small screens. */
  get layoutItems() {
    return menuItems(this);
  }

  /** Entries of More on small screens: without marks of what is chosen, since other entries have none. */
  get moreItems() {
    if (!this.context.navigation.mayMove) return [];
    const layouts = this.layoutItems.map(({ checked, ...item }) => (checked ? { ...item, glyph: "check" } : item));
    return [...layouts, ...(this.open ? this.slab.items : []), ...this.fusion.items, ...this.alignment.items];
  }

  render() {
    this.slab.render();
    this.alignment.render();
  }
}
