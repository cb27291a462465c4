/** Over the stage: who drives and what one can do about it; at the right the link and the layout. */
/** @import {ConsultPage} from "./consult-page.js" */
import { seatOf } from "../core/session/document.js";
import { formatNumber } from "../core/format.js";
import { pairOf } from "../core/view/link.js";
import { controlActs, followText, whoDrives } from "../features/control/control-buttons.js";
import { el, find, glyph, rebuild } from "../kit/dom.js";
import { layoutName, sameLayout } from "../core/view/layout.js";
import { ONE, TWO } from "../core/view/view.js";
import { layoutMenu } from "../features/viewing/layout-menu.js";
import { avatar, colourOf } from "../kit/person.js";

/** @param {ConsultPage} page */
export function renderPresenceBar(page) {
  const bar = find("#presence-bar", HTMLElement);
  const { session } = page;
  const { doc } = session;
  if (!doc) return;
  const driver = seatOf(doc, doc.control.seat);
  colourOf(bar, page.alone.on ? null : driver);
  const who = page.alone.on ? seatOf(doc, session.me) : driver;
  const lost = session.phase !== "live";
  const acts = controlActs(page);
  const link = linkState(page);
  const layout = page.view?.layout ?? ONE;
  const age = lost ? page.lostSeconds : 0;
  const key = JSON.stringify([
    who,
    lost,
    age,
    whoDrives(page),
    followText(page),
    acts.map((a) => [a.name, a.disabled]),
    link,
    layout,
    page.mayMove,
  ]);
  rebuild(bar, key, () => [
    lost ? glyph("bars") : who && avatar(who, { small: true }),
    el("span", { class: "drives", text: whoDrives(page) }),
    el("span", {
      class: "count-text",
      text: lost ? `for ${age} s. You see the last picture. Your marks are safe.` : followText(page),
    }),
    lost && el("button", { type: "button", class: "button small", text: "Try now", onclick: () => page.tryNow() }),
    ...acts.map((act) =>
      el(
        "button",
        {
          type: "button",
          class: act.primary ? "button small primary" : "button small",
          disabled: act.disabled === true,
          "aria-haspopup": act.menu ? "menu" : null,
          onclick: (event) => act.do(event.currentTarget),
        },
        act.menu || act.key ? glyph(act.glyph) : null,
        el("span", { class: "word", text: act.name }),
        act.key ? el("kbd", { "aria-hidden": true, text: act.key }) : null,
      ),
    ),
    el("span", { class: "spring" }),
    ...linkButtons(page, link),
    layoutButton(page, layout),
  ]);
}

/** @param {ConsultPage} page */
function linkState(page) {
  const { view } = page;
  const { kase } = page.session;
  if (!view || !kase || view.viewports.length !== 2) return null;
  if (!pairOf(view, kase)) return { possible: false, on: false, offset: 0 };
  return { possible: true, on: !!view.link, offset: view.link?.offset_mm ?? 0 };
}

/** @param {ConsultPage} page @param {ReturnType<typeof linkState>} link */
function linkButtons(page, link) {
  if (!link) return [];
  if (!link.possible) return [el("span", { class: "count-text", text: "Not linked: the stacks are not parallel" })];
  return [
    el(
      "button",
      {
        type: "button",
        class: "button small bare state-button",
        "data-name": "link",
        "aria-pressed": String(link.on),
        disabled: !page.mayMove,
        "aria-label": link.on ? "Linked by position: let go" : "Not linked: link the viewports as they lie now",
        title: link.on
          ? "Let go, scroll one stack, and link again to set the offset"
          : "Link the viewports as they lie now",
        onclick: () => page.actions.toggleLink(),
      },
      glyph("link"),
      el("span", { class: "word", text: link.on ? "Linked by position" : "Not linked" }),
    ),
    link.on && el("span", { class: "count-text", text: `Offset ${formatNumber(link.offset, 1)} mm` }),
  ];
}

/** @param {ConsultPage} page @param {import("../wire.js").Layout} layout */
function layoutButton(page, layout) {
  const two = sameLayout(layout, TWO);
  const name = two ? "1×2 compare" : layoutName(layout);
  return el(
    "button",
    {
      type: "button",
      class: "button small bare",
      disabled: !page.mayMove,
      "data-name": "layout",
      "aria-label": `Layout ${name}`,
      "aria-haspopup": "menu",
      onclick: (event) => layoutMenu(page, event.currentTarget),
    },
    glyph(two ? "layout-two" : sameLayout(layout, ONE) ? "layout-one" : "layout-four"),
    el("span", { class: "word", text: name }),
    glyph("down"),
  );
}
