/** Menus of what is shown: layout, presets, how the picture lies. Each is opened at the control that it belongs to. */
/** @import {Layout, View} from "../../wire.js" */
/** @import {Part} from "../../core/view/view.js" */
/** @import {Navigation} from "../context.js" */
/** @import {Item} from "../../kit/menu.js" */
/** @import {Actions} from "./actions.js" */
import { formatWindow } from "../../core/format.js";
import { t } from "../../core/language.js";
import { PALETTES } from "../../core/planes/colours.js";
import { suvFactor, suvName, uptakeWindow, whyNoSul } from "../../core/planes/uptake.js";
import { sameLayout } from "../../core/view/layout.js";
import { ONE, TWO } from "../../core/view/opening/layouts.js";
import { closeMenu, openMenu } from "../../kit/menu.js";
import { gridPicker } from "./grid-picker.js";
import { mosaicItem } from "./mosaic-menu.js";

/** @param {View | null} view @param {Layout} layout */
const is = (view, layout) => !!view && !view.mosaic && sameLayout(view.layout, layout);

/** @param {Navigation} navigation @param {Actions} act @param {{anchor: HTMLElement, more: Item[]}} at */
export function layoutMenu(navigation, act, { anchor, more }) {
  const { view } = navigation;
  const planes = more.some((item) => item.checked);
  const choose = (/** @type {Layout} */ layout) => {
    closeMenu();
    act.grid(layout);
  };
  /** @type {Item[]} */
  const items = [
    {
      name: t("1×2 compare, current and prior"),
      glyph: "layout-two",
      checked: is(view, TWO) && !planes,
      choose: () => act.compare(),
    },
    ...act.hangings.items,
    ...mosaicItem(navigation, act, anchor),
    ...more,
    ...linesItem(view, act),
  ];
  openMenu(anchor, t("Layout"), items, gridPicker(planes || view?.mosaic ? null : view, choose));
}

/** Where the active picture cuts the others; each reader's own. @param {View | null} view @param {Actions} act
 * @returns {Item[]} */
function linesItem(view, { lines }) {
  if (!view || view.viewports.length < 2) return [];
  const { on } = lines;
  return [
    {
      name: on ? t("Hide the reference lines") : t("Show the reference lines"),
      glyph: on ? "x" : "eye",
      checked: false,
      line: true,
      choose: () => lines.toggle(),
    },
  ];
}

/** How fast, and which part of what plays. @param {Actions} act @param {HTMLElement} anchor */
export const cineMenu = (act, anchor) => openMenu(anchor, t("Speed and part"), act.cine.items);

/** @param {Actions} act @param {HTMLElement} anchor */
export function presetMenu(act, anchor) {
  const windows = act.presets.map(({ preset: { name, window, key }, series, chosen, line, choose }) => ({
    name,
    more: [windowWords(series, window), key].filter(Boolean).join("\u2003"),
    checked: chosen,
    line,
    choose,
  }));
  openMenu(anchor, t("Window presets"), [...windows, ...uptakeItems(act)]);
}

/** By which mass PET is read; nothing where there is no SUV. @param {Actions} act @returns {Item[]} */
function uptakeItems(act) {
  const { pet } = act;
  if (!pet || !suvFactor(pet)) return [];
  const why = whyNoSul(pet);
  const isLean = suvName(pet) === "SUL";
  return [
    { name: t("SUVbw, by body weight"), checked: !isLean, line: true, choose: () => act.readUptake("body_weight") },
    {
      name: t("SUL, by lean body mass (Janmahasatian)"),
      below: why ? [why] : [],
      checked: isLean,
      disabled: why !== "",
      choose: () => act.readUptake("lean_mass"),
    },
  ];
}

/** @param {import("../../wire.js").Series} series @param {import("../../wire.js").Window} window */
const windowWords = (series, window) =>
  series.modality === "PT" ? uptakeWindow(series, window) : formatWindow(window);

/** What the file says of its own presentation, in words: [applied, left out].
 * @type {Record<Part, [string, string]>} */
const PARTS = {
  mask: [t("Show unsubtracted"), t("Subtract the mask")],
  overlay: [t("Hide the overlay"), t("Show the overlay")],
  shutter: [t("Show what the shutter hides"), t("Apply the shutter")],
  palette: [t("Hide the colours of the file"), t("Show the colours of the file")],
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

/** What colours greys may be shown in. @param {Actions} act @param {HTMLElement} anchor */
export function coloursMenu(act, anchor) {
  const now = act.palette;
  openMenu(anchor, t("Colours"), [
    { name: t("Greys"), checked: now === "", choose: () => act.paint("") },
    ...PALETTES.map(([palette, name]) => ({ name, checked: now === palette, choose: () => act.paint(palette) })),
  ]);
}

/**
 * How the picture lies.
 * @param {Actions} act @param {{move: boolean, turn: boolean}} may @param {Navigation} navigation
 * @param {HTMLElement} anchor of the menu @returns {Item[]}
 */
export function pictureItems(act, { move, turn }, navigation, anchor) {
  /** @type {Item[]} */
  const items = [];
  const play = act.cine.button;
  if (move && play)
    items.push({ name: play.name, glyph: play.glyph, more: "C", line: true, choose: () => act.act("cine") });
  if (move)
    items.push(
      { name: t("Fit"), glyph: "fit", more: "=", line: true, choose: () => act.act("fit") },
      { name: t("One to one"), glyph: "one", more: "O", choose: () => act.act("one-to-one") },
      { name: t("Invert"), glyph: "invert", more: "I", choose: () => act.act("invert") },
    );
  if (move && act.hasTrueSize)
    items.push(
      { name: t("True size"), glyph: "one", choose: () => void act.trueSize() },
      { name: t("Size of this screen …"), glyph: "fit", choose: () => void act.measureScreen() },
    );
  if (move && act.palette !== null)
    items.push({ name: t("Colours …"), glyph: "window", choose: () => coloursMenu(act, anchor) });
  if (turn)
    items.push(
      { name: t("Rotate right"), glyph: "rotate-right", more: "R", line: true, choose: () => act.act("rotate-right") },
      { name: t("Rotate left"), glyph: "rotate-left", more: "L", choose: () => act.act("rotate-left") },
      { name: t("Flip horizontally"), glyph: "flip-horizontal", more: "H", choose: () => act.act("flip-horizontal") },
      { name: t("Flip vertically"), glyph: "flip-vertical", more: "V", choose: () => act.act("flip-vertical") },
    );
  return move ? [...items, ...partItems(act, navigation), ...act.mask.items] : items;
}

/** What has bars of its own on large screens. @param {Navigation} navigation @param {Actions} act
 * @param {() => void} open the menu of all layouts @returns {Item[]} */
export function layoutItems({ view, mayMove }, act, open) {
  if (!mayMove) return [];
  /** @type {Item[]} */
  const items = [
    { name: t("Reset"), glyph: "reset", more: t("Space"), choose: () => act.act("reset") },
    view && !is(view, ONE)
      ? { name: t("One viewport"), glyph: "layout-one", line: true, choose: () => act.grid(ONE) }
      : { name: t("Compare with the prior"), glyph: "layout-two", line: true, choose: () => act.compare() },
    { name: t("Layout …"), glyph: "layout-four", choose: open },
  ];
  if (view && act.mayLink)
    items.push({
      name: view.link ? t("Unlink the viewports") : t("Link the viewports as they are now"),
      glyph: "link",
      choose: () => act.toggleLink(),
    });
  if (view && !is(view, ONE))
    items.push({ name: t("Other viewport"), glyph: "swap", choose: () => act.otherViewport() });
  return items;
}
