/** The pages that say one thing: a glyph, a title, a sentence, at most two actions. */
/** @import {Words} from "../core/words.js" */
import { el, glyph } from "./dom.js";

/** @typedef {{name: string, primary?: boolean, do: () => void}} PageAction */

/** The logo and the name. */
export function brand() {
  const logo = glyph("logo");
  logo.setAttribute("viewBox", "0 0 32 20");
  return [logo, el("span", { text: "consult" })];
}

/** @param {Words} words @param {PageAction[]} [actions] */
export function stateColumn(words, actions = []) {
  const buttons = actions.map((a) =>
    el("button", { type: "button", class: a.primary ? "button primary" : "button bare", text: a.name, onclick: a.do }),
  );
  return el(
    "div",
    { class: "state-column" },
    glyph(words.glyph),
    el("h1", { text: words.title }),
    el("p", { text: words.text }),
    buttons.length > 0 && el("div", { class: "actions" }, ...buttons),
  );
}
