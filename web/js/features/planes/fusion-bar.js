/** Fusion: what lies over the image, its window, colours and opacity; in the bar below the picture, or a menu. */
/** @import {Item} from "../../kit/menu.js" */
/** @import {Series, View} from "../../wire.js" */
/** @import {ColourMap} from "../../core/planes/fusion.js" */
/** @import {Placed} from "../../core/alignment/alignment.js" */
/** @import {PlanesContext} from "./planes.js" */
import { middles, placed } from "../../core/alignment/alignment.js";
import { t } from "../../core/language.js";
import {
  alignable,
  COLOUR_MAPS,
  fusable,
  fused,
  kindOf,
  unfused,
  withFusions,
  withOver,
} from "../../core/planes/fusion.js";
import { whyNoSuv } from "../../core/planes/uptake.js";
import { seriesName } from "../../core/view/corner.js";
import { html, icon, nothing } from "../../kit/html.js";
import { openMenu } from "../../kit/menu.js";

/** What a menu offers, in percent. */
const OPACITIES = [25, 50, 75];

export class FusionBar {
  /** @param {PlanesContext} context */
  constructor(context) {
    this.context = context;
    /** How series were aligned by hand when they were no longer fused, by their frame and key: it comes back.
     * @type {Map<string, Placed>} */
    this.left = new Map();
  }

  /** What the active viewport shows, where that is a fusion. */
  get shown() {
    const shows = this.context.navigation.activeViewport?.shows;
    return shows?.type === "fusion" ? shows : null;
  }

  /** What may lie over the active series. @returns {Series[]} */
  get offered() {
    const { session, navigation } = this.context;
    const { activeSeries } = navigation;
    return session.kase && activeSeries ? fusable(session.kase, activeSeries) : [];
  }

  /** @param {(view: View) => View} how */
  change(how) {
    this.context.navigation.change((view) => how(view));
  }

  /** Of another frame of reference: to be aligned by hand. @returns {Series[]} */
  get alignable() {
    const { session, navigation } = this.context;
    const { activeSeries } = navigation;
    return session.kase && activeSeries ? alignable(session.kase, activeSeries) : [];
  }

  /** @param {Series} over */
  fuse(over) {
    this.change((view) => withFusions(view, (viewport) => fused(viewport, over)));
    this.explainNoSuv(over);
  }

  /** Put over the image by the middles of both, from where somebody aligns it. @param {Series} over */
  fuseByHand(over) {
    const { session, navigation } = this.context;
    const { doc, me } = session;
    const by = doc?.seats.find((s) => s.id === me)?.name ?? "";
    navigation.change((view, { kase }) => {
      const [base, above] = [navigation.activeSeries, kase.series.find((s) => s.key === over.key)];
      if (!base || !above) return view;
      if (base.unlisted || above.unlisted) return withFusions(view, (viewport) => fused(viewport, above));
      const at = this.left.get(`${base.frame_of_reference || base.key} ${above.key}`) ?? middles(base, above);
      return withFusions(view, (viewport) => fused(viewport, above, { ...at, by }));
    });
    this.explainNoSuv(over);
  }

  /** @param {Series} series */
  explainNoSuv(series) {
    const text = whyNoSuv(series);
    if (text) this.context.notices.show({ text, glyph: "warn" });
  }

  unfuse() {
    const { shown } = this;
    const { activeSeries } = this.context.navigation;
    if (shown?.alignment && activeSeries)
      this.left.set(
        `${activeSeries.frame_of_reference || activeSeries.key} ${shown.over.series}`,
        placed(shown.alignment),
      );
    this.change((view) => withFusions(view, unfused));
  }

  /** @param {number} percent */
  fade(percent) {
    this.change((view) => withFusions(view, (viewport) => withOver(viewport, { opacity: percent / 100 })));
  }

  /** @param {ColourMap} map */
  paint(map) {
    this.change((view) => withFusions(view, (viewport) => withOver(viewport, { colour_map: map })));
  }

