/** The menu of what has no button: on small screens also of what has bars of its own on large ones. */
/** @import {Item} from "../kit/menu.js" */
/** @import {Parts} from "./features.js" */
import { t } from "../core/language.js";
import { openMenu } from "../kit/menu.js";
import { askForName, openSettings } from "./end-dialogs.js";
import { showKeys } from "./keys-dialog.js";

/** A line above the first. @param {Item[]} items @returns {Item[]} */
const ruled = (items) => items.map((item, i) => (i === 0 ? { ...item, line: true } : item));

/**
 * @param {Parts} parts @param {HTMLElement} anchor @param {boolean} [compact] what else does not fit on a small screen
 * @param {Item[]} [first] what has no place in the dock
 */
export function moreMenu(parts, anchor, compact = false, first = []) {
  const { context, features, panel } = parts;
  const {
    marks,
    viewing,
    planes,
    segmentations,
    presentationStates,
    report,
    voice,
    health,
    invite,
    coverage,
    critical,
    privacy,
    room,
  } = features;
  const form = context.form();
  const items = [...first];
  if (compact && form !== "tablet" && marks.annotations.may) items.push(...marks.menuItems);
  items.push(...viewing.pictureItems(anchor));
  if (compact) {
    items.push(...viewing.layoutItems(anchor, planes.layoutItems), ...planes.moreItems);
    items.push(...presentationStates.items, ...segmentations.items, ...report.items);
    const opened = panel.tabs.map(({ tab, word, glyph }) => ({ name: word, glyph, choose: () => panel.open(tab) }));
    items.push(...ruled(opened));
    items.push(...ruled(voice.menuItems));
  }
  items.push(...ruled(coverage.items));
  if (critical.mayRaise)
    items.push({ name: t("Critical result …"), glyph: "warn", line: true, choose: () => void critical.raise() });
  if (form === "landscape")
    items.push({ name: t("Connection"), glyph: "bars", line: true, choose: () => health.toggle() });
  if (compact && invite.may)
    items.push({ name: t("Invite"), glyph: "invite", line: true, choose: () => void invite.open() });
  items.push(...privacy.items);
  if (!compact) items.push(...room.items);
  items.push({ name: t("Change your name"), glyph: "person", line: true, choose: () => void askForName(context) });
  items.push({ name: t("Settings"), glyph: "list", choose: () => void openSettings(context) });
  items.push({ name: t("Keys"), glyph: "list", more: "?", choose: () => void showKeys() });
  openMenu(anchor, t("More"), items);
}
