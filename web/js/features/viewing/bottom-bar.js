/** Below the stage: the first window presets with their keys, the rest in a menu. */
/** @import {ConsultPage} from "../../app/consult-page.js" */
import { presetsOf, sameWindow } from "../../core/view/windows.js";
import { el, find, glyph, rebuild } from "../../kit/dom.js";
import { presetMenu } from "./layout-menu.js";

const FIRST = 4;

/** @param {ConsultPage} page */
export function renderBottomBar(page) {
  const bar = find("#bottom-bar", HTMLElement);
  const { activeSeries, activeViewport } = page;
  const presets = activeSeries ? presetsOf(activeSeries) : [];
  const chosen = presets.find((p) => sameWindow(p.window, activeViewport?.window));
  const key = JSON.stringify([presets, chosen, page.mayMove]);
  rebuild(bar, key, () => [
    ...presets.slice(0, FIRST).map((p) =>
      el(
        "button",
        {
          type: "button",
          class: "preset",
          "aria-pressed": String(p === chosen),
          disabled: !page.mayMove,
          title: page.mayMove ? null : page.whyNot,
          onclick: () => page.actions.window(p.window),
        },
        el("span", { text: p.name }),
        p.key ? el("kbd", { "aria-hidden": true, text: p.key }) : null,
      ),
    ),
    presets.length > FIRST && more(page, chosen && presets.indexOf(chosen) >= FIRST ? chosen.name : ""),
    el("span", { class: "spring" }),
    el("span", { class: "diagnosis", text: "Not for primary diagnosis" }),
  ]);
}

/** @param {ConsultPage} page @param {string} chosen name of a preset that has no button of its own */
function more(page, chosen) {
  const element = el(
    "button",
    {
      type: "button",
      class: "preset",
      "aria-label": chosen ? `More presets, ${chosen}` : "More presets",
      "aria-haspopup": "menu",
      "aria-pressed": chosen ? "true" : null,
      disabled: !page.mayMove,
      onclick: () => presetMenu(page, element),
    },
    chosen ? el("span", { text: chosen }) : null,
    glyph("down"),
  );
  return element;
}
