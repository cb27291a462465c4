/** The words of a mark that was just drawn: a level of the spine, or what is asked for. */
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
