/** What a person sets for this browser: how the page looks, and how it takes keys and drags. */
import { showClosable } from "./dialog.js";
import { el, limited } from "./dom.js";

const MAX_NAME = 80;

/** As `transport/storage.js` keeps them.
 * @typedef {{singleKeys: boolean, contrast: string, dragDown: string}} Settings */

/** The page looks as it is set. @param {Settings} settings */
export function applyContrast({ contrast }) {
  document.documentElement.dataset.contrast = contrast;
}

/**
 * Show the settings; each acts at once.
 * @param {Settings} settings
 * @param {{name: string, rename: (name: string) => void}} person
 */
export function showSettings(settings, { name, rename }) {
  const input = limited(el("input", { type: "text", value: name, autocomplete: "name" }), MAX_NAME);
  input.addEventListener("change", () => input.value.trim() && rename(input.value.trim()));
  const setContrast = (/** @type {string} */ contrast) => {
    settings.contrast = contrast;
    applyContrast(settings);
  };
  const setDrag = (/** @type {string} */ way) => {
    settings.dragDown = way;
  };
  return showClosable(
    "Settings",
    "settings",
    el("label", {}, el("span", { text: "Your name, as others will see it" }), input),
    choice("Contrast", settings.contrast, setContrast, [
      ["normal", "Normal"],
      ["high", "High"],
    ]),
    choice("Dragging down with the window tool", settings.dragDown, setDrag, [
      ["darker", "Darker"],
      ["brighter", "Brighter"],
    ]),
    singleKeysSwitch(settings),
  );
}

/** Whether single keys act. @param {Settings} settings */
export function singleKeysSwitch(settings) {
  const box = el("input", {
    type: "checkbox",
    checked: settings.singleKeys,
    onchange: (event) => {
      settings.singleKeys = event.target.checked;
    },
  });
  return el("label", { class: "switch" }, box, el("span", { text: "Single keys act on the picture" }));
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
