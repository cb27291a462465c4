/** The bar that says how long 5 cm are; another length where that one does not fit. */
/** @import {Grid} from "../../wire.js" */
import { ofServer } from "../language.js";

const LENGTHS_MM = [50, 10, 100, 1, 500];
const MIN_PX = 24;
const MAX_PART = 0.45;

/**
 * @param {number} mmPerCssPixel @param {number} widthPx of the viewport @param {Grid["unit"]} unit
 * @returns {{px: number, text: string, ticks: number} | null} null where no length is known
 */
export function scaleBar(mmPerCssPixel, widthPx, unit) {
  if (unit === "px") return null;
  const fits = (/** @type {number} */ mm) => mm / mmPerCssPixel >= MIN_PX && mm / mmPerCssPixel <= widthPx * MAX_PART;
  const mm = LENGTHS_MM.find(fits);
  if (mm === undefined) return null;
  const text = mm >= 10 ? `${mm / 10} cm` : `${mm} mm`;
  const words = unit.replace(/^mm ?/, "");
  return { px: mm / mmPerCssPixel, text: words ? `${text} ${ofServer(words)}` : text, ticks: mm === 50 ? 5 : 1 };
}
