/**
 * Which pictures may hold text themselves, a name too: what is hidden beside them is not hidden in them. Pure.
 *
 * The catalogue has no BurnedInAnnotation (0028,0301), and most files leave it out: so every series counts whose images
 * are not those that a scanner makes without text, grey images of CT, MR, PET or nuclear medicine with a place in the
 * patient. Ultrasound, secondary captures (of any modality: they are in colour, or have no place), endoscopy,
 * photographs and documents are among them; radiographs too.
 */
/** @import {Case, Series} from "../../wire.js" */

const WITHOUT_TEXT = ["CT", "MR", "PT", "NM"];

/** @param {Pick<Series, "modality" | "colour" | "grid" | "document">} series */
export const mayHoldText = ({ modality, colour, grid, document }) =>
  !!document || colour || grid.space !== "patient" || !WITHOUT_TEXT.includes(modality);

/** Those of a case. @param {Case | null} kase @returns {Series[]} */
export const mayNameSomebody = (kase) => kase?.series.filter(mayHoldText) ?? [];
