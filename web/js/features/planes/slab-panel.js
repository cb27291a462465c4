/** How thick a plane is and what it shows of that: a button with its panel, on small screens entries of a menu. */
/** @import {Item} from "../../kit/menu.js" */
/** @import {Projection} from "../../core/planes/parts.js" */
/** @import {PlanesContext} from "./planes.js" */
import { formatNumber } from "../../core/format.js";
import { t } from "../../core/language.js";
import { MAX_SLAB_MM, setSlab } from "../../core/planes/acts.js";
import { planeOf } from "../../core/planes/parts.js";
import { PROJECTIONS, slabName } from "../../core/planes/words.js";
import { control, draw, html, nothing } from "../../kit/html.js";
import { Popover } from "../../kit/popover.js";

const BUTTON = "[data-name=slab]";
/** What a menu offers, mm. */
const THICK_MM = [0, 5, 10, 20, 50];
/** Where a slab gets its first thickness from by choosing a projection, mm. */
const FIRST_MM = 10;
/** @type {Projection[]} */
const ALL = ["max", "mean", "min"];

export class SlabPanel {
  /** @param {PlanesContext} context */
  constructor(context) {
    this.context = context;
    this.panel = new Popover();
    /** Of a slab that is made next. @type {Projection} */
    this.projection = "max";
    /** All planes get it, and not the active one alone. */
    this.all = true;
  }

  get plane() {
    const plane = planeOf(this.context.navigation.activeViewport?.shows);
    return plane?.whole ? null : plane;
  }

  /** Of the active plane; nothing where there is none. */
  get button() {
    const { plane } = this;
    const { mayMove, whyNot } = this.context.navigation;
    if (!plane) return nothing;
    const name = slabName(plane);
    return control({
      id: "slab",
      label: name ? t("Slab, {name}", { name }) : t("Slab, none"),
      title: mayMove ? t("Thickness of the plane") : whyNot,
      class: "button small bare state-button",
      disabled: !mayMove,
      popup: "dialog",
      glyph: "stack",
      word: name ? t("Slab {name}", { name }) : t("Slab"),
      do: () => this.toggle(),
    });
  }

  toggle() {
    this.panel.toggle(BUTTON, t("Slab"), "slab-panel");
    this.render();
    this.panel.focus();
  }

  render() {
    const { element } = this.panel;
    if (!element) return;
    const { plane } = this;
    if (!plane) return this.panel.close();
    draw(element, this.content(plane.slab_mm ?? 0, plane.projection ?? "mean"));
    this.panel.mark();
  }

  /** @param {number} mm @param {Projection} projection */
  content(mm, projection) {
    const shown = mm > 0 ? projection : this.projection;
    const words = mm > 0 ? t("{mm} mm", { mm: formatNumber(mm, mm % 1 === 0 ? 0 : 1) }) : t("No slab");
    return html`<label class="slab-range"><span>${t("Thickness")}</span><input
        type="range" min="0" max=${MAX_SLAB_MM} step="1" .value=${String(mm)} aria-valuetext=${words}
        @input=${(/** @type {InputEvent & {currentTarget: HTMLInputElement}} */ { currentTarget }) =>
          this.set(Number(currentTarget.value), shown)}
      /><span class="n">${words}</span></label>
      <div class="row" role="radiogroup" aria-label=${t("What the slab shows")}>${ALL.map(
        (one) => html`<button
          type="button" class="preset" role="radio" aria-checked=${String(one === shown)}
          @click=${() => this.set(mm > 0 ? mm : FIRST_MM, one)}
        >${PROJECTIONS[one]}</button>`,
      )}</div>
      <label class="switch"><input
        type="checkbox" .checked=${this.all}
        @change=${(/** @type {Event & {currentTarget: HTMLInputElement}} */ { currentTarget }) => {
          this.all = currentTarget.checked;
        }}
      /><span>${t("All planes")}</span></label>`;
  }

  /** @param {number} mm @param {Projection} projection */
  set(mm, projection) {
    this.projection = projection;
    this.context.navigation.change((view) => {
      const chosen = view.viewports.filter((v) => planeOf(v.shows) && (this.all || v.id === view.active));
      return chosen.reduce((next, { id }) => setSlab(next, id, mm, projection), view);
    });
    this.render();
  }

  /** On small screens. @returns {Item[]} */
  get items() {
    const { plane } = this;
    if (!plane) return [];
    const now = plane.slab_mm ?? 0;
    return THICK_MM.map((mm, i) => ({
      name: mm === 0 ? t("No slab") : slabName({ ...plane, slab_mm: mm, projection: "max" }),
      glyph: now === mm ? "check" : "stack",
      line: i === 0,
      choose: () => this.set(mm, "max"),
    }));
  }
}
