/** Two people have written in one field: what the other one has stored, and which of the two is to stand there. */
/** @import {OwnText} from "../../core/board/own-text.js" */
import { t } from "../../core/language.js";
import { control, html, nothing } from "../../kit/html.js";

/**
 * @param {OwnText} own
 * @param {(text: string) => string} [worded] as it is read
 * @param {boolean} [both] they can be put together
 */
export function conflict(own, worded = (text) => text, both = false) {
  const { theirs } = own.draft;
  if (!theirs) return nothing;
  const choice = (/** @type {string} */ more, /** @type {"mine" | "theirs" | "both"} */ which) =>
    control({ more, class: "button small", do: () => own.decide(which) });
  return html`<div class="note-conflict" role="alert"><p>${t("{name} has written there meanwhile:", {
    name: theirs.author_name,
  })}</p><blockquote>${worded(theirs.text) || t("nothing")}</blockquote><div class="row">${
    both ? choice(t("Keep both"), "both") : nothing
  }${choice(t("Use mine"), "mine")}${choice(t("Use theirs"), "theirs")}</div></div>`;
}
