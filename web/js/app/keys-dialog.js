/** `?` shows the keys; single keys can be switched off, for who dictates or types elsewhere. */
import { KEY_LIST } from "../core/input/keys.js";
import { shown } from "../kit/dialog.js";
import { el } from "../kit/dom.js";
import { singleKeysSwitch } from "../kit/settings.js";
import { settings } from "../transport/storage.js";

/** Show the list. @returns {Promise<string>} */
export function showKeys() {
  const rows = KEY_LIST.map(([name, keys]) =>
    el("div", {}, el("span", { text: name }), el("span", {}, ...keys.map((k) => el("kbd", { text: k })))),
  );
  const dialog = el(
    "dialog",
    { class: "wide", "aria-label": "Keys" },
    el("h2", { text: "Keys" }),
    el("div", { class: "key-list" }, ...rows),
    singleKeysSwitch(settings),
    el(
      "div",
      { class: "row" },
      el("button", { type: "button", class: "button", text: "Close", autofocus: true, onclick: () => dialog.close() }),
    ),
  );
  return shown(dialog);
}
