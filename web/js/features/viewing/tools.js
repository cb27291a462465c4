/** The tools that move the view. */
/** @import {Tool} from "../../stage/pointer/drag.js" */
/** @import {ViewingContext} from "./viewing.js" */
import { t } from "../../core/language.js";
import { html, icon } from "../../kit/html.js";

/** @type {{tool: Tool, name: string, word: string, key: string, glyph: string}[]} */
export const TOOLS = [
  { tool: "window", name: t("Window and level"), word: t("Window"), key: "W", glyph: "window" },
  { tool: "pan", name: t("Pan"), word: t("Pan"), key: "P", glyph: "pan" },
  { tool: "zoom", name: t("Zoom"), word: t("Zoom"), key: "Z", glyph: "zoom" },
  { tool: "stack", name: t("Scroll"), word: t("Scroll"), key: "S", glyph: "stack" },
  { tool: "magnify", name: t("Magnify"), word: t("Magnify"), key: "Q", glyph: "magnify" },
];

/** Where planes are shown. @type {typeof TOOLS[number]} */
const CROSSHAIR = { tool: "crosshair", name: t("Crosshair"), word: t("Crosshair"), key: "D", glyph: "crosshair" };

/** The tools for what is shown. @param {import("../../wire.js").View | null} view */
export const toolsFor = (view) => (view?.crosshair ? [...TOOLS, CROSSHAIR] : TOOLS);

/** Why the window tool is idle. */
export const NO_WINDOW = t("A colour image has no window.");

/** Buttons of the radio group of tools. @param {ViewingContext} context */
export function toolButtons({ navigation, toolbox }) {
  const locked = !navigation.mayMove;
  return toolsFor(navigation.view).map((one) => {
    const idle = one.tool === "window" && navigation.activeSeries?.colour;
    const off = locked || idle;
    return html`<button
      type="button"
      class="tool"
      role="radio"
      aria-checked=${String(!off && !toolbox.drawing && toolbox.mouse === one.tool)}
      aria-label=${t("{name} tool", { name: one.name })}
      title=${locked ? navigation.whyNot : idle ? NO_WINDOW : `${one.name} (${one.key})`}
      ?disabled=${off}
      @click=${() => toolbox.take(one.tool)}
    >${icon(one.glyph)}</button>`;
  });
}
