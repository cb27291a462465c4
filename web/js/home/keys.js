/** The keys of the home page, as `?` shows them. */
import { showClosable } from "../kit/dialog.js";
import { el } from "../kit/dom.js";

/** @type {[string, string[]][]} */
const KEYS = [
  ["Search", ["/"]],
  ["From search to the list", ["↓"]],
  ["Next, previous study", ["↓", "↑"]],
  ["Select a study", ["Space"]],
  ["Open a consult", ["Enter"]],
  ["Clear the search", ["Esc"]],
  ["These keys", ["?"]],
];

/** Show them until they are closed. */
export function showHomeKeys() {
  void showClosable(
    "Keys",
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
