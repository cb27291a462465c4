/** The table of lesions in words. Pure; consult/documents/lesions.py says the same in documents. */
/** @import {Cell, Change, Doubt, Kind, State, Sum} from "./lesions.js" */
import { formatNumber } from "../format.js";
import { ofServer, t } from "../language.js";

const NBSP = "\u00a0";

/** What a finding may be among the lesions. @type {Record<Kind, string>} */
export const LESION_KINDS = {
  "": t("no lesion of the table"),
  target: t("target lesion"),
  target_node: t("target lymph node"),
  non_target: t("non-target lesion"),
  new: t("new lesion"),
};

/** Why a lesion is not measured. @type {Record<State, string>} */
export const LESION_STATES = {
  "": t("measured"),
  absent: t("not there any more"),
  too_small: t("too small to measure"),
};

/** What a reader may call the course; nothing computes it. @type {Record<string, string>} */
export const RESPONSES = {
  "": t("not chosen"),
  CR: t("complete response"),
  PR: t("partial response"),
  SD: t("stable disease"),
  PD: t("progressive disease"),
  NE: t("not evaluable"),
};

/** "PR, partial response"; "" where none is chosen. @param {string} code */
export const responseWords = (code) => (code && RESPONSES[code] ? `${code}, ${RESPONSES[code]}` : "");

/** "52.3 mm". @param {number} value @param {string} unit */
export const lengthWords = (value, unit) => `${formatNumber(value, 1)}${NBSP}${unit.replace(/(?<=^mm ).+/, ofServer)}`;

/** @param {Cell | null} cell */
export function cellWords(cell) {
  if (!cell) return t("not done");
  if (cell.value === null) return t("not measured");
  if (cell.state) return `${formatNumber(cell.value, 0)}${NBSP}mm (${LESION_STATES[cell.state]})`;
  return lengthWords(cell.value, cell.unit);
}

/** "52.3 mm", or why there is none. @param {Sum} sum */
export function sumWords({ value, unit, missing }) {
  if (value !== null) return lengthWords(value, unit);
  return missing.length > 0 ? t("no sum: {missing} not measured", { missing: missing.join(", ") }) : "–";
}

/** "−12.2 mm (−23.3 %)". @param {Change | null} change */
export function changeWords(change) {
  if (!change) return "";
  const share = change.percent === null ? "" : ` (${signed(change.percent)}${NBSP}%)`;
  return `${signed(change.mm)}${NBSP}mm${share}`;
}

/** @param {number} value */
const signed = (value) => (Number(value.toFixed(1)) > 0 ? "+" : "") + formatNumber(value, 1);

/** What a reader must know of the table. @param {Doubt} doubt */
export function doubtWords({ rule, label, number }) {
  switch (rule) {
    case "too_many":
      return t("There are {number} target lesions; RECIST 1.1 counts 5 at most, 2 of an organ.", { number });
    case "too_small":
      return t("{label} is smaller than {number} mm at baseline.", { label, number });
    case "unlabelled":
      return t("{label} has no label: it stands for itself on one date alone.", { label });
    case "kinds":
      return t("{label} is of different kinds on different dates; the first one counts.", { label });
    case "units":
      return t("The lengths have different units; there is no sum.");
    case "undated":
      return t("{label} is on no date: its marks lie on several studies, or on none with a date.", { label });
    case "twice":
      return t("{label} is there twice on one date; the first one counts.", { label });
  }
}
