/** Keys, as conventions of viewers have them; one table for what they do and for what `?` shows. */
import { t } from "../language.js";
import { isSign, keysOf } from "./typed.js";

/**
 * @typedef {"tool-window" | "tool-pan" | "tool-zoom" | "tool-stack" | "tool-magnify" | "tool-crosshair"
 *   | "planes"
 *   | "zoom-in" | "zoom-out" | "fit" | "one-to-one"
 *   | "rotate-right" | "rotate-left" | "flip-horizontal" | "flip-vertical" | "invert" | "previous" | "next"
 *   | "cine" | "cine-slower" | "cine-faster" | "previous-time" | "next-time" | "previous-five" | "next-five" | "first"
 *   | "last" | "previous-series" | "next-series" | "previous-viewport"
 *   | "next-viewport" | "reset" | "undo" | "redo" | "delete-mark" | "keep-image" | "make-finding" | "escape"
 *   | "tool-length" | "tool-angle" | "tool-ellipse" | "finish-mark"
 *   | "next-case" | "next-prepared" | "previous-prepared" | "microphone" | "hand" | "follow" | "keys"} Action
 */
/** @typedef {{action: Action} | {preset: string}} Meaning */
/** @import {Typed} from "./typed.js" */
/** @typedef {Typed & {shiftKey: boolean, ctrlKey: boolean, metaKey: boolean, altKey: boolean}} Press */

/** @type {Record<string, Action>} */
const ACTIONS = {
  w: "tool-window",
  p: "tool-pan",
  z: "tool-zoom",
  s: "tool-stack",
  q: "tool-magnify",
  d: "tool-crosshair",
  g: "tool-length",
  a: "tool-angle",
  e: "tool-ellipse",
  Enter: "finish-mark",
  x: "planes",
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
  "<": "cine-slower",
  ">": "cine-faster",
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
  "]": "next-prepared",
  "[": "previous-prepared",
  m: "microphone",
  y: "hand",
  f: "follow",
  k: "keep-image",
  b: "make-finding",
  Delete: "delete-mark",
  Backspace: "delete-mark",
  "?": "keys",
};

/** What a press means, or null. Modified keys are the browser's. @param {Press} press @returns {Meaning | null} */
export function meaning(press) {
  const { shiftKey, ctrlKey, metaKey, altKey } = press;
  const held = ctrlKey !== metaKey && !altKey;
  if (!held && (ctrlKey || metaKey || altKey)) return null;
  const found = keysOf(press).map((key) => (held ? controlled(key, shiftKey) : plain(key, shiftKey)));
  return found.find((meant) => meant !== null) ?? null;
}

/** @param {string} key @param {boolean} shift @returns {Meaning | null} */
function plain(key, shift) {
  if (shift && key === "ArrowUp") return { action: "previous-five" };
  if (shift && key === "ArrowDown") return { action: "next-five" };
  if (/^[1-9]$/.test(key)) return { preset: key };
  const action = Object.hasOwn(ACTIONS, key) ? ACTIONS[key] : undefined;
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

/** What moves: held down, it goes on. All else acts once a press, undo too: it takes back what all have seen.
 * @type {ReadonlySet<Action>} */
const MOVES = new Set([
  "previous",
  "next",
  "previous-five",
  "next-five",
  "previous-time",
  "next-time",
  "previous-series",
  "next-series",
  "previous-viewport",
  "next-viewport",
  "zoom-in",
  "zoom-out",
]);

/** Whether a key that is held down does it again and again. @param {Meaning} found */
export const repeats = (found) => "action" in found && MOVES.has(found.action);

/**
 * A single key, which may be switched off; not the one that leads to the switch.
 * @param {Press} press @param {Meaning} found
 */
export const isSingle = (press, found) =>
  isSign(press.key) && !press.ctrlKey && !press.metaKey && !("action" in found && found.action === "keys");

/** What is written on keys, in the reader's language. @param {string} keys */
const named = (keys) => keys.split(", ");

/** For the list that `?` shows. @type {[string, string[]][]} */
export const KEY_LIST = [
  [t("Previous, next image"), ["↑", "↓"]],
  [t("Five images"), [...named(t("Shift")), "↑", "↓"]],
  [t("First, last image"), named(t("Home, End"))],
  [t("Previous, next time, phase, b value"), [",", "."]],
  [t("Play, stop"), ["C"]],
  [t("Play slower, faster"), ["<", ">"]],
  [t("Previous, next series"), named(t("PgUp, PgDn"))],
  [t("Other viewport"), ["←", "→"]],
  [t("Presets"), ["1", "…", "9"]],
  [t("Window, pan tool"), ["W", "P"]],
  [t("Zoom, scroll tool"), ["Z", "S"]],
  [t("Magnify"), ["Q"]],
  [t("Planes, crosshair tool"), ["X", "D"]],
  [t("Length, angle, ellipse tool"), ["G", "A", "E"]],
  [t("End a polyline"), named(t("Enter"))],
  [t("Zoom in, out, fit"), ["+", "−", "="]],
  [t("One to one"), ["O"]],
  [t("Rotate"), ["R", "L"]],
  [t("Flip"), ["H", "V"]],
  [t("Invert"), ["I"]],
  [t("Reset"), named(t("Space"))],
  [t("Next, previous prepared view"), ["]", "["]],
  [t("Keep key image"), ["K"]],
  [t("Make a finding"), ["B"]],
  [t("Delete the mark"), named(t("Del, Backspace"))],
  [t("Undo"), named(t("Ctrl Z"))],
  [t("Redo"), named(t("Ctrl Y, Ctrl Shift Z"))],
  [t("Next case"), ["N"]],
  [t("Mute, unmute"), ["M"]],
  [t("Raise hand"), ["Y"]],
  [t("Follow or look around"), ["F"]],
  [t("Close, leave a tool"), named(t("Esc"))],
  [t("These keys"), ["?"]],
];
