/** The words of a mark that was just drawn (a level of the spine, or what is asked for), and those about drawing it. */
/** @import {Shape} from "../../wire.js" */
/** @import {AnnotationContext} from "./annotation-controller.js" */
import { t } from "../../core/language.js";
import { following } from "../../core/marks/spine.js";
import { askLabel } from "./ask-label.js";

/** The level of the spine that is placed, where levels are; the next press places the next.
 * @param {Shape} shape @param {Pick<AnnotationContext, "toolbox" | "notices">} context @returns {string | null} */
export function nextLevel({ kind }, { toolbox, notices }) {
  if (!toolbox.spine || kind !== "text") return null;
  const placed = toolbox.spine.next;
  toolbox.spine = following(toolbox.spine);
  const level = toolbox.spine?.next;
  if (level) notices.show({ text: t("{level} is next. Esc ends.", { level }), glyph: "mark-text" });
  else queueMicrotask(() => toolbox.draw(""));
  return placed;
}

/** Its words, if its kind has some; null where they are not given. @param {Shape} shape */
export function askWords({ kind }) {
  if (kind !== "text" && kind !== "arrow") return "";
  return askLabel(kind === "text" ? t("Text") : t("Text at the arrow"), "");
}

/** How to end what has no last step. @param {AnnotationContext["notices"]} notices @param {string} kind */
export function explain(notices, kind) {
  const text = t("Click point by point; the last one again ends the line, the first one closes it.");
  if (kind === "polyline") notices.show({ text, glyph: "mark-polyline" });
}

/** Of a slab there are no values: it shows a mean or an extreme of several voxels.
 * @param {AnnotationContext["notices"]} notices */
export function refuse(notices) {
  const text = t("No values are read from a slab. Set its thickness to 0 mm to measure single voxels.");
  notices.show({ text, glyph: "mark-probe" });
  return true;
}
