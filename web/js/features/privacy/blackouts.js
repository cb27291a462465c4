/**
 * Parts of pictures that guests are not shown: a host drags a rectangle over what may say who the patient is, and it is
 * black for guests in all images of that series. The host goes on seeing what lies below, hatched, and may show each
 * part again.
 */
/** @import {Blackout, Case, Series, Snapshot, Stamp, StampedViewport} from "../../wire.js" */
/** @import {Point, Rectangle} from "../../core/privacy/blackouts.js" */
/** @import {FeatureContext} from "../context.js" */
import { blackoutsOf, cornersOf, imageSeries, rectangleOf } from "../../core/privacy/blackouts.js";
import { plural, t } from "../../core/language.js";
import { scaled } from "../../core/view/clear.js";
import { seriesName } from "../../core/view/corner.js";
import { viewportAt } from "../../core/view/layout.js";
import { seriesOf } from "../../core/view/view.js";
import { el, glyph } from "../../kit/dom.js";
import { within } from "../../stage/clipping.js";
import { drawBlackouts } from "./blackout-layer.js";
import { BlackoutPointer } from "./blackout-pointer.js";

const ABOUT = "blackouts";

/** @typedef {Pick<FeatureContext, "session" | "command" | "notices" | "stage" | "toolbox">} BlackoutContext */
/** What a host draws just now. @typedef {{viewport: string, from: Point, to: Point}} Draft */

export class Blackouts {
  /** @param {BlackoutContext} context @param {() => void} hide asks to hide patients */
  constructor(context, hide) {
    this.context = context;
    this.hide = hide;
    /** A drag draws. */
    this.on = false;
    /** @type {Draft | null} */
    this.draft = null;
    this.buttons = el("div", { class: "blackout-buttons" });
    /** Those on the screen, by viewport and part. @type {Map<string, HTMLElement>} */
    this.shown = new Map();
    const { stage, session, toolbox } = context;
    stage.element.append(this.buttons);
    stage.beneath.push((on, stamp) => this.draw(on, stamp));
    stage.element.addEventListener("painted", () => this.renderButtons());
    new BlackoutPointer(stage.element, stage.area, {
      begin: (at) => this.begin(at),
      drag: (from, to) => this.drag(from, to),
      end: (from, to) => this.end(from, to),
      cancel: () => this.cancel(),
    });
    addEventListener("keydown", (event) => this.key(event), { capture: true });
    toolbox.on("changed", () => this.stop());
    session.on("changed", (before, after) => this.changed(before, after));
  }

  /** Hosts, while the connection stands. */
  get may() {
    const { live, standing } = this.context.session;
    return live && !!standing?.host && !standing.reads;
  }

  /** From now on a drag blacks out; the tool in the hand is laid down. */
  start() {
    if (!this.may) return;
    this.context.toolbox.take("stack");
    this.on = true;
    this.context.stage.element.dataset.blackingOut = "";
    this.remind();
    this.redraw();
  }

  stop() {
    if (!this.on) return;
    this.on = false;
    this.draft = null;
    delete this.context.stage.element.dataset.blackingOut;
    this.context.notices.stand(null, ABOUT);
    this.redraw();
  }

  /** The mode is named, with the ways out. */
  remind() {
    const { notices, session } = this.context;
    if (!this.on) return notices.stand(null, ABOUT);
    const done = { name: t("Done"), do: () => this.stop() };
    const text = t("Drag over what guests must not see. It is black for them in all images of the series.");
    if (session.doc?.patients_hidden) return notices.stand({ text, glyph: "region", action: done }, ABOUT);
    const later = `${text} ${t("They see it until you hide patient data.")}`;
    const other = { name: t("Hide patient data"), do: () => this.hide() };
    return notices.stand({ text: later, glyph: "region", warn: true, action: done, other }, ABOUT);
  }

  /** @param {Snapshot} before @param {Snapshot} after */
  changed(before, after) {
    if (!this.may || before.current !== after.current) this.stop();
    this.remind();
    this.redraw();
    this.context.stage.refresh();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (!this.on || event.key !== "Escape" || document.querySelector("dialog[open], .menu")) return;
    event.stopImmediatePropagation();
    if (this.draft) this.cancel();
    else this.stop();
  }

  // The pointer

  /** The viewport under a place, and the series whose image it shows. @param {Point} at */
  under(at) {
    const { stage, session } = this.context;
    const { painted } = stage.pictures;
    const viewport = painted && viewportAt(painted.viewports, at);
    return viewport ? { viewport, series: this.seriesIn(viewport, session.kase) } : null;
  }

  /** @param {StampedViewport} viewport @param {Case | null} kase @returns {Series | null} */
  seriesIn({ shows }, kase) {
    const key = imageSeries(shows);
    return kase && key ? seriesOf(kase, key) : null;
  }

  /** @param {Point} at */
  begin(at) {
    if (!this.on) return false;
    const found = this.under(at);
    if (found && !found.series)
      this.context.notices.show({ text: t("Black out on an image, not on a plane."), glyph: "warn" });
    if (!found?.series) return found !== null;
    this.draft = { viewport: found.viewport.id, from: at, to: at };
    return true;
  }

  /** @param {Point} from @param {Point} to */
  drag(from, to) {
    if (!this.draft) return;
    this.draft = { ...this.draft, from, to };
    this.redraw();
  }

  cancel() {
    this.draft = null;
    this.redraw();
  }

