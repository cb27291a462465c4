/**
 * The numbers of a finding's marks, in words: the twin of `amount` in
 * consult/sessions/features/findings/comparison.py (tests/findings.json holds examples for both).
 */
/** @import {Mark, MarkNumbers, Number as Figure, Snapshot} from "../../wire.js" */
import { formatNumber } from "../format.js";
import { ofServer, t } from "../language.js";

/** Said with a digit behind the point while they are small. */
const FINE = ["length", "area", "angle"];
const SMALL = 100;
const NBSP = "\u00a0";

/** What was computed for a mark as it is; null while that is under way. @param {Snapshot} doc @param {Mark} mark
 * @returns {MarkNumbers | null} */
export function numbersOf(doc, mark) {
  const found = doc.numbers.find((n) => n.mark === mark.id && n.case === mark.case);
  return found && JSON.stringify(found.points) === JSON.stringify(mark.points) ? found : null;
}

/** It may stand in a note. @param {Figure} number */
export const counts = (number) => number.check === "confirmed" || number.taken_by !== "";

/** "22 mm", "8.4 mm", "112 HU". @param {Pick<Figure, "quantity" | "value" | "unit">} number */
export function amount({ quantity, value, unit }) {
  const digits = Math.abs(value) < SMALL && FINE.includes(quantity) ? 1 : 0;
  const text = formatNumber(value, digits).replace(/[.,]0$/, "");
  return [text, unit.replace(/(?<=^mm² |^mm ).+/, ofServer)].filter(Boolean).join(NBSP);
}

/** What is measured. @type {Record<Figure["quantity"], string>} */
export const QUANTITIES = {
  length: t("Length"),
  angle: t("Angle"),
  area: t("Area"),
  mean: t("Mean"),
  sd: t("Standard deviation"),
  low: t("Least"),
  high: t("Greatest"),
  value: t("Value"),
};

/** How sure a number is, in words. @param {Figure} number */
export function checkWords(number) {
  if (number.check === "confirmed") return t("confirmed");
  return number.taken_by ? t("taken over by {name}", { name: number.taken_name }) : t("not confirmed");
}
