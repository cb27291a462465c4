/** Drawing in one viewport alone, and not over what nothing may cover. */
/** @import {StampedViewport} from "../wire.js" */
/** @import {Box} from "../core/view/clear.js" */

/**
 * Draw within a viewport, but not where it says who it is, and in which direction: those are read where a line would
 * run through them.
 * @param {CanvasRenderingContext2D} context
 * @param {StampedViewport} viewport
 * @param {readonly Box[]} clear what no line crosses, in device pixels
 * @param {() => void} draw
 */
export function within(context, viewport, clear, draw) {
  context.save();
  context.beginPath();
  context.rect(...viewport.rect_px);
  context.clip();
  for (const box of clear) leaveOut(context, viewport, box);
  draw();
  context.restore();
}

/** Boxes may overlap: each is a clip of its own. @param {CanvasRenderingContext2D} context
 * @param {StampedViewport} viewport @param {Box} box */
function leaveOut(context, viewport, box) {
  context.beginPath();
  context.rect(...viewport.rect_px);
  context.rect(...box);
  context.clip("evenodd");
}
