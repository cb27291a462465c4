/** Keys of the page: not in fields, not in dialogs and menus, not where a control has a meaning of its own for them. */
/** @import {ConsultPage} from "../../app/consult-page.js" */
import { meaning } from "../../core/keys.js";
import { singleKeys } from "./keys-dialog.js";

const FIELDS = "input, textarea, select, [contenteditable]";

/** @param {ConsultPage} page */
export function listenToKeys(page) {
  document.addEventListener("keydown", (event) => {
    if (document.body.dataset.state === "ended" || document.querySelector("dialog[open]")) return;
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest(FIELDS)) return event.key === "Escape" && !event.isComposing ? leave(page) : undefined;
    if ((event.key === " " || event.key === "Enter") && target?.closest("button, a")) return;
    const found = meaning(event);
    if (!found || (event.key.length === 1 && event.key !== "?" && !singleKeys())) return;
    event.preventDefault();
    page.actions.key(found);
  });
}

/** Out of a field: its sheet closes, or the picture has the keys again. @param {ConsultPage} page */
function leave(page) {
  if (!page.sheets.close()) page.stage.element.focus();
}
