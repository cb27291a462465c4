/**
 * Where a message is typed: grows with its lines up to a few, keeps what is pasted. Enter sends; Shift and Enter begins
 * a line; Enter that ends a composed word (Chinese, Japanese, Korean) does neither.
 */
import { el, lengthProblem, limited } from "../../kit/dom.js";

/** @param {number} most characters @param {Record<string, string>} attributes @returns {HTMLTextAreaElement} */
export function messageBox(most, attributes) {
  const box = limited(el("textarea", { rows: 1, autocomplete: "off", enterkeyhint: "send", ...attributes }), most);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    box.setCustomValidity(lengthProblem(box.value, most));
    box.form?.requestSubmit();
  });
  return box;
}