  /** @param {Point} from @param {Point} to */
  end(from, to) {
    const { draft } = this;
    this.draft = null;
    const found = this.under(from);
    const rectangle =
      draft && found?.series && found.viewport.id === draft.viewport
        ? rectangleOf(from, to, found.series, found.viewport)
        : null;
    if (rectangle && found?.series) void this.put(found.series, rectangle);
    this.redraw();
  }

  /** @param {Pick<Series, "key" | "images"> & Series} series @param {Rectangle} rectangle */
  async put(series, rectangle) {
    const { command, notices, session } = this.context;
    const before = new Set(blackoutsOf(session.doc, series.key).map(({ id }) => id));
    const error = await command({ type: "black_out", series: series.key, rectangle });
    const made = blackoutsOf(session.doc, series.key).find(({ id }) => !before.has(id));
    if (error || !made) return;
    const where = seriesName(series);
    const text = plural(
      series.images,
      "Black for guests in {n} image of {series}.",
      "Black for guests in all {n} images of {series}.",
      {
        series: where,
      },
    );
    notices.show({ text, glyph: "check", action: { name: t("Undo"), do: () => void this.remove(made, series) } });
  }

  /** @param {Blackout} blackout @param {Series} series */
  async remove(blackout, series) {
    const { command, notices } = this.context;
    if (await command({ type: "remove_blackout", blackout: blackout.id })) return;
    const again = () => void this.put(series, blackout.rectangle);
    const text = t("Guests see this part of {series} again.", { series: seriesName(series) });
    notices.show({ text, glyph: "eye", action: { name: t("Undo"), do: again } });
  }

  // What is drawn

  /** @param {StampedViewport} viewport @returns {{series: Series, blackouts: readonly Blackout[]} | null} */
  blackoutsIn(viewport) {
    const { doc, kase } = this.context.session;
    const series = this.seriesIn(viewport, kase);
    return series && { series, blackouts: blackoutsOf(doc, series.key) };
  }

  /** @param {CanvasRenderingContext2D} on @param {Stamp} stamp @returns {boolean} whether there are any */
  draw(on, stamp) {
    const { stage, session } = this.context;
    const isHost = !!session.standing?.host;
    const hidden = !!session.doc?.patients_hidden;
    if (!isHost && !hidden) return false;
    let drew = false;
    for (const viewport of stamp.viewports) {
      const found = this.blackoutsIn(viewport);
      if (!found) continue;
      const outlines = found.blackouts.map(({ rectangle }) => ({
        corners: cornersOf(rectangle, found.series, viewport),
        hatched: isHost,
        dashed: isHost && !hidden,
      }));
      const drawn =
        this.draft?.viewport === viewport.id
          ? rectangleOf(this.draft.from, this.draft.to, found.series, viewport)
          : null;
      if (drawn) outlines.push({ corners: cornersOf(drawn, found.series, viewport), hatched: true, dashed: false });
      if (outlines.length === 0) continue;
      const clear = stage.keptClear.map((box) => scaled(box, devicePixelRatio));
      within(on, viewport, clear, () => drawBlackouts(on, outlines));
      drew = true;
    }
    return drew;
  }

  /** Of each part on the screen the button that shows it again, while parts are blacked out. */
  renderButtons() {
    if (!this.on && this.shown.size === 0) return;
    const { painted } = this.context.stage.pictures;
    const all = this.on && painted ? painted.viewports.flatMap((viewport) => this.buttonsIn(viewport)) : [];
    const keys = new Set(all.map(({ key }) => key));
    for (const [key, button] of this.shown) {
      if (keys.has(key)) continue;
      button.remove();
      this.shown.delete(key);
    }
    for (const { key, part, series, at, n } of all) {
      const button = this.shown.get(key) ?? this.newButton(key, part, series);
      button.setAttribute("aria-label", t("Show part {n} of {series} again", { n: n + 1, series: seriesName(series) }));
      button.style.left = `${at[0]}px`;
      button.style.top = `${at[1]}px`;
    }
  }

  /** @param {string} key @param {Blackout} part @param {Series} series */
  newButton(key, part, series) {
    const remove = () => void this.remove(part, series);
    const button = el("button", { type: "button", class: "button", "data-blackout": part.id, onclick: remove });
    button.append(glyph("x"));
    this.buttons.append(button);
    this.shown.set(key, button);
    return button;
  }

  /** @param {StampedViewport} viewport */
  buttonsIn(viewport) {
    const found = this.blackoutsIn(viewport);
    if (!found) return [];
    const [left, top, width, height] = viewport.rect_px;
    return found.blackouts.map((part, n) => {
      const corners = cornersOf(part.rectangle, found.series, viewport);
      const middle = [0, 1].map(
        (axis) => corners.reduce((sum, at) => sum + at[axis === 0 ? 0 : 1], 0) / corners.length,
      );
      const inside = [
        Math.min(Math.max(middle[0] ?? 0, left), left + width),
        Math.min(Math.max(middle[1] ?? 0, top), top + height),
      ];
      const at = inside.map((device) => Math.round(device / devicePixelRatio));
      return { key: `${viewport.id} ${part.id}`, part, series: found.series, at, n };
    });
  }

  redraw() {
    const { stage } = this.context;
    if (stage.pictures.painted) stage.drawMarks(stage.pictures.painted);
    this.renderButtons();
  }
}
