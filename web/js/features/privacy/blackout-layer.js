/**
 * Draws between picture and marks what is blacked out: hatched where this page sees what is below, outlined where it is
 * black by the server.
 */
/** @import {Point} from "../../core/privacy/blackouts.js" */
import { hatch } from "../../core/privacy/hatch.js";

/** CSS pixels. */
const [LINE, UNDER, APART, DASH] = [1.2, 3, 9, 5];
/** Of what is drawn over pictures; of an outline that only says that black is not the image's own. */
const [INK, QUIET] = ["#f4f4f4", "#8f8f8f"];

/** @typedef {{corners: Point[], hatched: boolean, dashed: boolean}} Outline */

/** @param {CanvasRenderingContext2D} context @param {readonly Outline[]} outlines */
export function drawBlackouts(context, outlines) {
  for (const { corners, hatched, dashed } of outlines) {
    const ring = [...corners, ...corners.slice(0, 1)];
    context.lineCap = "butt";
    context.setLineDash(dashed ? [DASH, DASH].map((css) => css * devicePixelRatio) : []);
    if (hatched) {
      const lines = [ring, ...hatch(corners, APART * devicePixelRatio)];
      stroke(context, lines, "rgb(0 0 0 / 70%)", UNDER);
      stroke(context, lines, INK, LINE);
    } else stroke(context, [ring], QUIET, LINE);
    context.setLineDash([]);
  }
}

/** @param {CanvasRenderingContext2D} context @param {readonly (readonly Point[])[]} lines @param {string} colour
 * @param {number} width CSS pixels */
function stroke(context, lines, colour, width) {
  context.beginPath();
  for (const [first, ...others] of lines) {
    if (!first) continue;
    context.moveTo(...first);
    for (const at of others) context.lineTo(...at);
  }
  context.strokeStyle = colour;
  context.lineWidth = width * devicePixelRatio;
  context.stroke();
}
