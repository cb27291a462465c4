/** The keys of the home page, as `?` shows them. */
import { t } from "../core/language.js";
import { showClosable } from "../kit/dialog.js";
import { el } from "../kit/dom.js";

/** @type {[string, string[]][]} */
const KEYS = [
  [t("Search"), ["/"]],
  [t("From search to the list"), ["↓"]],
  [t("Next, previous study"), ["↓", "↑"]],
  [t("Select a study"), [t("Space")]],
  [t("Open a consult"), [t("Enter")]],
  [t("Clear the search"), [t("Esc")]],
  [t("These keys"), ["?"]],
];

/** Show them until they are closed. */
export function showHomeKeys() {
  void showClosable(
    t("Keys"),
    "wide",
    el(
      "div",
      { class: "key-list" },
      ...KEYS.map(([name, keys]) =>
        el("div", {}, el("span", { text: name }), el("span", {}, ...keys.map((key) => el("kbd", { text: key })))),
      ),
    ),
  );
}
