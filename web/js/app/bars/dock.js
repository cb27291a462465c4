/** The dock of small screens. A phone has place for four buttons and More, where all others are; a tablet for most. */
/** @import {Item} from "../../kit/menu.js" */
/** @import {Parts} from "../features.js" */
import { counted } from "../../core/format.js";
import { t } from "../../core/language.js";
import { find } from "../../kit/dom.js";
import { classes, control, draw, html, nothing } from "../../kit/html.js";
import { MARK_TOOLS } from "../../features/marks/mark-tools.js";
import { toolsFor } from "../../features/viewing/tools.js";
import { driveActs } from "../features.js";
import { moreMenu } from "../more-menu.js";

/** Beside the microphone and More. */
const PLACES = 3;

/**
 * @typedef {object} Entry
 * @property {string} word
 * @property {string} [name]
 * @property {string} glyph
 * @property {boolean} [pressed] of what is on or off
 * @property {boolean} [disabled]
 * @property {boolean} [primary]
 * @property {boolean} [menu] it opens one
 * @property {boolean} [word_too] on a tablet too
 * @property {(at: HTMLElement) => void} do
 */

/** @param {Parts} parts */
export function renderDock(parts) {
  const { context, features } = parts;
  const form = context.form();
  const tablet = form === "tablet";
  const [shown, others] = tablet ? [ofTablet(parts), []] : divide(ofPhone(parts));
  const n = context.session.online.size;
  /** @type {Entry} */
  const people = {
    word: counted(n, "person", "people"),
    glyph: "people",
    do: () => context.sheets.open("rail"),
  };
  /** @type {Entry} */
  const more = {
    word: t("More"),
    glyph: "more",
    menu: true,
    do: (at) =>
      moreMenu(
        parts,
        at,
        true,
        others.map((entry) => itemOf(entry, at)),
      ),
  };
  draw(
    find("#dock", HTMLElement),
    html`${features.voice.microphoneButton("dock-button microphone")}${
      tablet ? features.people.handButton("dock-button raise icon") : nothing
    }${shown.map((entry) => entryButton(entry, tablet && !entry.word_too))}${
      form === "landscape" ? entryButton(people) : nothing
    }${entryButton(more, tablet)}`,
  );
}

/**
 * What stays in the dock of a phone, and what goes into More. A tool in the hand stays.
 * @param {Entry[]} entries
 * @returns {[Entry[], Entry[]]}
 */
function divide(entries) {
  const held = entries.slice(PLACES).find((e) => e.pressed);
  const sorted = held ? [held, ...entries.filter((e) => e !== held)] : entries;
  return [sorted.slice(0, PLACES), sorted.slice(PLACES)];
}

/** The most needed first. @param {Parts} parts @returns {Entry[]} */
function ofPhone(parts) {
  const { play, speed } = cineEntries(parts);
  return [...play, ...byStanding(parts), ...speed];
}

/** By who has control. @param {Parts} parts @returns {Entry[]} */
function byStanding(parts) {
  const { session, navigation } = parts.context;
  const hand = handEntry(parts);
  const may = !!session.standing?.mayDraw;
  const point = may ? [toggled(parts, t("Point"), "point", "laser")] : [];
  const window = toggled(parts, t("Window"), "window", "window");
  const drawing = may ? [drawEntry(parts)] : [];
  const acts = session.live
    ? actEntries(parts)
    : [{ word: t("Look around"), glyph: "compass", disabled: true, do: () => undefined }];
  const magnify = toggled(parts, t("Magnify"), "magnify", "magnify");
  if (navigation.independent)
    return [window, hand, ...acts, presetEntry(parts), seriesEntry(parts), magnify, ...drawing];
  if (!session.drives && session.standing?.host) return [...acts.reverse(), ...point, hand, magnify, ...drawing];
  if (!session.drives) return [...point, hand, ...acts, magnify, ...drawing];
  const back = acts.filter((e) => e.word === "Give back");
  return [
    window,
    ...drawing,
    ...back,
    seriesEntry(parts),
    presetEntry(parts),
    ...point,
    hand,
    magnify,
    ...acts.filter((e) => !back.includes(e)),
  ];
}

/** Of what is made to be played, for whoever moves the picture: play or stop, and how fast.
 * @param {Parts} parts @returns {{play: Entry[], speed: Entry[]}} */
function cineEntries({ context: { navigation }, features: { viewing } }) {
  const cine = viewing.acts.cine.button;
  if (!cine || !navigation.mayMove || !navigation.navigates) return { play: [], speed: [] };
  const { name, glyph, rate, playing } = cine;
  return {
    play: [{ word: name, glyph, pressed: playing, do: () => viewing.acts.act("cine") }],
    speed: [
      {
        word: rate,
        name: t("Speed and part, {rate}", { rate }),
        glyph: "clock",
        menu: true,
        do: (at) => viewing.openCineMenu(at),
      },
    ],
  };
}

