/** What a person sets for this browser: its language, how the page looks, and how it takes keys and drags. */
import { language, t } from "../core/language.js";
import { showClosable } from "./dialog.js";
import { el, limited } from "./dom.js";

const MAX_NAME = 80;

/** As `transport/storage.js` keeps them.
 * @typedef {{singleKeys: boolean, contrast: string, dragDown: string, language: string, lobbySound: boolean}}
 *   Settings */

/** The page looks as it is set, and the server is told again in which language. @param {Settings} settings */
export function applySettings(settings) {
  document.documentElement.dataset.contrast = settings.contrast;
  const { language: chosen } = settings;
  if (chosen) settings.language = chosen;
}

/**
 * Show the settings; each acts at once.
 * @param {Settings} settings
 * @param {{name: string, rename: ((name: string) => void) | null, hosts: boolean}} person rename: null: the name is an
 *   account's
 */
export function showSettings(settings, { name, rename, hosts }) {
  const input = limited(el("input", { type: "text", value: name, autocomplete: "name" }), MAX_NAME);
  input.readOnly = !rename;
  input.addEventListener("change", () => input.value.trim() && rename?.(input.value.trim()));
  const setContrast = (/** @type {string} */ contrast) => {
    settings.contrast = contrast;
    applySettings(settings);
  };
  const setDrag = (/** @type {string} */ direction) => {
    settings.dragDown = direction;
  };
  return showClosable(
    t("Settings"),
    "settings",
    el("label", {}, el("span", { text: t("Your name, as others will see it") }), input),
    choice(t("Contrast"), settings.contrast, setContrast, [
      ["normal", t("Normal")],
      ["high", t("High")],
    ]),
    choice(t("Dragging down with the window tool"), settings.dragDown, setDrag, [
      ["darker", t("Darker")],
      ["brighter", t("Brighter")],
    ]),
    singleKeysSwitch(settings),
    ...(hosts ? [lobbySoundSwitch(settings)] : []),
    languageChoice(settings),
  );
}

/** Each in its own words, so that everybody finds theirs. @type {[string, string][]} */
const LANGUAGES = [
  ["en", "English"],
  ["de", "Deutsch"],
];

/** The page is written in one language for as long as it is loaded. @param {Settings} settings */
function languageChoice(settings) {
  const again = el(
    "div",
    { class: "row", role: "status", hidden: true },
    el("span", { text: t("The page has to be loaded again. What you have typed stays.") }),
    el("button", { type: "button", class: "button", text: t("Load again"), onclick: () => location.reload() }),
  );
  const set = (/** @type {string} */ chosen) => {
    settings.language = chosen;
    again.hidden = chosen === language;
  };
  return el("div", {}, choice(t("Language"), language, set, LANGUAGES), again);
}

/** Where there are no settings yet: each language by its own name. Nothing where no choice could be kept.
 * @param {Settings} settings @param {boolean} keeps whether this browser keeps cookies */
export function languageButtons(settings, keeps) {
  const choose = (/** @type {string} */ chosen) => {
    settings.language = chosen;
    location.reload();
  };
  const button = ([code, name] = ["", ""]) =>
    el("button", {
      type: "button",
      lang: code,
      "aria-pressed": `${code === language}`,
      text: name,
      onclick: () => choose(code),
    });
  const buttons = keeps ? LANGUAGES.map(button) : [];
  return el("div", { class: "languages", role: "group", "aria-label": t("Language") }, ...buttons);
}

/** Whether single keys act. @param {Settings} settings */
export const singleKeysSwitch = (settings) => onOff(settings, "singleKeys", t("Single keys act on the picture"));

/** Whether it is heard that somebody waits. @param {Settings} settings */
const lobbySoundSwitch = (settings) => onOff(settings, "lobbySound", t("A sound when somebody waits to be let in"));

/** @param {Settings} settings @param {"singleKeys" | "lobbySound"} name @param {string} words */
function onOff(settings, name, words) {
  const box = el("input", {
    type: "checkbox",
    checked: settings[name],
    onchange: (event) => {
      settings[name] = event.target.checked;
    },
  });
  return el("label", { class: "switch" }, box, el("span", { text: words }));
}

/**
 * One of a few.
 * @param {string} title @param {string} now @param {(value: string) => void} set @param {[string, string][]} values
 */
function choice(title, now, set, values) {
  const radios = values.map(([value, word]) =>
    el(
      "label",
      { class: "switch" },
      el("input", { type: "radio", name: title, value, checked: value === now, onchange: () => set(value) }),
      el("span", { text: word }),
    ),
  );
  return el("fieldset", {}, el("legend", { text: title }), ...radios);
}
