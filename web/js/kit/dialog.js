/** Dialogs: they trap the focus, start on the safe button, close with Esc, and give the focus back. */
import { t } from "../core/language.js";
import { el, limited, refocus } from "./dom.js";

/** @typedef {{name: string, value: string, class?: string, safe?: boolean}} Choice */

/**
 * Ask once, and say who is affected.
 * @param {{title: string, text: string, choices: Choice[]}} what
 * @returns {Promise<string>} the value of the choice, "" where it was closed
 */
export function ask({ title, text, choices }) {
  const row = el("div", { class: "row" });
  const dialog = el("dialog", { "aria-label": title }, el("h2", { text: title }), el("p", { text }), row);
  for (const choice of choices) {
    row.append(
      el("button", {
        type: "button",
        class: choice.class ?? "button",
        text: choice.name,
        autofocus: choice.safe === true,
        onclick: () => dialog.close(choice.value),
      }),
    );
  }
  return shown(dialog);
}

/**
 * Ask for a line of text.
 * @param {{title: string, label: string, value: string, action: string, max: number}} what
 * @returns {Promise<string>} what was entered, "" where it was closed
 */
export function askText({ title, label, value, action, max }) {
  const input = limited(el("input", { type: "text", value, autocomplete: "name", autofocus: true }), max);
  const line = el("label", {}, el("span", { class: "quiet", text: label }), input);
  return shown(fieldsDialog({ title, action, answer: () => input.value.trim() }, line));
}

/**
 * A dialog of fields, to be shown: Enter in one of them is its action.
 * @param {{title: string, action: string, answer: () => string, class?: string}} what answer: what it is closed with
 *   then, "" where it is cancelled; class: of its form
 * @param {...Node} fields
 */
export function fieldsDialog({ title, action, answer, class: kind }, ...fields) {
  const dialog = el("dialog", { "aria-label": title });
  const form = el(
    "form",
    {
      class: kind,
      method: "dialog",
      onsubmit: (event) => {
        event.preventDefault();
        dialog.close(answer());
      },
    },
    el("h2", { text: title }),
    ...fields,
    el(
      "div",
      { class: "row" },
      el("button", { type: "button", class: "button", text: t("Cancel"), onclick: () => dialog.close("") }),
      el("button", { type: "submit", class: "button primary", text: action }),
    ),
  );
  dialog.append(form);
  return dialog;
}

/**
 * Show what is only read, or acts at once: it is closed, and answers nothing.
 * @param {string} title @param {string} className @param {...(Node | string | false | null)} content
 * @returns {Promise<string>}
 */
export function showClosable(title, className, ...content) {
  const close = () => dialog.close();
  const dialog = el(
    "dialog",
    { class: className, "aria-label": title },
    el("h2", { text: title }),
    ...content,
    el(
      "div",
      { class: "row" },
      el("button", { type: "button", class: "button", text: t("Close"), autofocus: true, onclick: close }),
    ),
  );
  return shown(dialog);
}

/** Show the keys of a page, until they are closed. @param {[string, string[]][]} list what they do, and their names
 * @param {...Node} more below them @returns {Promise<string>} */
export const showKeyList = (list, ...more) =>
  showClosable(t("Keys"), "wide", el("div", { class: "key-list" }, ...list.map(keyLine)), ...more);

/** @param {[string, string[]]} line */
const keyLine = ([name, keys]) =>
  el("div", {}, el("span", { text: name }), el("span", {}, ...keys.map((key) => el("kbd", { text: key }))));

/**
 * Show it; the focus returns to its opener, or to what has taken that one's place.
 * @param {HTMLDialogElement} dialog
 * @returns {Promise<string>}
 */
export function shown(dialog) {
  const opener = document.activeElement;
  document.body.append(dialog);
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (document.activeElement === document.body) refocus(opener);
      resolve(dialog.returnValue);
    });
  });
}
