/** Buttons of the tools that draw, and of what takes back: for everybody who takes part, with or without control. */
/** @import {Kind} from "../../stage/toolbox.js" */
/** @import {Item} from "../../kit/menu.js" */
/** @import {AnnotationController} from "./annotation-controller.js" */
import { t } from "../../core/language.js";
import { KIND_NAMES } from "../../core/marks/measure.js";
import { STARTS } from "../../core/marks/spine.js";
import { classes, html, icon, tool } from "../../kit/html.js";
import { openMenu } from "../../kit/menu.js";

/** All of them, those that belong together beside each other. @type {Kind[]} */
const KINDS = [
  "length",
  "bidirectional",
  "angle",
  "cobb",
  "polyline",
  "ellipse",
  "circle",
  "rectangle",
  "freehand",
  "probe",
  "arrow",
  "text",
];
/** Those that are needed more rarely: in a menu behind the others. @type {ReadonlySet<Kind>} */
const RARE = new Set(["cobb", "polyline", "circle", "rectangle", "freehand"]);
/** Of single keys. @type {Partial<Record<Kind, string>>} */
const KEYS = { length: "G", angle: "A", ellipse: "E" };
export const MARK_TOOLS = KINDS.map((kind) => ({ kind, name: KIND_NAMES[kind], key: KEYS[kind] ?? "" }));
const BAR_TOOLS = MARK_TOOLS.filter(({ kind }) => !RARE.has(kind));
const RARE_TOOLS = MARK_TOOLS.filter(({ kind }) => RARE.has(kind));

/** Tools as items of a menu. @param {AnnotationController} annotations @param {typeof MARK_TOOLS} tools
 * @returns {Item[]} */
export const toolItems = (annotations, tools = MARK_TOOLS) =>
  tools.map(({ kind, name, key }) => ({
    name,
    glyph: `mark-${kind}`,
    more: key,
    checked: annotations.context.toolbox.drawing === kind,
    choose: () => annotations.context.toolbox.toggle(kind),
  }));

/** Levels of the spine, counted. @param {AnnotationController} annotations @param {HTMLElement} anchor of the menu
 * @returns {Item} */
export const spineItem = ({ context: { toolbox } }, anchor) => ({
  name: t("Spine labels …"),
  glyph: "mark-text",
  checked: toolbox.spine !== null,
  choose: () =>
    openMenu(
      anchor,
      t("Spine labels"),
      STARTS.map((from) => ({
        name: from.by > 0 ? t("From {level} down", { level: from.next }) : t("From {level} up", { level: from.next }),
        choose: () => toolbox.label(from),
      })),
    ),
});

/** Buttons of the radio group of tools. @param {AnnotationController} annotations */
export function markButtons(annotations) {
  const { toolbox } = annotations.context;
  const off = !annotations.may;
  const buttons = BAR_TOOLS.map(({ kind, name, key }) => {
    const chosen = toolbox.drawing === kind;
    return html`<button
      type="button"
      class="tool"
      role="radio"
      aria-checked=${String(chosen)}
      aria-label=${t("{name} tool", { name })}
      title=${off ? annotations.whyNot : key ? `${name} (${key})` : name}
      ?disabled=${off}
      @click=${() => toolbox.toggle(kind)}
    >${icon(`mark-${kind}`)}</button>`;
  });
  return [...buttons, moreButton(annotations)];
}

/** All others, in a menu; the one of them that is in the hand is shown, and a press lets go of it.
 * @param {AnnotationController} annotations */
function moreButton(annotations) {
  const chosen = RARE_TOOLS.find(({ kind }) => kind === annotations.context.toolbox.drawing);
  const off = !annotations.may;
  const label = chosen ? t("{name} tool", { name: chosen.name }) : t("More measuring tools");
  return html`<button
    type="button"
    class=${classes("tool", "with-more")}
    role="radio"
    aria-checked=${String(chosen !== undefined)}
    aria-haspopup="menu"
    aria-label=${label}
    title=${off ? annotations.whyNot : chosen ? chosen.name : label}
    ?disabled=${off}
    @click=${(/** @type {Event & {currentTarget: HTMLElement}} */ { currentTarget }) =>
      openMenu(currentTarget, t("More measuring tools"), [
        ...toolItems(annotations, RARE_TOOLS),
        spineItem(annotations, currentTarget),
      ])}
  >${icon(chosen ? `mark-${chosen.kind}` : "mark-more")}</button>`;
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
