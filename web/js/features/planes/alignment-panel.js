/** The panel of an alignment by hand: three shifts, three turns, dragging, one step back, reset. */
/** @import {Aligner} from "./alignment.js" */
import { MAX_SHIFT_MM, MAX_TURN_DEG, samePlace } from "../../core/alignment/alignment.js";
import { t } from "../../core/language.js";
import { html } from "../../kit/html.js";

/** @typedef {Event & {currentTarget: HTMLInputElement}} InputChange */

/** Along x, y and z of the patient (LPS). */
const SHIFTS = [t("To the left (L), mm"), t("To the back (P), mm"), t("To the head (H), mm")];
const TURNS = [t("About right–left, °"), t("About front–back, °"), t("About feet–head, °")];
const STEPS = { shift_mm: 0.5, turn_deg: 0.5 };

/** @param {Aligner} aligner */
export function alignmentContent(aligner) {
  const { shift_mm, turn_deg } = aligner.at;
  const words = aligner.isOfOneSpace
    ? t("Both series have one frame of reference.")
    : t("The two series have different frames of reference.");
  return html`<p class="note">${words}</p>
    <fieldset><legend>${t("Moved by")}</legend>${SHIFTS.map((name, i) =>
      field(aligner, "shift_mm", i, name, shift_mm[i] ?? 0),
    )}</fieldset>
    <fieldset><legend>${t("Turned by")}</legend>${TURNS.map((name, i) =>
      field(aligner, "turn_deg", i, name, turn_deg[i] ?? 0),
    )}</fieldset>
    <label class="switch"><input
      type="checkbox" .checked=${aligner.dragging}
      @change=${(/** @type {InputChange} */ { currentTarget }) => aligner.take(currentTarget.checked)}
    /><span>${t("Drag on the picture (Shift: turn)")}</span></label>
    <div class="row"><button
      type="button" class="preset" ?disabled=${!aligner.mayUndo} @click=${() => aligner.undo()}
    >${t("Undo")}</button><button
      type="button" class="preset" ?disabled=${samePlace(aligner.at, aligner.start)} @click=${() => aligner.reset()}
    >${t("Reset")}</button></div>`;
}

/** @param {Aligner} aligner @param {"shift_mm" | "turn_deg"} what @param {number} axis @param {string} name
 * @param {number} value */
function field(aligner, what, axis, name, value) {
  const most = what === "shift_mm" ? MAX_SHIFT_MM : MAX_TURN_DEG;
  return html`<label class="number-row"><span>${name}</span><input
    type="number" step=${STEPS[what]} min=${-most} max=${most} .value=${String(Math.round(value * 100) / 100)}
    ?disabled=${!aligner.mayMove()} data-what=${what} data-axis=${axis}
    @change=${(/** @type {InputChange} */ { currentTarget }) => aligner.set(what, axis, currentTarget.valueAsNumber)}
  /></label>`;
}
