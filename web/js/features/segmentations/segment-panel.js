/** The panel of segmentations: each with its switch and its opacity, and a switch for each of its segments. */
/** @import {Segment, Segmentation, ShownSegmentation} from "../../wire.js" */
/** @import {Segmentations} from "./segmentations.js" */
import { ofServer, t } from "../../core/language.js";
import { OPACITY } from "../../core/segmentations/same.js";
import { colourOf, labelOf, nameOf, percent } from "../../core/segmentations/segmentations.js";
import { html, nothing, swatch } from "../../kit/html.js";

/** @type {[NonNullable<ShownSegmentation["style"]>, string][]} */
export const STYLES = [
  ["fill", t("Filled")],
  ["outline", t("Outline")],
];

/** @typedef {Event & {currentTarget: HTMLInputElement}} InputChange */

/** @param {Segmentations} feature */
export const panelContent = (feature) => [feature.offered.map((one) => sectionOf(feature, one))];

/** @param {Segmentations} feature @param {Segmentation} one */
function sectionOf(feature, one) {
  const shown = feature.shown(one);
  const off = !feature.context.navigation.mayMove;
  return html`<section data-segmentation=${one.key}>
    <label class="switch"><input
      type="checkbox" .checked=${shown !== null} ?disabled=${off} @change=${() => feature.toggle(one)}
    /><span class="name">${nameOf(one)}</span></label>
    ${one.note ? html`<p class="note">${ofServer(one.note)}</p>` : nothing}
    ${feature.whyNotDrawn(one) ? html`<p class="note">${feature.whyNotDrawn(one)}</p>` : nothing}
    ${shown ? [styleOf(feature, one, shown), segmentsOf(feature, one, shown)] : nothing}
  </section>`;
}

/** Filled or outlined; where it is filled, how opaque.
 * @param {Segmentations} feature @param {Segmentation} one @param {ShownSegmentation} shown */
function styleOf(feature, one, shown) {
  const off = !feature.context.navigation.mayMove;
  const { style = "fill" } = shown;
  const buttons = STYLES.map(
    ([value, name]) => html`<button
      type="button" class="preset" ?disabled=${off} aria-pressed=${String(style === value)}
      @click=${() => feature.style(one, value)}
    >${name}</button>`,
  );
  const label = t("Style of {name}", { name: nameOf(one) });
  return html`<div class="row" role="group" aria-label=${label}>${buttons}</div>
    ${style === "fill" ? rangeOf(feature, one, shown) : nothing}`;
}

/** @param {Segmentations} feature @param {Segmentation} one @param {ShownSegmentation} shown */
function rangeOf(feature, one, { opacity = OPACITY }) {
  const off = !feature.context.navigation.mayMove;
  return html`<label class="slab-range"><span>${t("Opacity")}</span><input
    type="range" min="0" max="100" step="5" .value=${String(Math.round(opacity * 100))} ?disabled=${off}
    aria-label=${t("Opacity of {name}", { name: nameOf(one) })}
    @input=${(/** @type {InputChange} */ { currentTarget }) => feature.fade(one, Number(currentTarget.value) / 100)}
  /><span class="n">${percent(opacity)}</span></label>`;
}

/** @param {Segmentations} feature @param {Segmentation} one @param {ShownSegmentation} shown */
function segmentsOf(feature, one, { hidden = [] }) {
  const off = !feature.context.navigation.mayMove;
  const all = html`<div class="row"><button
      type="button" class="preset" ?disabled=${off} @click=${() => feature.switchAll(one, true)}
    >${t("All")}</button><button
      type="button" class="preset" ?disabled=${off} @click=${() => feature.switchAll(one, false)}
    >${t("None")}</button></div>`;
  return html`${one.segments.length > 2 ? all : nothing}<ul>${one.segments.map((segment) =>
    segmentItem(feature, one, segment, { on: !hidden.includes(segment.number), off }),
  )}</ul>`;
}

/** @param {Segmentations} feature @param {Segmentation} one @param {Segment} segment
 * @param {{on: boolean, off: boolean}} state off: nothing can be switched */
const segmentItem = (feature, one, segment, { on, off }) => html`<li><label class="switch"><input
  type="checkbox" .checked=${on} ?disabled=${off} @change=${() => feature.switchSegment(one, segment.number)}
/>${swatch(colourOf(segment))}<span class="name">${labelOf(segment)}</span></label></li>`;
