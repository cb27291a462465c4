/** Keys, as conventions of viewers have them; one table for what they do and for what `?` shows. */

/**
 * @typedef {"tool-window" | "tool-pan" | "tool-zoom" | "tool-stack" | "zoom-in" | "zoom-out" | "fit" | "one-to-one"
 *   | "rotate-right" | "rotate-left" | "flip-horizontal" | "flip-vertical" | "invert" | "previous" | "next"
 *   | "cine" | "previous-time" | "next-time" | "previous-five" | "next-five" | "first" | "last" | "previous-series" |
 *   "next-series" | "previous-viewport"
 *   | "next-viewport" | "reset" | "undo" | "redo" | "delete-mark" | "keep-image" | "escape" | "next-case" |
 *   "microphone" | "hand" | "follow" | "keys"} Action
 */
/** @typedef {{action: Action} | {preset: string}} Meaning */
/** @typedef {{key: string, shiftKey: boolean, ctrlKey: boolean, metaKey: boolean, altKey: boolean}} Press */

/** @type {Record<string, Action>} */
const ACTIONS = {
  w: "tool-window",
  p: "tool-pan",
  z: "tool-zoom",
  s: "tool-stack",
  "+": "zoom-in",
  "-": "zoom-out",
  "=": "fit",
  o: "one-to-one",
  r: "rotate-right",
  l: "rotate-left",
  h: "flip-horizontal",
  v: "flip-vertical",
  i: "invert",
  ArrowUp: "previous",
  ArrowDown: "next",
  c: "cine",
  ",": "previous-time",
  ".": "next-time",
  Home: "first",
  End: "last",
  PageUp: "previous-series",
  PageDown: "next-series",
  ArrowLeft: "previous-viewport",
  ArrowRight: "next-viewport",
  " ": "reset",
  Escape: "escape",
  n: "next-case",
  m: "microphone",
  y: "hand",
  f: "follow",
  k: "keep-image",
  Delete: "delete-mark",
  Backspace: "delete-mark",
  "?": "keys",
};

/** What a press means, or null. Modified keys are the browser's. @param {Press} press @returns {Meaning | null} */
export function meaning({ key, shiftKey, ctrlKey, metaKey, altKey }) {
  if (ctrlKey !== metaKey && !altKey) return controlled(key.toLowerCase(), shiftKey);
  if (ctrlKey || metaKey || altKey) return null;
  if (shiftKey && key === "ArrowUp") return { action: "previous-five" };
  if (shiftKey && key === "ArrowDown") return { action: "next-five" };
  if (/^[1-9]$/.test(key)) return { preset: key };
  const name = key.length === 1 ? key.toLowerCase() : key;
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  return action ? { action } : null;
}

/** With Ctrl, or Cmd. @param {string} key @param {boolean} shift @returns {Meaning | null} */
function controlled(key, shift) {
  if (key === "z") return { action: shift ? "redo" : "undo" };
  return key === "y" && !shift ? { action: "redo" } : null;
}
/** @type {ReadonlySet<Action>} */
const FREE = new Set(["keys", "escape", "microphone", "hand", "follow"]);

/** What needs no control. @param {Meaning} found */
export const isFree = (found) => "action" in found && FREE.has(found.action);

/** For the list that `?` shows. @type {[string, string[]][]} */
export const KEY_LIST = [
  ["Previous, next image", ["↑", "↓"]],
  ["Five images", ["Shift", "↑", "↓"]],
  ["First, last image", ["Home", "End"]],
  ["Previous, next time, phase, b value", [",", "."]],
  ["Play, stop", ["C"]],
  ["Previous, next series", ["PgUp", "PgDn"]],
  ["Other viewport", ["←", "→"]],
  ["Presets", ["1", "…", "9"]],
  ["Window, pan tool", ["W", "P"]],
  ["Zoom, scroll tool", ["Z", "S"]],
  ["Zoom in, out, fit", ["+", "−", "="]],
  ["One to one", ["O"]],
  ["Rotate", ["R", "L"]],
  ["Flip", ["H", "V"]],
  ["Invert", ["I"]],
  ["Reset", ["Space"]],
  ["Keep key image", ["K"]],
  ["Delete the mark", ["Del", "Backspace"]],
  ["Undo", ["Ctrl Z"]],
  ["Redo", ["Ctrl Y", "Ctrl Shift Z"]],
  ["Next case", ["N"]],
  ["Mute, unmute", ["M"]],
  ["Raise hand", ["Y"]],
  ["Follow or look around", ["F"]],
  ["Close, leave a tool", ["Esc"]],
  ["These keys", ["?"]],
];
