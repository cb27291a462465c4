/** The tools of who has control: one stop for the Tab key, arrows inside. */
/** @import {ConsultPage} from "../../app/consult-page.js" */
/** @import {Tool} from "../../stage/drag.js" */
import { el, glyph } from "../../kit/dom.js";
import { markToolButtons } from "../marks/mark-tools.js";

/** @type {{tool: Tool, name: string, word: string, key: string, glyph: string}[]} */
export const TOOLS = [
  { tool: "window", name: "Window and level", word: "Window", key: "W", glyph: "window" },
  { tool: "pan", name: "Pan", word: "Pan", key: "P", glyph: "pan" },
  { tool: "zoom", name: "Zoom", word: "Zoom", key: "Z", glyph: "zoom" },
  { tool: "stack", name: "Scroll", word: "Scroll", key: "S", glyph: "stack" },
];

/** It moves nothing: it needs no control. */
export const LASER = { tool: /** @type {Tool} */ ("laser"), name: "Laser pointer", word: "Point", glyph: "laser" };

/** @param {ConsultPage} page */
export function laserButton(page) {
  const on = page.tool === LASER.tool;
  return el(
    "button",
    {
      type: "button",
      class: "tool",
      "aria-pressed": String(on),
      "aria-label": LASER.name,
      disabled: page.session.phase !== "live",
      title: on ? "Laser pointer (Esc leaves it)" : LASER.name,
      onclick: () => page.setTool(on ? "stack" : LASER.tool),
    },
    glyph(LASER.glyph),
  );
}

/** @param {ConsultPage} page */
export function toolButtons(page) {
  const off = !page.mayMove;
  const tools = TOOLS.map((t) =>
    el(
      "button",
      {
        type: "button",
        class: "tool",
        role: "radio",
        "aria-checked": String(!off && !page.annotations.tool && page.tool === t.tool),
        "aria-label": `${t.name} tool`,
        title: off ? page.whyNot : `${t.name} (${t.key})`,
        disabled: off,
        tabindex: page.tool === t.tool ? 0 : -1,
        onclick: () => page.setTool(t.tool),
      },
      glyph(t.glyph),
    ),
  );
  const marks = markToolButtons(page);
  const all = [...tools, ...marks];
  const group = el(
    "div",
    { class: "tools", role: "radiogroup", "aria-label": "Tools" },
    ...tools,
    el("span", { class: "gap-line" }),
    ...marks,
  );
  if (!all.some((b) => b.tabIndex === 0 && !b.disabled)) all.find((b) => !b.disabled)?.setAttribute("tabindex", "0");
  group.addEventListener("keydown", (event) =>
    roving(
      event,
      all.filter((b) => !b.disabled),
    ),
  );
  return group;
}

/** @param {KeyboardEvent} event @param {HTMLButtonElement[]} buttons */
function roving(event, buttons) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  if (by === undefined || at < 0) return;
  event.stopPropagation();
  event.preventDefault();
  buttons[(at + by + buttons.length) % buttons.length]?.focus();
}
