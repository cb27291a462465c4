/** The menus of what is shown: layout, presets, more. Each is opened at the control that it belongs to. */
/** @import {Layout} from "../../wire.js" */
/** @import {ConsultPage} from "../../app/consult-page.js" */
import { formatWindow } from "../../core/format.js";
import { sameLayout } from "../../core/view/layout.js";
import { FOUR, ONE, TWO } from "../../core/view/view.js";
import { presetsOf, sameWindow } from "../../core/view/windows.js";
import { askForName } from "../../app/end-dialogs.js";
import { toggleHealth } from "../health/health.js";
import { invite, mayInvite } from "../invite/inviting.js";
import { markActs } from "../marks/mark-tools.js";
import { openMenu } from "../../kit/menu.js";
import { voiceItems } from "../voice/voice-bar.js";

/** @param {ConsultPage} page @param {HTMLElement} anchor */
export function layoutMenu(page, anchor) {
  const is = (/** @type {Layout} */ layout) => !!page.view && sameLayout(page.view.layout, layout);
  const { actions } = page;
  openMenu(anchor, "Layout", [
    { name: "1×1", glyph: "layout-one", checked: is(ONE), choose: () => actions.arrange("one") },
    {
      name: "1×2 compare, current and prior",
      glyph: "layout-two",
      checked: is(TWO),
      choose: () => actions.arrange("compare"),
    },
    { name: "2×2", glyph: "layout-four", checked: is(FOUR), choose: () => actions.arrange("four") },
  ]);
}

/** @param {ConsultPage} page @param {HTMLElement} anchor */
export function presetMenu(page, anchor) {
  const { activeSeries, activeViewport } = page;
  if (!activeSeries) return;
  openMenu(
    anchor,
    "Window presets",
    presetsOf(activeSeries).map((p) => ({
      name: p.name,
      more: [formatWindow(p.window), p.key].filter(Boolean).join("\u2003"),
      checked: sameWindow(p.window, activeViewport?.window),
      choose: () => page.actions.window(p.window),
    })),
  );
}

/**
 * @param {ConsultPage} page @param {HTMLElement} anchor @param {boolean} [compact] what else does not fit on a small screen
 * @param {import("../../kit/menu.js").Item[]} [first] what has no room in the dock
 */
export function moreMenu(page, anchor, compact = false, first = []) {
  const act = page.actions;
  const move = page.mayMove;
  const { view } = page;
  /** @type {import("../../kit/menu.js").Item[]} */
  const items = [...first];
  if (compact && page.form !== "tablet" && page.annotations.may) items.push(...markActs(page));
  if (move)
    items.push(
      { name: "Fit", glyph: "fit", more: "=", line: items.length > 0, choose: () => act.act("fit") },
      { name: "One to one", glyph: "one", more: "O", choose: () => act.act("one-to-one") },
      { name: "Invert", glyph: "invert", more: "I", choose: () => act.act("invert") },
    );
  if (page.session.drives)
    items.push(
      { name: "Rotate right", glyph: "rotate-right", more: "R", line: true, choose: () => act.act("rotate-right") },
      { name: "Rotate left", glyph: "rotate-left", more: "L", choose: () => act.act("rotate-left") },
      { name: "Flip horizontally", glyph: "flip-horizontal", more: "H", choose: () => act.act("flip-horizontal") },
      { name: "Flip vertically", glyph: "flip-vertical", more: "V", choose: () => act.act("flip-vertical") },
    );
  if (move && compact) {
    items.push({ name: "Reset", glyph: "reset", more: "Space", choose: () => act.act("reset") });
    items.push(
      view && !sameLayout(view.layout, ONE)
        ? { name: "One viewport", glyph: "layout-one", line: true, choose: () => act.arrange("one") }
        : { name: "Compare with the prior", glyph: "layout-two", line: true, choose: () => act.arrange("compare") },
    );
    if (view && sameLayout(view.layout, TWO))
      items.push({
        name: view.link ? "Let go of the link" : "Link as they lie now",
        glyph: "link",
        choose: () => act.toggleLink(),
      });
    if (view && !sameLayout(view.layout, ONE))
      items.push({ name: "Other viewport", glyph: "swap", choose: () => act.otherViewport() });
  }
  if (compact) {
    items.push({ name: "Marks", glyph: "list", line: items.length > 0, choose: () => page.panel.open("marks") });
    items.push({ name: "Chat", glyph: "chat", choose: () => page.panel.open("chat") });
  }
  if (compact) items.push(...voiceItems(page).map((item, i) => ({ ...item, line: i === 0 && items.length > 0 })));
  if (page.form === "landscape")
    items.push({ name: "Connection", glyph: "bars", line: items.length > 0, choose: () => toggleHealth(page) });
  if (compact && mayInvite(page))
    items.push({ name: "Invite", glyph: "invite", line: items.length > 0, choose: () => void invite(page) });
  items.push({
    name: "Change your name",
    glyph: "person",
    line: items.length > 0,
    choose: () => void askForName(page),
  });
  items.push({ name: "Keys", glyph: "list", more: "?", choose: () => act.act("keys") });
  openMenu(anchor, "More", items);
}
