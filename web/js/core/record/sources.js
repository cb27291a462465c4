/** What numbers were computed from, in words. Pure; the twin of consult/documents/sources.py: tests/sources.json. */
/** @import {Number as Measured} from "../../wire.js" */
import { ofServer, t } from "../language.js";
import { numberWords } from "./numbers.js";

/** "distance of both ends, spacing by PixelSpacing". @param {Pick<Measured, "unit" | "source">} number */
export function howWords({ unit, source: { formula, spacing_tag: tag, pixels } }) {
  const uncalibrated = unit.startsWith("px") ? t("counted in pixels, without a spacing") : "";
  return [
    ofServer(formula),
    tag ? t("spacing by {tag}", { tag }) : uncalibrated,
    pixels > 0 ? t("pixels read: {n}", { n: pixels }) : "",
  ]
    .filter(Boolean)
    .join(", ");
}

/** "file 1.2.840.1, frame 1". @param {Pick<Measured, "source">} number */
export const fileWords = ({ source: { sop_instance_uid: uid, frame } }) =>
  uid ? t("file {uid}, frame {frame}", { uid, frame }) : t("file not known");

/** File by file what was computed from it: "22.4 mm: distance of both ends, spacing by PixelSpacing".
 * @param {readonly Measured[]} numbers @returns {{file: string, lines: string[]}[]} */
export const sourcesOf = (numbers) =>
  [...new Set(numbers.map(fileWords))].map((file) => ({
    file,
    lines: numbers
      .filter((number) => fileWords(number) === file)
      .map((number) => [numberWords(number), howWords(number)].filter(Boolean).join(": ")),
  }));
