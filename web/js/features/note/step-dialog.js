/** One thing that is recommended: what, who does it, and until when. */
/** @import {Step} from "../../core/record/note/steps.js" */
import { t } from "../../core/language.js";
import { fieldsDialog, shown } from "../../kit/dialog.js";
import { el, limited } from "../../kit/dom.js";

/** Characters of each. */
const MAX = 200;
const NAMES_ID = "step-names";

/**
 * @param {readonly string[]} names that are offered
 * @returns {Promise<Step | null>} null: closed
 */
export async function askStep(names) {
  const what = limited(
    el("input", { type: "text", class: "text-input", name: "what", autofocus: true, required: true }),
    MAX,
  );
  const owner = limited(
    el("input", { type: "text", class: "text-input", name: "owner", list: NAMES_ID, autocomplete: "off" }),
    MAX,
  );
  const due = el("input", { type: "date", class: "text-input", name: "due" });
  const line = (/** @type {string} */ name, /** @type {HTMLElement} */ field) =>
    el("label", { class: "sign-line" }, el("span", { text: name }), field);
  const dialog = fieldsDialog(
    { title: t("Recommend with who and until when"), action: t("Add"), answer: () => "add", class: "sign-body" },
    line(t("What"), what),
    line(t("Who"), owner),
    line(t("Until"), due),
    el("datalist", { id: NAMES_ID }, ...names.map((value) => el("option", { value }))),
  );
  const answer = await shown(dialog);
  return answer === "add" ? { what: what.value, owner: owner.value, due: due.value } : null;
}
