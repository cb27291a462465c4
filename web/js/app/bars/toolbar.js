/** One group of all tools, of those that move the view and those that draw: one stop for the Tab key, arrows inside. */
/** @import {Features} from "../features.js" */
import { t } from "../../core/language.js";
import { html } from "../../kit/html.js";

/** @param {Features} features */
export const toolbar = ({ viewing, marks }) =>
  html`<div class="tools" role="radiogroup" aria-label=${t("Tools")} @keydown=${roving}>
    ${viewing.toolButtons}<span class="gap-line"></span>${marks.toolButtons}
  </div>`;

/** @param {KeyboardEvent & {currentTarget: HTMLElement}} event */
function roving(event) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const buttons = enabled(event.currentTarget);
  const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  if (by === undefined || at < 0) return;
  event.stopPropagation();
  event.preventDefault();
  buttons[(at + by + buttons.length) % buttons.length]?.focus();
}

/** @param {HTMLElement} group */
const enabled = (group) => [...group.querySelectorAll("button")].filter((b) => !b.disabled);

/** The Tab key always has a stop, also where the chosen tool cannot be used. @param {HTMLElement} bar */
export function keepTabStop(bar) {
  const buttons = enabled(bar);
  const stop = buttons.find((b) => b.getAttribute("aria-checked") === "true") ?? buttons[0];
  for (const button of buttons) button.tabIndex = button === stop ? 0 : -1;
}
