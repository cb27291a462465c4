/** Small screens: one bar above the picture; the dock is below it (dock.js), everything else in sheets. */
/** @import {ConsultPage} from "./consult-page.js" */
import { seatOf } from "../core/session/document.js";
import { askToEnd } from "./end-dialogs.js";
import { controlActs, whoDrives } from "../features/control/control-buttons.js";
import { button, el, find, glyph, rebuild } from "../kit/dom.js";
import { health, healthButton, healthKey } from "../features/health/health.js";
import { avatar, colourOf } from "../kit/person.js";
import { titles } from "./top-bar.js";

/** @param {ConsultPage} page */
export function renderCompactBar(page) {
  const bar = find("#compact-bar", HTMLElement);
  const { session, form } = page;
  const { doc, standing } = session;
  if (!doc || !standing) return;
  const driver = seatOf(doc, doc.control.seat);
  const seen = page.alone.on ? null : driver;
  colourOf(bar, seen);
  colourOf(find("#stage", HTMLElement), seen);
  const who = page.alone.on ? seatOf(doc, session.me) : driver;
  const n = session.online.size;
  const lost = session.phase !== "live";
  const what = standing.host ? titles(page).first : doc.consult.title || titles(page).first;
  const second =
    page.alone.on && !lost
      ? "Nothing changes for the others"
      : lost
        ? `${page.lostSeconds} s, trying again`
        : `${what}, ${n} ${n === 1 ? "person" : "people"}`;
  const acts = form === "tablet" ? controlActs(page).filter((act) => act.glyph !== "compass" && !act.primary) : [];
  const state = health(page);
  const key = JSON.stringify([
    who,
    whoDrives(page),
    second,
    acts.map((a) => [a.name, a.disabled]),
    healthKey(state),
    n,
    standing.host,
    form,
    page.mayMove,
    page.panel.chat.unread,
  ]);
  rebuild(bar, key, () => [
    button({
      name: standing.host ? "End" : "Leave",
      word: standing.host ? "End" : "Leave",
      class: "button bare leave",
      onclick: () => void (standing.host ? askToEnd(page) : page.leave()),
    }),
    who && avatar(who),
    el(
      "span",
      { class: "two-lines" },
      el("span", { class: "first", text: whoDrives(page) }),
      el("span", { class: "second", text: second }),
    ),
    ...acts.map((act) =>
      el("button", {
        type: "button",
        class: "button",
        disabled: act.disabled === true,
        "aria-label": act.name,
        "aria-haspopup": act.menu ? "menu" : null,
        text: act.name,
        onclick: (event) => act.do(event.currentTarget),
      }),
    ),
    healthButton(page, state, true),
    form !== "landscape" && chatButton(page),
    el(
      "button",
      {
        type: "button",
        class: "tool people",
        "aria-label": `In the consult, ${n}`,
        onclick: () => page.sheets.open("rail"),
      },
      glyph("people"),
      el("span", { class: "n", text: String(n) }),
    ),
  ]);
}

/** @param {ConsultPage} page */
function chatButton(page) {
  const { unread } = page.panel.chat;
  return el(
    "button",
    {
      type: "button",
      class: "tool people",
      "aria-label": unread ? `Chat, ${unread} unread` : "Chat",
      onclick: () => page.panel.open("chat"),
    },
    glyph("chat"),
    unread ? el("span", { class: "count", text: String(unread) }) : null,
  );
}
