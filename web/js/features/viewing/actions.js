/**
 * What keys, tools and menus do. Each act changes the presenter's view; who has no control is shown why nothing moves.
 */
/** @import {Layout, View, Window} from "../../wire.js" */
/** @import {Action} from "../../core/input/keys.js" */
/** @import {Palette} from "../../core/planes/colours.js" */
/** @import {Part, Scene} from "../../core/view/view.js" */
/** @import {Tool} from "../../stage/pointer/drag.js" */
/** @import {ViewingContext} from "./viewing.js" */
import { isFree } from "../../core/input/keys.js";
import { t } from "../../core/language.js";
import { canLink, toggleLink } from "../../core/view/link.js";
import { pageOf } from "../../core/view/mosaic/cells.js";
import { compare, grid, mosaic, single, TWO } from "../../core/view/opening/layouts.js";
import { openSeries } from "../../core/view/opening/series.js";
import * as views from "../../core/view/view.js";
import { overOf, withFusions, withOver } from "../../core/planes/fusion.js";
import { inPalette } from "../../core/planes/palettes.js";
import { isInMm, isScreen, trueSize } from "../../core/view/true-size.js";
import { measureScreen } from "../../kit/screen/card.js";
import { settings } from "../../transport/storage.js";
import { sameLayout } from "../../core/view/layout.js";
import { statePresets } from "../../core/presentation-states/states.js";
import { presetsOf, sameWindow } from "../../core/view/windows.js";
import { Cine } from "./cine.js";
import { MaskControl } from "./mask-control.js";
import { Hangings } from "./hangings.js";
import { ReferenceLines } from "./reference-lines.js";
import { NO_WINDOW } from "./tools.js";

const ZOOM_STEP = 1.25;

/** @type {Partial<Record<Action, Tool>>} */
const TOOLS = {
  "tool-window": "window",
  "tool-pan": "pan",
  "tool-zoom": "zoom",
  "tool-stack": "stack",
  "tool-magnify": "magnify",
  "tool-crosshair": "crosshair",
};

/** They are the presenter's: two people must not see the same image from two sides. @type {ReadonlySet<Action>} */
const TURNS = new Set(["rotate-right", "rotate-left", "flip-horizontal", "flip-vertical"]);

/** @typedef {(view: View, id: string, scene: Scene) => View} Change */
/** @typedef {{preset: import("../../core/view/windows.js").Preset, series: import("../../wire.js").Series,
 *   chosen: boolean, line?: boolean, choose: () => void}} Offered */
/** @type {Partial<Record<Action, Change>>} */
const CHANGES = {
  "zoom-in": (v, id, s) => views.zoomBy(v, id, s, ZOOM_STEP),
  "zoom-out": (v, id, s) => views.zoomBy(v, id, s, 1 / ZOOM_STEP),
  fit: views.fit,
  "one-to-one": views.oneToOne,
  "rotate-right": (v, id, s) => views.turn(v, id, s, "rotate-right"),
  "rotate-left": (v, id, s) => views.turn(v, id, s, "rotate-left"),
  "flip-horizontal": (v, id, s) => views.turn(v, id, s, "flip-horizontal"),
  "flip-vertical": (v, id, s) => views.turn(v, id, s, "flip-vertical"),
  invert: views.invert,
  previous: (v, id, s) => views.scroll(v, id, s, -1),
  next: (v, id, s) => views.scroll(v, id, s, 1),
  "previous-time": (v, id, s) => views.scrollTime(v, id, s, -1),
  "next-time": (v, id, s) => views.scrollTime(v, id, s, 1),
  "previous-five": (v, id, s) => views.scroll(v, id, s, -pageOf(v)),
  "next-five": (v, id, s) => views.scroll(v, id, s, pageOf(v)),
  first: (v, id, s) => views.goTo(v, id, s, 0),
  last: (v, id, s) => views.goTo(v, id, s, Infinity),
  "previous-viewport": (v) => views.activateNext(v, -1),
  "next-viewport": (v) => views.activateNext(v, 1),
  reset: views.reset,
};

