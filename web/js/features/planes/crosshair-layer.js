/** Draws the crosshair between picture and marks, by the stamp of the painted picture. */
/** @import {Case, Stamp, StampedViewport, View} from "../../wire.js" */
/** @import {Away, Drawn, Line, Point} from "../../core/planes/crosshair.js" */
/** @import {Box} from "../../core/view/clear.js" */
import { PLANE_COLOURS } from "../../core/planes/colours.js";
import { awayFrom, GAP_PX, linesIn, slabHandles, turnHandles } from "../../core/planes/crosshair.js";
import { signedMm } from "../../core/planes/words.js";
import { within } from "../../stage/clipping.js";
import { cross, strokeOver } from "../../stage/strokes.js";

/** CSS pixels. */
const [LINE, UNDER, HANDLE, CROSS, FONT] = [1.2, 3, 5, 7, 12];
const DASH = [5, 4];
/** The point counts as on an image within so many mm. */
const ON_MM = 0.05;

/** @param {CanvasRenderingContext2D} context @param {Stamp} stamp
 * @param {{view: View, kase: Case, clear: readonly Box[]}} shown `clear`: what no line crosses, in device pixels
 * @param {(viewport: StampedViewport) => boolean} withHandles */
export function drawCrosshair(context, stamp, { view, kase, clear }, withHandles) {
  const { crosshair } = view;
  if (!crosshair) return;
  for (const viewport of stamp.viewports) {
    within(context, viewport, clear, () => {
      const drawn = linesIn(viewport, view, kase);
      if (drawn) drawLines(context, drawn, withHandles(viewport));
      const away = drawn ? null : awayFrom(viewport, crosshair, kase);
      if (away) drawAway(context, away);
    });
  }
}

/** @param {CanvasRenderingContext2D} context @param {Drawn} drawn @param {boolean} handles */
function drawLines(context, drawn, handles) {
  const far = drawn.viewport.rect_px[2] + drawn.viewport.rect_px[3];
  const gap = (GAP_PX / 2) * devicePixelRatio;
  for (const line of drawn.lines) {
    const colour = PLANE_COLOURS[line.name][drawn.viewport.invert ? 1 : 0];
    const away = (/** @type {number} */ along, /** @type {number} */ off) => placeOf(drawn.at, line, along, off);
    for (const side of [1, -1]) stroke(context, [away(side * gap, 0), away(side * far, 0)], colour);
    if (line.halfSlab > 0) {
      context.setLineDash(DASH.map((css) => css * devicePixelRatio));
      for (const up of [1, -1])
        stroke(context, [away(-far, up * line.halfSlab), away(far, up * line.halfSlab)], colour);
      context.setLineDash([]);
    }
    if (handles) drawHandles(context, drawn, line, colour);
  }
  if (drawn.lines.length === 0) drawCross(context, drawn.at, "#f4f4f4");
}

/** @param {Point} at @param {Line} line @param {number} along @param {number} off @returns {Point} */
const placeOf = (at, { along: [x, y] }, along, off) => [at[0] + x * along - y * off, at[1] + y * along + x * off];

/** @param {CanvasRenderingContext2D} context @param {Drawn} drawn @param {Line} line @param {string} colour */
function drawHandles(context, drawn, line, colour) {
  for (const at of turnHandles(drawn, line)) circle(context, at, colour, colour);
  for (const at of slabHandles(drawn, line, devicePixelRatio)) circle(context, at, colour, "rgb(0 0 0 / 60%)");
}

/** @param {CanvasRenderingContext2D} context @param {Point} at @param {string} colour @param {string} fill */
function circle(context, [x, y], colour, fill) {
  context.beginPath();
  context.arc(x, y, HANDLE * devicePixelRatio, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
  context.strokeStyle = colour;
  context.lineWidth = LINE * devicePixelRatio;
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {[Point, Point]} line @param {string} colour */
function stroke(context, [from, to], colour) {
  context.lineCap = "butt";
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.strokeStyle = colour;
  context.lineWidth = LINE * devicePixelRatio;
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {Point} at @param {string} colour */
const drawCross = (context, at, colour) =>
  strokeOver(context, cross(at, CROSS * devicePixelRatio), colour, { under: UNDER, line: LINE });

/** On an image: the point, and how far before or behind it lies. @param {CanvasRenderingContext2D} context
 * @param {Away} away */
function drawAway(context, { at, mm }) {
  drawCross(context, at, "#f4f4f4");
  if (Math.abs(mm) < ON_MM) return;
  context.font = `600 ${FONT * devicePixelRatio}px Inter, system-ui, sans-serif`;
  context.textBaseline = "top";
  context.lineJoin = "round";
  context.lineWidth = UNDER * devicePixelRatio;
  context.strokeStyle = "#000";
  context.fillStyle = "#f4f4f4";
  const [x, y] = [at[0] + CROSS * devicePixelRatio, at[1] + CROSS * devicePixelRatio];
  context.strokeText(signedMm(mm), x, y);
  context.fillText(signedMm(mm), x, y);
}