  /** For the bar below the picture. */
  get bar() {
    const { shown } = this;
    if (shown) return this.controls(Math.round((shown.opacity ?? 0.5) * 100), shown.colour_map ?? "hot_iron");
    if (this.offered.length + this.alignable.length === 0) return nothing;
    return html`<button
      type="button" class="preset" data-name="fuse" aria-haspopup="menu" ?disabled=${!this.context.navigation.mayMove}
      @click=${(/** @type {MouseEvent & {currentTarget: HTMLElement}} */ { currentTarget }) =>
        openMenu(currentTarget, t("Fuse with"), this.offerItems)}
    ><span>${t("Fuse with…")}</span></button>`;
  }

  /** @param {number} percent @param {ColourMap} map */
  controls(percent, map) {
    const off = !this.context.navigation.mayMove;
    const name = COLOUR_MAPS.find(([one]) => one === map)?.[1] ?? "";
    return html`<label class="fusion-range"><span>${t("Fusion")}</span><input
        type="range" min="0" max="100" step="5" .value=${String(percent)} ?disabled=${off}
        title=${t("Opacity (Alt and wheel)")} aria-label=${t("Opacity of the fusion")}
        @input=${(/** @type {InputEvent & {currentTarget: HTMLInputElement}} */ { currentTarget }) =>
          this.fade(Number(currentTarget.value))}
      /><span class="n">${percent}\u00a0%</span></label><button
        type="button" class="preset" data-name="colours" aria-haspopup="menu" ?disabled=${off}
        aria-label=${t("Colours, {name}", { name })}
        @click=${(/** @type {MouseEvent & {currentTarget: HTMLElement}} */ { currentTarget }) =>
          openMenu(currentTarget, t("Colours"), this.colourItems)}
      ><span class="colour-map" data-map=${map}></span><span>${name}</span>${icon("down")}</button><button
        type="button" class="preset" data-name="unfuse" ?disabled=${off} @click=${() => this.unfuse()}
      ><span>${t("No fusion")}</span></button>`;
  }

  /** @returns {Item[]} */
  get offerItems() {
    return [
      ...this.offered.map((series) => ({
        name: seriesName(series),
        more: `${kindOf(series)} ${series.number}`,
        choose: () => this.fuse(series),
      })),
      ...this.alignable.map((series, i) => ({
        name: seriesName(series),
        more: t("{kind}, to be aligned by hand", { kind: `${kindOf(series)} ${series.number}` }),
        line: i === 0,
        choose: () => this.fuseByHand(series),
      })),
    ];
  }

  /** @returns {Item[]} */
  get colourItems() {
    return COLOUR_MAPS.map(([map, name]) => ({
      name,
      checked: this.shown?.colour_map === map,
      choose: () => this.paint(map),
    }));
  }

  /** On small screens: what there is to choose from. @returns {Item[]} */
  get items() {
    if (!this.shown)
      return [
        ...this.offered.map((series, i) => ({
          name: t("Fuse with {name}", { name: seriesName(series) }),
          glyph: "layout-two",
          line: i === 0,
          choose: () => this.fuse(series),
        })),
        ...this.alignable.map((series, i) => ({
          name: t("Fuse with {name}, by hand", { name: seriesName(series) }),
          glyph: "layout-two",
          line: i === 0,
          choose: () => this.fuseByHand(series),
        })),
      ];
    return [
      ...OPACITIES.map((percent, i) => ({
        name: t("Fusion {percent} %", { percent }),
        glyph: "layout-two",
        line: i === 0,
        choose: () => this.fade(percent),
      })),
      ...this.colourItems.map(({ checked, ...item }) => ({ ...item, glyph: checked ? "check" : "layout-two" })),
      { name: t("No fusion"), glyph: "x", choose: () => this.unfuse() },
    ];
  }
}
