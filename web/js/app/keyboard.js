/** Keys of the page: not in fields, not in dialogs and menus, not where a control has a meaning of its own for them. */
/** @import {Meaning} from "../core/input/keys.js" */
/** @import {Parts} from "./features.js" */
import { isSingle, meaning, repeats } from "../core/input/keys.js";
import { closeMenu } from "../kit/menu.js";
import { settings } from "../transport/storage.js";
import { actOf } from "./features.js";
import { showKeys } from "./keys-dialog.js";

const FIELDS = "input:not([type=range]), textarea, select, [contenteditable]";
/** What a slider that has the focus takes for itself. */
const OF_SLIDERS = /^(Arrow|Home$|End$|Page)/;

/** @param {Parts} parts */
export function listenToKeys(parts) {
  document.addEventListener("keydown", (event) => {
    if (document.body.dataset.state === "ended" || document.querySelector("dialog[open]")) return;
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest(FIELDS)) return event.key === "Escape" && !event.isComposing ? leave(parts) : undefined;
    if ((event.key === " " || event.key === "Enter") && target?.closest("button, a, summary")) return;
    if (target?.matches("input") && OF_SLIDERS.test(event.key)) return;
    const found = meaning(event);
    if (!found || (isSingle(event, found) && !settings.singleKeys)) return;
    event.preventDefault();
    if (!event.repeat || repeats(found)) press(parts, found);
  });
  document.addEventListener("keydown", clickOnce, true);
}

/** Enter that is held down on a control clicks it once; browsers click on and on. @param {KeyboardEvent} event */
function clickOnce(event) {
  const target = event.target instanceof Element ? event.target : null;
  if (event.repeat && event.key === "Enter" && target?.closest("button, a, summary")) event.preventDefault();
}

/** Out of a field: its sheet closes, or the picture has the keys again. @param {Parts} parts */
function leave({ context: { sheets, stage } }) {
  if (!sheets.close()) stage.element.focus();
}

/** @param {Parts} parts @param {Meaning} found */
function press(parts, found) {
  const { features } = parts;
  if ("preset" in found) return features.viewing.acts.preset(found.preset);
  if (found.action === "keys") return void showKeys();
  if (found.action === "escape") return stepBack(parts);
  if (!actOf(features, found.action)) features.viewing.acts.act(found.action);
}

/** What is open closes; then the hand is empty, step by step. @param {Parts} parts */
function stepBack({ context, features }) {
  const { sheets, notices, navigation, toolbox } = context;
  closeMenu();
  if (sheets.close() || features.room.escape()) return;
  notices.hide();
  if (!features.marks.escape() && (navigation.mayMove || toolbox.mouse === "laser")) toolbox.take("stack");
}
