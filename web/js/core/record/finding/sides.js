/**
 * On which side of the patient a finding lies: what geometry offers, and how that was found. The twin of `offered_side`
 * in consult/sessions/features/findings/decide.py (tests/sides.json).
 */
/** @import {Finding, FoundSide, MarkNumbers, Snapshot} from "../../../wire.js" */
import { t } from "../../language.js";
import { marksOf, numbersOf } from "../marks-of.js";

/** @typedef {FoundSide["side"]} Side of the patient; "" while nobody has said it */
/** @typedef {Exclude<Side, "">} Named */
/** @typedef {{side: Side, source: FoundSide["source"]}} Offered */

/** In the order in which they are offered. @type {readonly Named[]} */
export const SIDES = ["RIGHT", "LEFT", "MIDLINE", "BOTH"];

/** @type {Record<Side, string>} */
const WORDS = { "": "", RIGHT: t("RIGHT"), LEFT: t("LEFT"), MIDLINE: t("MIDLINE"), BOTH: t("BOTH") };

/** In capitals, in the reader's language. @param {Side} side */
export const sideWord = (side) => WORDS[side];

/** @type {Offered} */
const NONE = { side: "", source: "" };

/** The side on which all of these marks lie, by the weakest way; "" where that is not known.
 * @param {(MarkNumbers | null)[]} known @returns {Offered} */
export function sideOf(known) {
  const [first] = known;
  if (!first?.side || known.some((one) => one?.side !== first.side)) return NONE;
  return { side: first.side, source: known.some((one) => one?.side_source === "sign") ? "sign" : "outline" };
}

/** What geometry offers for a finding. @param {Snapshot} doc @param {Finding} finding */
export const offeredSide = (doc, finding) => sideOf(marksOf(doc, finding).map((mark) => numbersOf(doc, mark)));

/** Some of its marks are still being measured. @param {Snapshot} doc @param {Finding} finding */
export const isMeasuring = (doc, finding) => marksOf(doc, finding).some((mark) => numbersOf(doc, mark) === null);

/** How an offered side was found, or that it must be chosen. @param {Offered} offered @param {boolean} measuring */
export function howFound({ side, source }, measuring) {
  if (!side) return measuring ? t("The side is being found …") : t("Nothing in the images says it: it must be chosen.");
  const words = { side: sideWord(side) };
  return source === "sign"
    ? t("{side} from the sign of x alone: please check.", words)
    : t("{side} from the body's outline.", words);
}

/** How the confirmed side was found. @param {FoundSide} side */
export function confirmedWords({ side, source, offered, confirmed_name: name }) {
  const by = t("{side}, confirmed by {name}", { side: sideWord(side), name });
  if (source === "outline") return t("{by}, from the body's outline.", { by });
  if (source === "sign") return t("{by}, from the sign of x.", { by });
  return offered
    ? t("{by}; its marks lay {offered}.", { by, offered: sideWord(offered) })
    : t("{by}, who chose it.", { by });
}