/** @param {Parts} parts @returns {Entry[]} */
function ofTablet(parts) {
  const { session, navigation, toolbox } = parts.context;
  const explore = actEntries(parts)
    .filter((e) => e.glyph === "compass" || e.primary)
    .map((e) => ({ ...e, word_too: true }));
  const tools = toolsFor(navigation.view).map((t) => ({
    word: t.word,
    name: t.name,
    glyph: t.glyph,
    pressed: toolbox.finger === t.tool && toolbox.drawing === "",
    disabled: !navigation.mayMove,
    do: () => toolbox.take(t.tool),
  }));
  const { play, speed } = cineEntries(parts);
  return [
    ...explore,
    ...play,
    ...speed,
    ...tools,
    ...(session.standing?.mayDraw ? [toggled(parts, t("Point"), "point", "laser"), drawEntry(parts)] : []),
    presetEntry(parts),
  ];
}

/** What concerns following and control. @param {Parts} parts @returns {Entry[]} */
function actEntries({ features }) {
  return driveActs(features).map((act) => ({
    word: act.word ?? act.name,
    name: act.word ? `${act.word}, ${features.follow.view.presenter}` : act.name,
    glyph: act.glyph,
    disabled: act.disabled === true,
    primary: act.primary === true,
    menu: act.menu === true,
    do: act.do,
  }));
}

/** @param {Parts} parts @returns {Entry} */
function handEntry({ context, features }) {
  const { up } = features.people.hand;
  const word = up ? t("Lower hand") : t("Raise hand");
  return {
    word: context.form() === "landscape" ? t("Hand") : word,
    name: word,
    glyph: "hand",
    pressed: up,
    disabled: !context.session.live,
    do: () => features.people.toggleHand(),
  };
}

/**
 * A finger does this instead of scrolling.
 * @param {Parts} parts
 * @param {string} word
 * @param {string} glyph
 * @param {import("../../stage/pointer/drag.js").Tool} tool
 * @returns {Entry}
 */
function toggled({ context: { toolbox, navigation } }, word, glyph, tool) {
  const pressed = toolbox.finger === tool && toolbox.drawing === "";
  return { word, glyph, pressed, disabled: !navigation.mayMove, do: () => toolbox.take(pressed ? "stack" : tool) };
}

/**
 * The tools that draw, in a menu; the one in the hand is named, and a press lets go of it.
 * @param {Parts} parts
 * @returns {Entry}
 */
function drawEntry({ context: { toolbox, form }, features: { marks } }) {
  const chosen = MARK_TOOLS.find((t) => t.kind === toolbox.drawing);
  return {
    word: chosen?.name ?? t("Draw"),
    glyph: `mark-${chosen?.kind ?? "length"}`,
    pressed: !!chosen,
    disabled: !marks.annotations.may,
    menu: true,
    do: (at) => (chosen && form() !== "tablet" ? toolbox.draw("") : marks.openDrawMenu(at)),
  };
}

/** @param {Parts} parts @returns {Entry} */
const presetEntry = ({ context: { navigation }, features: { viewing } }) => ({
  word: t("Presets"),
  glyph: "invert",
  disabled: !navigation.mayMove || !!navigation.activeSeries?.colour,
  menu: true,
  do: (at) => viewing.openPresetMenu(at),
});

/** @param {Parts} parts @returns {Entry} */
const seriesEntry = ({ context: { sheets } }) => ({
  word: t("Series"),
  glyph: "layout-two",
  do: () => sheets.open("series"),
});

/** @param {Entry} entry @param {boolean} [bare] without its word */
const entryButton = (entry, bare = false) => {
  const { word, name = word, pressed, primary, menu } = entry;
  return control({
    class: classes("dock-button", primary && "primary", bare && "icon"),
    label: name,
    title: bare ? name : undefined,
    pressed,
    popup: menu ? "menu" : undefined,
    disabled: entry.disabled === true,
    glyph: entry.glyph,
    more: html`<span class=${bare ? "visually-hidden" : "word"}>${word}</span>`,
    do: ({ currentTarget }) => entry.do(currentTarget),
  });
};

/** The same in a menu. @param {Entry} entry @param {HTMLElement} at @returns {Item} */
function itemOf(entry, at) {
  return {
    name: entry.name ?? entry.word,
    glyph: entry.glyph,
    checked: entry.menu ? undefined : entry.pressed,
    disabled: entry.disabled,
    choose: () => entry.do(at),
  };
}
