/** Numbers of findings in words. Pure; the twin of `amount` in consult/sessions/features/findings/comparison.py. */
/** @import {MarkNumbers, Number as Measured} from "../../wire.js" */
import { formatNumber } from "../format.js";
import { ofServer, t } from "../language.js";

/** Quantities with a digit behind the point, below 100. */
const FINE = ["length", "short_axis", "diameter", "area", "angle", "velocity", "depth", "time"];
const FINE_BELOW = 100;
const SECONDS_DIGITS = 2;

/** What a quantity is called before its value; a length and a value need no name. @type {Record<Measured["quantity"],
 *   string>} */
const NAMES = {
  length: "",
  value: "",
  short_axis: t("short axis"),
  diameter: t("diameter"),
  time: t("time"),
  velocity: t("velocity"),
  depth: t("depth"),
  angle: t("angle"),
  area: t("area"),
  mean: t("mean"),
  sd: t("deviation"),
  low: t("lowest"),
  high: t("highest"),
};

/** It may stand in a note: confirmed, or taken over by somebody. @param {Measured} number */
export const counts = (number) => number.check === "confirmed" || number.taken_by !== "";

/** "22.4 mm", "8.4 mm at detector", "−812 HU". @param {Pick<Measured, "quantity" | "value" | "unit">} number */
export function amount({ quantity, value, unit }) {
  const fine = FINE.includes(quantity) && Math.abs(value) < FINE_BELOW ? 1 : 0;
  const digits = unit === "s" ? SECONDS_DIGITS : fine;
  const formatted = formatNumber(value, digits).replace(/[.,]0$/, "");
  return [formatted, unit.replace(/(?<=^mm ).+/, ofServer)].filter(Boolean).join(" ");
}

/** "22.4 mm", "mean 37 HU". @param {Measured} number */
export const numberWords = (number) => [NAMES[number.quantity], amount(number)].filter(Boolean).join(" ");

/** With the name of who answers for it, where it is not confirmed. @param {Measured} number */
const attributedWords = (number) =>
  number.check === "confirmed"
    ? numberWords(number)
    : `${numberWords(number)} (${t("taken over by {name}", { name: number.taken_name })})`;

/** What of a finding's numbers may be said, mark by mark: "22.4 mm; mean 37 HU, deviation 13 HU".
 * @param {readonly MarkNumbers[]} numbers */
export const valuesWords = (numbers) =>
  numbers
    .map((known) => known.numbers.filter(counts).map(attributedWords).join(", "))
    .filter(Boolean)
    .join("; ");
