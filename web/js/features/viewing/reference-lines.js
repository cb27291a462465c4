/** Draws the reference lines between picture and marks, by the stamp of the painted picture; each reader may hide
 * them. */
/** @import {Stamp} from "../../wire.js" */
/** @import {ReferenceLine} from "../../core/pictures/reference-lines.js" */
/** @import {ViewingContext} from "./viewing.js" */
import { PLANE_COLOURS } from "../../core/planes/colours.js";
import { referenceLines } from "../../core/pictures/reference-lines.js";
import { scaled } from "../../core/view/clear.js";
import { within } from "../../stage/clipping.js";
import { settings } from "../../transport/storage.js";

/** CSS pixels. */
const [LINE, UNDER] = [1.2, 3];

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

  /** @param {CanvasRenderingContext2D} on @param {Stamp} stamp */
  draw(on, stamp) {
    const { stage, session } = this.context;
    const view = stage.viewOf(stamp);
    const lines = this.on && view && session.kase ? referenceLines(stamp.viewports, view, session.kase) : [];
    stage.element.dataset.referenceLines = lines.map(({ viewport }) => viewport.id).join(" ");
    if (lines.length === 0) return;
    const clear = stage.keptClear.map((box) => scaled(box, devicePixelRatio));
    for (const line of lines) within(on, line.viewport, clear, () => stroke(on, line));
  }
}

/** @param {CanvasRenderingContext2D} context @param {ReferenceLine} line */
function stroke(context, { viewport, name, from, to }) {
  const [dark, light] = PLANE_COLOURS[name];
  context.lineCap = "butt";
  for (const [ink, width] of /** @type {[string, number][]} */ ([
    ["rgb(0 0 0 / 50%)", UNDER],
    [viewport.invert ? light : dark, LINE],
  ])) {
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.strokeStyle = ink;
    context.lineWidth = width * devicePixelRatio;
    context.stroke();
  }
}
