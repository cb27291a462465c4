/** The page after the consult: why it is over. Nothing of the patient stays on it. */
import { endWords } from "../core/words.js";
import { el, find } from "./dom.js";
import { brand, stateColumn } from "./state-page.js";

/**
 * @param {string} reason of the contract, or "left"
 * @param {{text?: string, again?: boolean}} [more] again: the same seat may be taken again
 */
export function showEnd(reason, { text, again = false } = {}) {
  document.body.dataset.state = "ended";
  document.body.dataset.reason = reason;
  find("#app", HTMLElement).replaceChildren();
  const words = endWords(reason);
  const actions = again ? [{ name: "Come back", primary: true, do: () => location.reload() }] : [];
  const end = find("#end", HTMLElement);
  end.replaceChildren(
    el("header", { class: "brand" }, ...brand()),
    el("main", { class: "state-page" }, stateColumn(text ? { ...words, text } : words, actions)),
    el("footer", { class: "foot", text: "Not for primary diagnosis" }),
  );
  end.hidden = false;
  document.title = `${words.title} · consult`;
}
