/** Buttons of the tools that draw, and of what takes back: for everybody who takes part, with or without control. */
/** @import {Kind} from "../../stage/toolbox.js" */
/** @import {AnnotationController} from "./annotation-controller.js" */
import { html, icon, tool } from "../../kit/html.js";

/** @type {{kind: Kind, name: string}[]} */
export const MARK_TOOLS = [
  { kind: "length", name: "Length" },
  { kind: "angle", name: "Angle" },
  { kind: "ellipse", name: "Ellipse" },
  { kind: "probe", name: "Probe" },
  { kind: "arrow", name: "Arrow" },
  { kind: "text", name: "Text" },
];

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
      aria-label=${`${name} tool`}
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
      name: "Undo",
      glyph: "undo",
      key: "Ctrl+Z",
      disabled: !may || !undoable,
      do: () => void annotations.acts.again("undo"),
    }),
    tool({
      name: "Redo",
      glyph: "redo",
      key: "Ctrl+Y",
      disabled: !may || !redoable,
      do: () => void annotations.acts.again("redo"),
    }),
  ];
}
