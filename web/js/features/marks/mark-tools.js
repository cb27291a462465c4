/** The tools that draw, and what takes back: for everybody who takes part, with or without control. */
/** @import {ConsultPage} from "../../app/consult-page.js" */
/** @import {Kind} from "./annotation-controller.js" */
import { button, el, glyph } from "../../kit/dom.js";
import { openMenu } from "../../kit/menu.js";

/** @type {{kind: Kind, name: string}[]} */
export const MARK_TOOLS = [
  { kind: "length", name: "Length" },
  { kind: "angle", name: "Angle" },
  { kind: "ellipse", name: "Ellipse" },
  { kind: "probe", name: "Probe" },
  { kind: "arrow", name: "Arrow" },
  { kind: "text", name: "Text" },
];

/** Buttons of the radio group of tools. @param {ConsultPage} page */
export function markToolButtons(page) {
  const { annotations } = page;
  const off = !annotations.may;
  return MARK_TOOLS.map(({ kind, name }) =>
    el(
      "button",
      {
        type: "button",
        class: "tool",
        role: "radio",
        "aria-checked": String(annotations.tool === kind),
        "aria-label": `${name} tool`,
        title: off ? annotations.whyNot : name,
        disabled: off,
        tabindex: annotations.tool === kind ? 0 : -1,
        onclick: () => annotations.setTool(annotations.tool === kind ? "" : kind),
      },
      glyph(`mark-${kind}`),
    ),
  );
}

/** @param {ConsultPage} page */
export function undoButtons(page) {
  const { annotations } = page;
  const make = (/** @type {"undo" | "redo"} */ what, /** @type {string} */ key, /** @type {boolean} */ possible) => {
    const element = button({
      name: what === "undo" ? "Undo" : "Redo",
      glyph: what,
      key,
      class: "tool",
      onclick: () => void annotations.again(what),
    });
    element.disabled = !annotations.may || !possible;
    return element;
  };
  return [make("undo", "Ctrl+Z", annotations.undoable), make("redo", "Ctrl+Y", annotations.redoable > 0)];
}

/** Keep what the active viewport shows. @param {ConsultPage} page */
export function keepButton(page) {
  const kept = page.panel.keys.here !== null;
  const element = button({
    name: kept ? "Drop the key image" : "Keep key image",
    glyph: "bookmark",
    key: "K",
    class: "tool",
    onclick: () => void page.panel.keys.toggle(),
  });
  element.dataset.name = "keep";
  element.setAttribute("aria-pressed", String(kept));
  element.disabled = !page.annotations.may;
  return element;
}

/** On small screens: one button, and all in its menu. @param {ConsultPage} page @param {HTMLElement} anchor */
export function drawMenu(page, anchor) {
  const { annotations } = page;
  /** @type {import("../../kit/menu.js").Item[]} */
  const items = MARK_TOOLS.map(({ kind, name }) => ({
    name,
    glyph: `mark-${kind}`,
    checked: annotations.tool === kind,
    choose: () => annotations.setTool(annotations.tool === kind ? "" : kind),
  }));
  openMenu(anchor, "Draw", [...items, ...markActs(page)]);
}

/** What takes back, and what keeps. @param {ConsultPage} page @returns {import("../../kit/menu.js").Item[]} */
export function markActs(page) {
  const { annotations } = page;
  /** @type {import("../../kit/menu.js").Item[]} */
  const items = [];
  if (annotations.undoable)
    items.push({ name: "Undo", glyph: "undo", line: true, choose: () => void annotations.again("undo") });
  if (annotations.redoable > 0)
    items.push({ name: "Redo", glyph: "redo", choose: () => void annotations.again("redo") });
  if (annotations.selected)
    items.push({
      name: "Delete the mark",
      glyph: "x",
      bad: true,
      choose: () => void annotations.remove(annotations.selected),
    });
  items.push({
    name: page.panel.keys.here ? "Drop the key image" : "Keep key image",
    glyph: "bookmark",
    line: true,
    choose: () => void page.panel.keys.toggle(),
  });
  return items;
}
