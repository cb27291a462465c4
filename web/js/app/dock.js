/** The dock of small screens. A phone has room for four buttons and More, where all others are; a tablet for most. */
/** @import {ConsultPage} from "./consult-page.js" */
/** @import {Item} from "../kit/menu.js" */
import { controlActs } from "../features/control/control-buttons.js";
import { el, find, glyph, rebuild } from "../kit/dom.js";
import { moreMenu, presetMenu } from "../features/viewing/layout-menu.js";
import { drawMenu, MARK_TOOLS } from "../features/marks/mark-tools.js";
import { LASER, TOOLS } from "../features/viewing/tools.js";
import { handButton, microphoneButton, voiceKey } from "../features/voice/voice-bar.js";

/** Beside the microphone and More. */
const ROOM = 3;

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

/** @param {ConsultPage} page */
export function renderDock(page) {
  const dock = find("#dock", HTMLElement);
  const { session, form } = page;
  const tablet = form === "tablet";
  const [kept, others] = tablet ? [ofTablet(page), []] : divide(ofPhone(page));
  const shape = (/** @type {Entry} */ e) => [e.word, e.pressed, e.disabled];
  rebuild(
    dock,
    JSON.stringify([form, kept.map(shape), others.map(shape), page.mayMove, session.online.size, voiceKey(page)]),
    () => [
      microphoneButton(page, "dock-button microphone"),
      tablet && handButton(page, "dock-button raise icon"),
      ...kept.map((entry) => entryButton(entry, tablet && !entry.word_too)),
      form === "landscape" &&
        entryButton({
          word: `${session.online.size} ${session.online.size === 1 ? "person" : "people"}`,
          glyph: "people",
          do: () => page.sheets.open("rail"),
        }),
      entryButton(
        {
          word: "More",
          glyph: "more",
          menu: true,
          do: (at) =>
            moreMenu(
              page,
              at,
              true,
              others.map((entry) => itemOf(entry, at)),
            ),
        },
        tablet,
      ),
    ],
  );
}

/** What stays in the dock of a phone, and what goes into More. A tool in the hand stays. @param {Entry[]} entries @returns {[Entry[], Entry[]]} */
function divide(entries) {
  const held = entries.slice(ROOM).find((e) => e.pressed);
  const sorted = held ? [held, ...entries.filter((e) => e !== held)] : entries;
  return [sorted.slice(0, ROOM), sorted.slice(ROOM)];
}

/** The most needed first. @param {ConsultPage} page @returns {Entry[]} */
function ofPhone(page) {
  const { session, people, alone } = page;
  const hand = handEntry(page);
  const point = people.mayPoint ? [toggled(page, LASER.word, "point", LASER.tool)] : [];
  const window = toggled(page, "Window", "window", "window");
  const draw = people.mayPoint ? [drawEntry(page)] : [];
  const lost = session.phase !== "live";
  const acts = lost
    ? [{ word: "Look around", glyph: "compass", disabled: true, do: () => undefined }]
    : actEntries(page);
  if (alone.on) return [window, hand, ...acts, presetEntry(page), seriesEntry(page), ...draw];
  if (!session.drives && session.standing?.host) return [...acts.reverse(), ...point, hand, ...draw];
  if (!session.drives) return [...point, hand, ...acts, ...draw];
  const back = acts.filter((e) => e.word === "Give back");
  return [
    window,
    ...draw,
    ...back,
    seriesEntry(page),
    presetEntry(page),
    ...point,
    hand,
    ...acts.filter((e) => !back.includes(e)),
  ];
}

/** @param {ConsultPage} page @returns {Entry[]} */
function ofTablet(page) {
  const { people, annotations } = page;
  const look = actEntries(page)
    .filter((e) => e.glyph === "compass" || e.primary)
    .map((e) => ({ ...e, word_too: true }));
  const tools = TOOLS.map((t) => ({
    word: t.word,
    name: t.name,
    glyph: t.glyph,
    pressed: page.touchTool === t.tool && annotations.tool === "",
    disabled: !page.mayMove,
    do: () => page.setTool(t.tool),
  }));
  return [
    ...look,
    ...tools,
    ...(people.mayPoint ? [toggled(page, LASER.word, "point", LASER.tool), drawEntry(page)] : []),
    presetEntry(page),
  ];
}

/** What concerns control. @param {ConsultPage} page @returns {Entry[]} */
function actEntries(page) {
  return controlActs(page).map((act) => ({
    word: act.word ?? act.name,
    name: act.word ? `${act.word}, ${page.alone.presenter}` : act.name,
    glyph: act.glyph,
    disabled: act.disabled === true,
    primary: act.primary === true,
    menu: act.menu === true,
    do: act.do,
  }));
}

/** @param {ConsultPage} page @returns {Entry} */
function handEntry(page) {
  const up = page.people.hand;
  const word = up ? "Lower hand" : "Raise hand";
  return {
    word: page.form === "landscape" ? "Hand" : word,
    name: word,
    glyph: "hand",
    pressed: up,
    disabled: page.session.phase !== "live",
    do: () => page.people.toggleHand(),
  };
}

/** A finger does this instead of scrolling. @param {ConsultPage} page @param {string} word @param {string} glyph @param {import("../stage/drag.js").Tool} tool @returns {Entry} */
function toggled(page, word, glyph, tool) {
  const pressed = page.touchTool === tool && page.annotations.tool === "";
  return { word, glyph, pressed, disabled: !page.mayMove, do: () => page.setTool(pressed ? "stack" : tool) };
}

/** The tools that draw, in a menu; the one in the hand is named, and a press lets go of it. @param {ConsultPage} page @returns {Entry} */
function drawEntry(page) {
  const chosen = MARK_TOOLS.find((t) => t.kind === page.annotations.tool);
  return {
    word: chosen?.name ?? "Draw",
    glyph: `mark-${chosen?.kind ?? "length"}`,
    pressed: !!chosen,
    disabled: !page.annotations.may,
    menu: true,
    do: (at) => (chosen && page.form !== "tablet" ? page.annotations.setTool("") : drawMenu(page, at)),
  };
}

/** @param {ConsultPage} page @returns {Entry} */
const presetEntry = (page) => ({
  word: "Presets",
  glyph: "invert",
  disabled: !page.mayMove || !!page.activeSeries?.colour,
  menu: true,
  do: (at) => presetMenu(page, at),
});

/** @param {ConsultPage} page @returns {Entry} */
const seriesEntry = (page) => ({ word: "Series", glyph: "layout-two", do: () => page.sheets.open("series") });

/** @param {Entry} entry @param {boolean} [bare] without its word */
function entryButton(entry, bare = false) {
  const { word, name = word, pressed, primary, menu } = entry;
  const element = el(
    "button",
    {
      type: "button",
      class: ["dock-button", primary && "primary", bare && "icon"].filter(Boolean).join(" "),
      "aria-label": name,
      title: bare ? name : null,
      "aria-pressed": pressed === undefined ? null : String(pressed),
      "aria-haspopup": menu ? "menu" : null,
      disabled: entry.disabled === true,
      onclick: () => entry.do(element),
    },
    glyph(entry.glyph),
    el("span", { class: bare ? "visually-hidden" : "word", text: word }),
  );
  return element;
}

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