export class Actions {
  /** @param {ViewingContext} context */
  constructor(context) {
    this.context = context;
    this.cine = new Cine(context);
    this.mask = new MaskControl(context);
    this.hangings = new Hangings(context);
    this.lines = new ReferenceLines(context);
  }

  /** The window preset of a number key. @param {string} key */
  preset(key) {
    this.presets.find(({ preset }) => preset.key === key)?.choose();
  }

  /** What presets there are: of a fusion those of what lies over the image, then those of the image.
   * @returns {Offered[]} */
  get presets() {
    const { activeSeries, activeViewport } = this.context.navigation;
    const { kase } = this.context.session;
    if (!activeSeries || !activeViewport) return [];
    const { shows } = activeViewport;
    const over = kase && overOf(kase, shows);
    const stated = kase ? statePresets(kase, activeViewport, activeSeries) : [];
    const own = [...stated, ...presetsOf(activeSeries)].map((preset) => ({
      preset: over ? { ...preset, key: "" } : preset,
      series: activeSeries,
      chosen: sameWindow(preset.window, activeViewport.window),
      choose: () => this.window(preset.window),
    }));
    if (!over || shows.type !== "fusion") return own;
    const above = presetsOf(over).map((preset) => ({
      preset,
      series: over,
      chosen: sameWindow(preset.window, shows.window),
      choose: () => this.overWindow(preset.window),
    }));
    return [...above, ...own.map((offered, i) => (i === 0 ? { ...offered, line: true } : offered))];
  }

  /** The PET that the active viewport shows: what lies over, else the image. */
  get pet() {
    const { activeSeries, activeViewport } = this.context.navigation;
    const { kase } = this.context.session;
    const over = kase && activeViewport && overOf(kase, activeViewport.shows);
    return [over, activeSeries].find((series) => series?.modality === "PT") ?? null;
  }

  /** @param {import("../../core/planes/uptake.js").Uptake} uptake */
  readUptake(uptake) {
    this.change((view) => views.readUptake(view, uptake));
  }

  /** The window of what lies over the image. @param {Window} window */
  overWindow(window) {
    this.change((view) => withFusions(view, (viewport) => withOver(viewport, { window })));
  }

  /** @param {Action} action */
  act(action) {
    const { session, notices, navigation, toolbox } = this.context;
    const tool = TOOLS[action];
    if (action === "next-case") return this.nextCase();
    if (TURNS.has(action) && !session.drives)
      return notices.show({ text: t("Only the presenter rotates and flips the picture."), glyph: "eye" });
    if (!isFree({ action }) && !navigation.mayMove) return navigation.cannot();
    if (tool === "window" && navigation.activeSeries?.colour) notices.show({ text: NO_WINDOW, glyph: "window" });
    if (tool === "crosshair" && !navigation.view?.crosshair) return;
    if (tool) return toolbox.take(tool);
    if (action === "cine") return this.cine.toggle();
    if (action === "cine-slower" || action === "cine-faster") return this.cine.step(action === "cine-faster" ? 1 : -1);
    if (action === "previous-series" || action === "next-series")
      return this.stepSeries(action === "next-series" ? 1 : -1);
    const change = CHANGES[action];
    if (change) this.change(change);
  }

  /** Change the active viewport. @param {Change} change */
  change(change) {
    this.context.navigation.change((view, scene) => change(view, view.active, scene));
  }

  /** @param {Window} window */
  window(window) {
    this.change((view, id, scene) => views.setWindow(view, id, scene, window));
  }

  /** Whether the active picture can be shown in its true size, once the screen is measured. */
  get hasTrueSize() {
    return isInMm(this.context.navigation.activeSeries?.grid.unit ?? "");
  }

  /** As large as life on this screen; where nobody has measured it, that comes first. */
  async trueSize() {
    if (!isScreen(settings.pixelsPerMm)) await this.measureScreen();
    if (isScreen(settings.pixelsPerMm))
      this.change((view, id, scene) => trueSize(view, id, scene, settings.pixelsPerMm));
  }

