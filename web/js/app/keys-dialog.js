/** `?` shows the keys; single keys can be switched off, for who dictates or types elsewhere. */
import { KEY_LIST } from "../core/input/keys.js";
import { t } from "../core/language.js";
import { showClosable } from "../kit/dialog.js";
import { el } from "../kit/dom.js";
import { singleKeysSwitch } from "../kit/settings.js";
import { settings } from "../transport/storage.js";

/** Show the list. @returns {Promise<string>} */
export function showKeys() {
  const rows = KEY_LIST.map(([name, keys]) =>
    el("div", {}, el("span", { text: name }), el("span", {}, ...keys.map((k) => el("kbd", { text: k })))),
  );
  return showClosable(t("Keys"), "wide", el("div", { class: "key-list" }, ...rows), singleKeysSwitch(settings));
}
