/** Draws the reference lines between picture and marks, by the stamp of the painted picture; each reader may hide
 * them. */
/** @import {Stamp} from "../../wire.js" */
/** @import {ReferenceLine} from "../../core/pictures/reference-lines.js" */
/** @import {ViewingContext} from "./viewing.js" */
import { PLANE_COLOURS } from "../../core/planes/colours.js";
import { referenceLines } from "../../core/pictures/reference-lines.js";
import { scaled } from "../../core/view/clear.js";
import { within } from "../../stage/clipping.js";
import { strokeOver } from "../../stage/strokes.js";
import { settings } from "../../transport/storage.js";

/** CSS pixels. */
const WIDTHS = { under: 3, line: 1.2 };

export class ReferenceLines {
  /** @param {ViewingContext} context */
  constructor(context) {
    this.context = context;
    context.stage.beneath.push((on, stamp) => this.draw(on, stamp));
  }

  get on() {
    return settings.referenceLines;
  }

  toggle() {
    settings.referenceLines = !this.on;
    const { stage } = this.context;
    if (stage.pictures.painted) stage.drawMarks(stage.pictures.painted);
  }

  /** @param {CanvasRenderingContext2D} on @param {Stamp} stamp @returns {boolean} whether there are any */
  draw(on, stamp) {
    const { stage, session } = this.context;
    const view = stage.viewOf(stamp);
    const lines = this.on && view && session.kase ? referenceLines(stamp.viewports, view, session.kase) : [];
    stage.element.dataset.referenceLines = lines.map(({ viewport }) => viewport.id).join(" ");
    if (lines.length === 0) return false;
    const clear = stage.keptClear.map((box) => scaled(box, devicePixelRatio));
    for (const line of lines) within(on, line.viewport, clear, () => stroke(on, line));
    return true;
  }
}

/** @param {CanvasRenderingContext2D} context @param {ReferenceLine} line */
function stroke(context, { viewport, name, from, to }) {
  context.lineCap = "butt";
  strokeOver(context, [[from, to]], PLANE_COLOURS[name][viewport.invert ? 1 : 0], WIDTHS);
}
