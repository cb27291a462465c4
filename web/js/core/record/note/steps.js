/**
 * What is recommended, step by step: who does each, and until when. A line of the text is a step; behind bars stand who
 * and until when. Pure; the twin of consult/documents/steps.py, and tests/steps.json holds both.
 */
import { formatDate } from "../../format.js";

const BAR = "|";

/** @typedef {{what: string, owner: string, due: string}} Step */

/** None where no line names somebody or a time: then it is a text. @param {string} text @returns {Step[]} */
export const stepsOf = (text) =>
  text.includes(BAR)
    ? text
        .split("\n")
        .filter((line) => line.replaceAll(BAR, "").trim())
        .map(stepOf)
    : [];

/** @param {string} line @returns {Step} */
function stepOf(line) {
  const [what = "", owner = "", ...due] = line.split(BAR).map((part) => part.trim());
  return { what, owner, due: due.filter(Boolean).join(", ") };
}

/** The text with one step more. @param {string} text @param {Step} step */
export function withStep(text, { what, owner, due }) {
  const parts = [what, owner, due].map((part) => part.replaceAll(BAR, " ").replace(/\s+/g, " ").trim());
  while (parts.length > 1 && !parts[parts.length - 1]) parts.pop();
  return [text.trimEnd(), parts.join(` ${BAR} `)].filter(Boolean).join("\n");
}

const ISO = /^\d{4}-\d{2}-\d{2}$/;

/** "Thoracic surgeon · 1 Dec 2026". @param {Step} step */
export const stepWords = ({ owner, due }) => [owner, ISO.test(due) ? formatDate(due) : due].filter(Boolean).join(" · ");