  /** By a card. */
  async measureScreen() {
    const { stage } = this.context;
    await measureScreen(settings.pixelsPerMm, (pixels) => {
      settings.pixelsPerMm = pixels;
    });
    stage.listed();
  }

  /** The colours of the active viewport's greys; null where it has no greys of its own.
   * @returns {Palette | "" | null} */
  get palette() {
    const { activeSeries, activeViewport } = this.context.navigation;
    if (!activeSeries || activeSeries.colour || !activeViewport || activeViewport.shows.type === "fusion") return null;
    return activeViewport.palette ?? "";
  }

  /** @param {Palette | ""} palette */
  paint(palette) {
    this.change((view, id, scene) => inPalette(view, id, scene, palette));
  }

  /** Leave out a part of the file's own presentation, or apply it again. @param {Part} part */
  togglePart(part) {
    this.change((view, id, scene) => views.togglePart(view, id, scene, part));
  }

  /** @param {string} key of a series @param {string} [viewport] the active one without */
  openSeries(key, viewport) {
    this.change((view, id, scene) => {
      const to = viewport ?? id;
      return openSeries(views.activate(view, to), to, scene, key, this.context.navigation.links);
    });
  }

  /** @param {number} by */
  stepSeries(by) {
    const { activeSeries } = this.context.navigation;
    const all = this.context.session.kase?.series ?? [];
    const at = all.findIndex((s) => s.key === activeSeries?.key);
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    if (next) this.openSeries(next.key);
  }

  /** Current and prior beside each other. */
  compare() {
    this.change((view, _, scene) =>
      sameLayout(view.layout, TWO) && view.link ? view : compare(view, scene, this.context.navigation.links),
    );
  }

  /** @param {Layout} layout */
  grid(layout) {
    const one = layout.rows * layout.columns === 1;
    this.change((view, _, scene) =>
      sameLayout(view.layout, layout) && !view.mosaic ? view : one ? single(view) : grid(view, scene, layout),
    );
  }

  /** Consecutive images of the active series, in a grid that is scrolled as one.
   * @param {Layout} layout @param {number} step */
  mosaic(layout, step) {
    if (layout.rows * layout.columns === 1) return this.grid(layout);
    this.change((view, _, scene) => {
      const next = mosaic(view, scene, { layout, step });
      if (next === view) this.context.notices.show({ text: t("The series has fewer images."), glyph: "layout-four" });
      return next;
    });
  }

  /** The scrubber of a viewport. @param {string} viewport @param {number} place @param {boolean} rest */
  scrub(viewport, place, rest) {
    const { navigation } = this.context;
    const ready = navigation.ready();
    if (!ready) return;
    const view = views.activate(ready.view, viewport);
    navigation.propose(views.goTo(view, viewport, ready.scene, place), { rest });
  }

  /** The time control of a viewport. @param {string} viewport @param {number} by */
  stepTime(viewport, by) {
    this.change((view, _, scene) => views.scrollTime(views.activate(view, viewport), viewport, scene, by));
  }

  /** Whether some viewports are linked, or can be. */
  get mayLink() {
    const { kase } = this.context.session;
    const { view } = this.context.navigation;
    return !!view && !!kase && canLink(view, kase);
  }

  toggleLink() {
    this.change((view, _, scene) => (view.mosaic ? view : toggleLink(view, scene.kase)));
  }

  otherViewport() {
    this.change((view) => views.activateOther(view));
  }

  nextCase() {
    const { doc, standing } = this.context.session;
    if (!doc || !standing) return;
    if (doc.cases.length < 2) return;
    if (!standing.maySwitchCase) return this.context.navigation.cannot();
    const at = doc.cases.findIndex((c) => c.id === doc.current);
    const next = doc.cases[(at + 1) % doc.cases.length];
    if (next) void this.context.command({ type: "switch_case", to: next.id });
  }
}
