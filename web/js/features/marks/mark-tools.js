/** Buttons of the tools that draw, and of what takes back: for everybody who takes part, with or without control. */
/** @import {Kind} from "../../stage/toolbox.js" */
/** @import {AnnotationController} from "./annotation-controller.js" */
import { t } from "../../core/language.js";
import { KIND_NAMES } from "../../core/marks/measure.js";
import { html, icon, tool } from "../../kit/html.js";

/** @type {Kind[]} */
const KINDS = ["length", "angle", "ellipse", "probe", "arrow", "text"];
export const MARK_TOOLS = KINDS.map((kind) => ({ kind, name: KIND_NAMES[kind] }));

/** Buttons of the radio group of tools. @param {AnnotationController} annotations */
export function markButtons(annotations) {
  const { toolbox } = annotations.context;
  const off = !annotations.may;
  return MARK_TOOLS.map(({ kind, name }) => {
    const chosen = toolbox.drawing === kind;
    return html`<button
      type="button"
      class="tool"
      role="radio"
      aria-checked=${String(chosen)}
      aria-label=${t("{name} tool", { name })}
      title=${off ? annotations.whyNot : name}
      ?disabled=${off}
      @click=${() => toolbox.draw(chosen ? "" : kind)}
    >${icon(`mark-${kind}`)}</button>`;
  });
}

/** @param {AnnotationController} annotations */
export function undoButtons(annotations) {
  const { may, acts } = annotations;
  const { undoable, redoable } = acts;
  return [
    tool({
      name: t("Undo"),
      glyph: "undo",
      key: t("Ctrl+Z"),
      disabled: !may || !undoable,
      do: () => void annotations.acts.again("undo"),
    }),
    tool({
      name: t("Redo"),
      glyph: "redo",
      key: t("Ctrl+Y"),
      disabled: !may || !redoable,
      do: () => void annotations.acts.again("redo"),
    }),
  ];
}
