/** What keys, tools and menus do. Each act changes the presenter's view; who has no control is told why nothing moves. */
/** @import {Link, View, Window} from "../../wire.js" */
/** @import {Action, Meaning} from "../../core/keys.js" */
/** @import {Scene} from "../../core/view/view.js" */
/** @import {Tool} from "../../stage/drag.js" */
/** @import {ConsultPage} from "../../app/consult-page.js" */
import { isFree } from "../../core/keys.js";
import * as views from "../../core/view/view.js";
import { sameLayout } from "../../core/view/layout.js";
import { linkAsItIs } from "../../core/view/link.js";
import { presetsOf } from "../../core/view/windows.js";
import { showKeys } from "./keys-dialog.js";

const ZOOM_STEP = 1.25;
const FIVE = 5;
/** Pairs of series whose offset is remembered. */
const MAX_LINKS = 64;

/** @type {Partial<Record<Action, Tool>>} */
const TOOLS = { "tool-window": "window", "tool-pan": "pan", "tool-zoom": "zoom", "tool-stack": "stack" };

/** They are the presenter's: two people must not see the same image from two sides. @type {ReadonlySet<Action>} */
const TURNS = new Set(["rotate-right", "rotate-left", "flip-horizontal", "flip-vertical"]);

/** @typedef {"one" | "compare" | "four"} Arrangement what the layout menu offers */
/** @typedef {(view: View, id: string, scene: Scene) => View} Change */
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
  "previous-five": (v, id, s) => views.scroll(v, id, s, -FIVE),
  "next-five": (v, id, s) => views.scroll(v, id, s, FIVE),
  first: (v, id, s) => views.goTo(v, id, s, 0),
  last: (v, id, s) => views.goTo(v, id, s, Infinity),
  "previous-viewport": (v) => views.activateNext(v, -1),
  "next-viewport": (v) => views.activateNext(v, 1),
  reset: views.reset,
};

export class Actions {
  /** @param {ConsultPage} page */
  constructor(page) {
    this.page = page;
    /** @type {Map<string, Link>} */
    this.links = new Map();
  }

  /** @param {Meaning} found */
  key(found) {
    if ("action" in found) return this.act(found.action);
    const { activeSeries } = this.page;
    const preset = activeSeries && presetsOf(activeSeries).find((p) => p.key === found.preset);
    if (preset) this.window(preset.window);
  }

  /** @param {Action} action */
  act(action) {
    const tool = TOOLS[action];
    if (action === "keys") return void showKeys();
    if (this.page.annotations.act(action)) return;
    if (action === "escape") return this.page.escape();
    if (action === "next-case") return this.nextCase();
    if (action === "microphone") return this.page.voice.press();
    if (action === "hand") return this.page.people.toggleHand();
    if (action === "follow") return this.page.alone.toggle();
    if (TURNS.has(action) && !this.page.session.drives)
      return this.page.notices.show({ text: "Only who presents turns and flips the picture.", glyph: "eye" });
    if (!isFree({ action }) && !this.page.mayMove) return this.page.cannot();
    if (tool) return this.page.setTool(tool);
    if (action === "previous-series" || action === "next-series")
      return this.stepSeries(action === "next-series" ? 1 : -1);
    const change = CHANGES[action];
    if (change) this.change(change);
  }

  /** Change the active viewport. @param {Change} change */
  change(change) {
    const ready = this.page.ready();
    if (!ready) return this.page.cannot();
    this.page.propose(change(ready.view, ready.view.active, ready.scene), { pause: true });
  }

  /** @param {Window} window */
  window(window) {
    this.change((view, id, scene) => views.setWindow(view, id, scene, window));
  }

  /** @param {string} key of a series @param {string} [viewport] the active one without */
  openSeries(key, viewport) {
    this.change((view, id, scene) => {
      const to = viewport ?? id;
      return views.openSeries(views.activate(view, to), to, scene, key, this.links);
    });
  }

  /** @param {number} by */
  stepSeries(by) {
    const { activeSeries, session } = this.page;
    const all = session.kase?.series ?? [];
    const at = all.findIndex((s) => s.key === activeSeries?.key);
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    if (next) this.openSeries(next.key);
  }

  /** @param {Arrangement} wanted */
  arrange(wanted) {
    this.change((view, _, scene) => {
      switch (wanted) {
        case "one":
          return sameLayout(view.layout, views.ONE) ? view : views.single(view);
        case "compare":
          return sameLayout(view.layout, views.TWO) ? view : views.compare(view, scene, this.links);
        case "four":
          return sameLayout(view.layout, views.FOUR) ? view : views.four(view, scene);
      }
    });
  }

  /** The scrubber of a viewport. @param {string} viewport @param {number} place @param {boolean} rest */
  scrub(viewport, place, rest) {
    const ready = this.page.ready();
    if (!ready) return;
    const view = views.activate(ready.view, viewport);
    this.page.propose(views.goTo(view, viewport, ready.scene, place), { rest });
  }

  /** The time control of a viewport. @param {string} viewport @param {number} by */
  stepTime(viewport, by) {
    this.change((view, _, scene) => views.scrollTime(views.activate(view, viewport), viewport, scene, by));
  }

  toggleLink() {
    this.change((view, _, scene) => views.toggleLink(view, scene.kase));
  }

  otherViewport() {
    this.change((view) => views.activateOther(view));
  }

  /** What was linked by hand stays so when the pair comes back. @param {View} view */
  remember(view) {
    const { kase } = this.page.session;
    const link = view.link && kase ? linkAsItIs(view, kase) : null;
    if (!view.link || !link) return;
    this.links.set(views.pairKey(view), { ...link, offset_mm: view.link.offset_mm ?? 0 });
    const oldest = this.links.keys().next();
    if (this.links.size > MAX_LINKS && !oldest.done) this.links.delete(oldest.value);
  }

  nextCase() {
    const { doc, standing } = this.page.session;
    if (!doc || !standing) return;
    if (doc.cases.length < 2) return;
    if (!standing.maySwitchCase) return this.page.cannot();
    const at = doc.cases.findIndex((c) => c.id === doc.current);
    const next = doc.cases[(at + 1) % doc.cases.length];
    if (next) void this.page.command({ type: "switch_case", to: next.id });
  }
}
