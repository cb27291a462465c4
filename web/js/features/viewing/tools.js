/** The tools that move the view. */
/** @import {Tool} from "../../stage/drag.js" */
/** @import {ViewingContext} from "./viewing.js" */
import { html, icon } from "../../kit/html.js";

/** @type {{tool: Tool, name: string, word: string, key: string, glyph: string}[]} */
export const TOOLS = [
  { tool: "window", name: "Window and level", word: "Window", key: "W", glyph: "window" },
  { tool: "pan", name: "Pan", word: "Pan", key: "P", glyph: "pan" },
  { tool: "zoom", name: "Zoom", word: "Zoom", key: "Z", glyph: "zoom" },
  { tool: "stack", name: "Scroll", word: "Scroll", key: "S", glyph: "stack" },
];

/** Why the window tool is idle. */
export const NO_WINDOW = "A colour image has no window.";

/** Buttons of the radio group of tools. @param {ViewingContext} context */
export function toolButtons({ navigation, toolbox }) {
  const locked = !navigation.mayMove;
  return TOOLS.map((t) => {
    const idle = t.tool === "window" && navigation.activeSeries?.colour;
    const off = locked || idle;
    return html`<button
      type="button"
      class="tool"
      role="radio"
      aria-checked=${String(!off && !toolbox.drawing && toolbox.mouse === t.tool)}
      aria-label=${`${t.name} tool`}
      title=${locked ? navigation.whyNot : idle ? NO_WINDOW : `${t.name} (${t.key})`}
      ?disabled=${off}
      @click=${() => toolbox.take(t.tool)}
    >${icon(t.glyph)}</button>`;
  });
}
