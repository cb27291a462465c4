/** What is about to be decided, as one text: so that it is typed, kept and stored as any other. Pure. */
/** @import {DecisionDraft, Words, Written} from "../../wire.js" */
import { plainly } from "../record/note/field-draft.js";

/** @type {Words} */
const NOTHING = { text: "", stage: "", owner: "", due: "", outcome: "decision" };

/** As the server spells it; "" where there is nothing. @param {Words} words */
export function textOf({ text, stage, owner, due, outcome }) {
  const clean = { text: plainly(text), stage: plainly(stage), owner: plainly(owner), due, outcome };
  const written = JSON.stringify(clean);
  return written === JSON.stringify(NOTHING) ? "" : written;
}

/** @param {string} text @returns {Words} */
export function wordsIn(text) {
  try {
    return { ...NOTHING, ...JSON.parse(text || "{}") };
  } catch {
    return NOTHING;
  }
}

/** A draft as what stands in a field. @param {DecisionDraft | null} draft @returns {Written | null} */
export const draftedText = (draft) =>
  draft && { text: textOf(draft.words), rev: draft.rev, author: draft.author, author_name: draft.author_name };
