/** The panel of segmentations: each with its switch and its opacity, and a switch for each of its segments. */
/** @import {Segment, Segmentation, ShownSegmentation} from "../../wire.js" */
/** @import {Segmentations} from "./segmentations.js" */
import { ofServer, t } from "../../core/language.js";
import { OPACITY } from "../../core/segmentations/same.js";
import { colourOf, labelOf, nameOf, percent } from "../../core/segmentations/segmentations.js";
import { html, nothing, swatch } from "../../kit/html.js";

/** @typedef {Event & {currentTarget: HTMLInputElement}} InputChange */

/** @param {Segmentations} feature */
export const panelContent = (feature) => [
  feature.onPlanes ? html`<p class="note">${t("Drawn on images, not on planes.")}</p>` : nothing,
  feature.offered.map((one) => sectionOf(feature, one)),
];

/** @param {Segmentations} feature @param {Segmentation} one */
function sectionOf(feature, one) {
  const shown = feature.shown(one);
  const off = !feature.context.navigation.mayMove;
  return html`<section data-segmentation=${one.key}>
    <label class="switch"><input
      type="checkbox" .checked=${shown !== null} ?disabled=${off} @change=${() => feature.toggle(one)}
    /><span class="name">${nameOf(one)}</span></label>
    ${one.note ? html`<p class="note">${ofServer(one.note)}</p>` : nothing}
    ${shown ? [rangeOf(feature, one, shown), segmentsOf(feature, one, shown)] : nothing}
  </section>`;
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
