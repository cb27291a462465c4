/** Segmentations over the images: the button beside the layouts, its panel, entries of the menu on small screens. */
/** @import {FeatureContext} from "../context.js" */
/** @import {Item} from "../../kit/menu.js" */
/** @import {Segmentation, ShownSegmentation} from "../../wire.js" */
import { t } from "../../core/language.js";
import { planeOf } from "../../core/planes/parts.js";
import { OPACITY } from "../../core/segmentations/same.js";
import {
  allSwitched,
  faded,
  isDrawnOver,
  labelOf,
  nameOf,
  overSeries,
  percent,
  segmentSwitched,
  shownIn,
  styled,
  switchedOff,
  switchedOn,
} from "../../core/segmentations/segmentations.js";
import { control, draw, nothing } from "../../kit/html.js";
import { Popover } from "../../kit/popover.js";
import { panelContent, STYLES } from "./segment-panel.js";

const BUTTON = "[data-name=segmentations]";
/** What a menu offers, in percent. */
const OPACITIES = [25, 50, 75, 100];
/** Segments that a menu lists, of each segmentation. */
const LISTED = 24;

export class Segmentations {
  /** @param {Pick<FeatureContext, "session" | "navigation">} context */
  constructor(context) {
    this.context = context;
    this.panel = new Popover();
  }

  /** What lies over the active series. @returns {Segmentation[]} */
  get offered() {
    const { session, navigation } = this.context;
    const { activeSeries } = navigation;
    return session.kase && activeSeries ? overSeries(session.kase, activeSeries.key) : [];
  }

  /** How the active viewport shows one. @param {Segmentation} one */
  shown({ key }) {
    return shownIn(this.context.navigation.activeViewport, key);
  }

  /** Why one is not drawn over what the active viewport shows; "" where it is. @param {Segmentation} one */
  whyNotDrawn(one) {
    const shows = this.context.navigation.activeViewport?.shows;
    if (!shows || isDrawnOver(one, shows)) return "";
    if (!planeOf(shows)) return t("Drawn on planes, not on these images.");
    return planeOf(shows)?.whole
      ? t("Not drawn on a projection of the whole volume.")
      : t("Drawn on images, not on planes.");
  }

  /** @param {Segmentation} one */
  toggle(one) {
    const on = this.shown(one) !== null;
    this.context.navigation.change((view, scene) =>
      on ? switchedOff(view, scene.kase, one.key) : switchedOn(view, scene, one.key),
    );
  }

  /** @param {Segmentation} one @param {number} opacity 0 to 1 */
  fade(one, opacity) {
    this.context.navigation.change((view, { kase }) => faded(view, kase, one.key, opacity));
  }

  /** @param {Segmentation} one @param {NonNullable<ShownSegmentation["style"]>} style */
  style(one, style) {
    this.context.navigation.change((view, { kase }) => styled(view, kase, one.key, style));
  }

  /** @param {Segmentation} one @param {number} number */
  switchSegment(one, number) {
    this.context.navigation.change((view, { kase }) => segmentSwitched(view, kase, one.key, number));
  }

  /** @param {Segmentation} one @param {boolean} on */
  switchAll(one, on) {
    this.context.navigation.change((view, { kase }) => allSwitched(view, kase, one.key, on));
  }

  /** Opens the panel; nothing where no segmentation lies over the series. */
  get button() {
    const { mayMove, whyNot } = this.context.navigation;
    const { offered } = this;
    if (offered.length === 0) return nothing;
    const on = offered.filter((one) => this.shown(one)).length;
    return control({
      id: "segmentations",
      label: t("Segmentations, {on} of {all} shown", { on, all: offered.length }),
      title: mayMove ? t("Regions and contours over the images") : whyNot,
      class: "button small bare state-button",
      popup: "dialog",
      glyph: "region",
      word: on ? t("Segments {on}", { on }) : t("Segments"),
      do: () => this.open(),
    });
  }

  open() {
    this.panel.toggle(BUTTON, t("Segmentations"), "segment-panel");
    this.render();
    this.panel.focus();
  }

  render() {
    const { element } = this.panel;
    if (!element) return;
    if (this.offered.length === 0) return this.panel.close();
    draw(element, panelContent(this));
    this.panel.mark();
  }

  /** On small screens. @returns {Item[]} */
  get items() {
    if (!this.context.navigation.mayMove) return [];
    return this.offered.flatMap((one, i) => this.itemsOf(one, i === 0));
  }

  /** @param {Segmentation} one @param {boolean} line @returns {Item[]} */
  itemsOf(one, line) {
    const shown = this.shown(one);
    /** @type {Item} */
    const item = { name: nameOf(one), glyph: shown ? "check" : "region", line, choose: () => this.toggle(one) };
    if (!shown) return [item];
    const { style = "fill" } = shown;
    const styles = STYLES.map(([value, name]) => ({
      name,
      glyph: value === style ? "check" : "region",
      choose: () => this.style(one, value),
    }));
    const opacities = (style === "fill" ? OPACITIES : []).map((of100) => ({
      name: t("Opacity {percent}", { percent: percent(of100 / 100) }),
      glyph: Math.round((shown.opacity ?? OPACITY) * 100) === of100 ? "check" : "region",
      choose: () => this.fade(one, of100 / 100),
    }));
    const segments = one.segments.slice(0, LISTED).map((segment) => ({
      name: labelOf(segment),
      glyph: (shown.hidden ?? []).includes(segment.number) ? "region" : "check",
      choose: () => this.switchSegment(one, segment.number),
    }));
    return [item, ...styles, ...opacities, ...(one.segments.length > 1 ? segments : [])];
  }
}
