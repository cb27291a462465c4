/** Asks for the words of a mark: null where it was closed, else what was written, which may be nothing. */
import { t } from "../../core/language.js";
import { MAX_LABEL } from "../../core/marks/marks.js";
import { fieldsDialog, shown } from "../../kit/dialog.js";
import { el, limited } from "../../kit/dom.js";

/** What is asked just now. @type {{dialog: HTMLDialogElement, input: HTMLInputElement} | null} */
let asking = null;

/** The case that it was asked for is not on the stage any more. @returns {string} what was written so far */
export function leaveLabel() {
  const written = asking?.input.value.trim() ?? "";
  asking?.dialog.close("");
  return written;
}

/** Before what was written, so that nothing written differs from closed. */
const WRITTEN = "=";

/** @param {string} title @param {string} value @returns {Promise<string | null>} */
export async function askLabel(title, value) {
  const input = limited(el("input", { type: "text", value, autocomplete: "off", autofocus: true }), MAX_LABEL);
  const line = el("label", {}, el("span", { class: "quiet", text: t("Everybody in the consult reads it") }), input);
  const dialog = fieldsDialog({ title, action: t("Done"), answer: () => WRITTEN + input.value.trim() }, line);
  asking = { dialog, input };
  const answer = await shown(dialog);
  asking = null;
  return answer.startsWith(WRITTEN) ? answer.slice(WRITTEN.length) : null;
}
