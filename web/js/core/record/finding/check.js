/** How sure the numbers of a mark are, in words. Pure. */
/** @import {MarkNumbers, Number as Measured} from "../../../wire.js" */
import { ofServer, t } from "../../language.js";
import { counts, numberWords } from "../numbers.js";

/**
 * @typedef {object} Line of numbers that are equally sure
 * @property {string} values "22.4 mm"; "mean 37 HU, deviation 13 HU"
 * @property {string} check "confirmed"; "not confirmed"; "taken over by Dr. Host"
 * @property {string} why it is not confirmed; "" where it is
 * @property {Measured | null} open may be taken over
 */

/** The numbers of a mark: those that are confirmed in one line, each other in its own. @param {MarkNumbers} known
 * @returns {Line[]} */
export function linesOf({ numbers }) {
  const confirmed = numbers.filter((number) => number.check === "confirmed");
  const others = numbers.filter((number) => number.check !== "confirmed");
  const first = { values: confirmed.map(numberWords).join(", "), check: t("confirmed"), why: "", open: null };
  return [...(confirmed.length > 0 ? [first] : []), ...others.map(lineOf)];
}

/** @param {Measured} number @returns {Line} */
function lineOf(number) {
  const taken = counts(number);
  return {
    values: numberWords(number),
    check: taken ? t("taken over by {name}", { name: number.taken_name }) : t("not confirmed"),
    why: ofServer(number.sentence),
    open: taken ? null : number,
  };
}
