/** The keys of the home page, as `?` shows them. */
import { t } from "../core/language.js";
import { showKeyList } from "../kit/dialog.js";

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
export const showHomeKeys = () => void showKeyList(KEYS);
