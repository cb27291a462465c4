/** Menus of what is shown: layout, presets, how the picture lies. Each is opened at the control that it belongs to. */
/** @import {Layout, View} from "../../wire.js" */
/** @import {Part} from "../../core/view/view.js" */
/** @import {Navigation} from "../context.js" */
/** @import {Item} from "../../kit/menu.js" */
/** @import {Actions} from "./actions.js" */
import { formatWindow } from "../../core/format.js";
import { sameLayout } from "../../core/view/layout.js";
import { FOUR, ONE, TWO } from "../../core/view/view.js";
import { presetsOf, sameWindow } from "../../core/view/windows.js";
import { openMenu } from "../../kit/menu.js";

/** @param {View | null} view @param {Layout} layout */
const is = (view, layout) => !!view && sameLayout(view.layout, layout);

/** @param {Navigation} navigation @param {Actions} act @param {HTMLElement} anchor */
export function layoutMenu(navigation, act, anchor) {
  const { view } = navigation;
  openMenu(anchor, "Layout", [
    { name: "1×1", glyph: "layout-one", checked: is(view, ONE), choose: () => act.arrange("one") },
    {
      name: "1×2 compare, current and prior",
      glyph: "layout-two",
      checked: is(view, TWO),
      choose: () => act.arrange("compare"),
    },
    { name: "2×2", glyph: "layout-four", checked: is(view, FOUR), choose: () => act.arrange("four") },
  ]);
}

/** @param {Navigation} navigation @param {Actions} act @param {HTMLElement} anchor */
export function presetMenu(navigation, act, anchor) {
  const { activeSeries, activeViewport } = navigation;
  if (!activeSeries) return;
  openMenu(
    anchor,
    "Window presets",
    presetsOf(activeSeries).map((p) => ({
      name: p.name,
      more: [formatWindow(p.window), p.key].filter(Boolean).join("\u2003"),
      checked: sameWindow(p.window, activeViewport?.window),
      choose: () => act.window(p.window),
    })),
  );
}

/** What the file says of its own presentation, in words: [applied, left out].
 * @type {Record<Part, [string, string]>} */
const PARTS = {
  mask: ["Show unsubtracted", "Subtract the mask"],
  overlay: ["Hide the overlay", "Show the overlay"],
  shutter: ["Show what the shutter hides", "Apply the shutter"],
};

/** Parts of the file's own presentation. @param {Actions} act @param {Navigation} navigation @returns {Item[]} */
function partItems(act, { activeSeries, activeViewport }) {
  const without = activeViewport?.without ?? [];
  return (activeSeries?.presents ?? []).map((part, i) => ({
    name: PARTS[part][without.includes(part) ? 1 : 0],
    glyph: without.includes(part) ? "eye" : "x",
    line: i === 0,
    choose: () => act.togglePart(part),
  }));
}

/**
 * How the picture lies.
 * @param {Actions} act @param {{move: boolean, turn: boolean}} may @param {Navigation} navigation @returns {Item[]}
 */
export function pictureItems(act, { move, turn }, navigation) {
  /** @type {Item[]} */
  const items = [];
  const play = act.cine.button;
  if (move && play)
    items.push({ name: play.name, glyph: play.glyph, more: "C", line: true, choose: () => act.act("cine") });
  if (move)
    items.push(
      { name: "Fit", glyph: "fit", more: "=", line: true, choose: () => act.act("fit") },
      { name: "One to one", glyph: "one", more: "O", choose: () => act.act("one-to-one") },
      { name: "Invert", glyph: "invert", more: "I", choose: () => act.act("invert") },
    );
  if (turn)
    items.push(
      { name: "Rotate right", glyph: "rotate-right", more: "R", line: true, choose: () => act.act("rotate-right") },
      { name: "Rotate left", glyph: "rotate-left", more: "L", choose: () => act.act("rotate-left") },
      { name: "Flip horizontally", glyph: "flip-horizontal", more: "H", choose: () => act.act("flip-horizontal") },
      { name: "Flip vertically", glyph: "flip-vertical", more: "V", choose: () => act.act("flip-vertical") },
    );
  return move ? [...items, ...partItems(act, navigation)] : items;
}

/** What has bars of its own on large screens. @param {Navigation} navigation @param {Actions} act @returns {Item[]} */
export function layoutItems({ view, mayMove }, act) {
  if (!mayMove) return [];
  /** @type {Item[]} */
  const items = [
    { name: "Reset", glyph: "reset", more: "Space", choose: () => act.act("reset") },
    view && !is(view, ONE)
      ? { name: "One viewport", glyph: "layout-one", line: true, choose: () => act.arrange("one") }
      : { name: "Compare with the prior", glyph: "layout-two", line: true, choose: () => act.arrange("compare") },
  ];
  if (view && is(view, TWO))
    items.push({
      name: view.link ? "Unlink the viewports" : "Link the viewports as they are now",
      glyph: "link",
      choose: () => act.toggleLink(),
    });
  if (view && !is(view, ONE)) items.push({ name: "Other viewport", glyph: "swap", choose: () => act.otherViewport() });
  return items;
}
