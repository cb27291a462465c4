/** A finding whose text names the other side than its own: said where it is written, before anybody signs. Pure. */
/** @import {Wording} from "./draft.js" */
/** @import {Side} from "./sides.js" */
import { t } from "../../language.js";
import { otherSideWord } from "./side-words.js";
import { sideWord } from "./sides.js";

/** What is wrong with a text beside a side; "" where nothing is. @param {string} text @param {Side} side */
export function textContradiction(text, side) {
  const word = otherSideWord(text, side);
  return word ? t("It says “{word}”, and the side is {side}.", { word, side: sideWord(side) }) : "";
}

/** The first that is wrong with a finding's texts. @param {Pick<Wording, "title" | "text" | "label">} finding
 * @param {Side} side */
export const contradiction = ({ title, text, label }, side) =>
  [title, text, label].map((one) => textContradiction(one, side)).find(Boolean) ?? "";
