/** Small screens: one bar above the picture, a dock below it (or at its right); everything else in sheets. */
/** @import {ConsultPage} from "./consult-page.js" */
import { seatOf } from "../core/document.js";
import { askToEnd } from "./asking.js";
import { controlActs, whoDrives } from "./control-buttons.js";
import { button, el, find, glyph, rebuild } from "./dom.js";
import { health, healthButton, healthKey } from "./health.js";
import { moreMenu, presetMenu } from "./layout-menu.js";
import { drawMenu, MARK_TOOLS } from "./mark-tools.js";
import { avatar, colourOf } from "./person.js";
import { LASER, TOOLS } from "./tools.js";
import { titles } from "./top-bar.js";
import { handButton, microphoneButton, voiceKey } from "./voice-bar.js";

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
  const second = page.alone.on && !lost ? "Nothing changes for the others" : lost ? `${page.lostSeconds} s, trying again` : `${what}, ${n} ${n === 1 ? "person" : "people"}`;
  const acts = form === "tablet" ? controlActs(page) : [];
  const state = health(page);
  const key = JSON.stringify([who, whoDrives(page), second, acts.map((a) => [a.name, a.disabled]), healthKey(state), n, standing.host, form, page.mayMove, page.panel.chat.unread]);
  rebuild(bar, key, () => [
    button({ name: standing.host ? "End" : "Leave", word: standing.host ? "End" : "Leave", class: "button bare leave", onclick: () => void (standing.host ? askToEnd(page) : page.leave()) }),
    who && avatar(who),
    el("span", { class: "two-lines" }, el("span", { class: "first", text: whoDrives(page) }), el("span", { class: "second", text: second })),
    ...acts.map((act) => el("button", { type: "button", class: act.primary ? "button primary" : "button", disabled: act.disabled === true, text: act.name, onclick: act.do })),
    healthButton(page, state, true),
    form !== "landscape" && chatButton(page),
    el("button", { type: "button", class: "tool people", "aria-label": `In the consult, ${n}`, onclick: () => page.openSheet("rail") }, glyph("people"), el("span", { class: "n", text: String(n) })),
  ]);
}

/** @param {ConsultPage} page */
export function renderDock(page) {
  const dock = find("#dock", HTMLElement);
  const { session, form } = page;
  const small = page.alone.on && form !== "tablet";
  const acts = form === "tablet" ? [] : controlActs(page).filter((act) => !act.menu && (!small || act.primary));
  const key = JSON.stringify([form, page.navigates, page.mayMove, page.tool, page.touchTool, acts.map((a) => [a.name, a.disabled]), session.phase, session.online.size, !!page.activeSeries?.colour, page.desk.key, page.desk.may, voiceKey(page)]);
  rebuild(dock, key, () => [
    microphoneButton(page, "dock-button microphone"),
    page.people.mayPoint && !small && pointButton(page),
    small && windowButton(page),
    handButton(page, "dock-button raise"),
    ...(session.drives || form === "tablet" ? presenterButtons(page) : []),
    page.desk.may && !small && drawButton(page),
    ...acts.map((act) => dockButton({ word: act.word ?? act.name, name: act.name, glyph: act.glyph, disabled: act.disabled === true, primary: act.primary === true, do: act.do })),
    form === "landscape" && dockButton({ word: `${session.online.size} ${session.online.size === 1 ? "person" : "people"}`, glyph: "people", do: () => page.openSheet("rail") }),
    dockMore(page),
  ]);
}

/** A finger points instead of scrolling. @param {ConsultPage} page */
function pointButton(page) {
  const on = page.touchTool === LASER.tool;
  const element = dockButton({ word: LASER.word, glyph: "point", do: () => page.setTool(on ? "stack" : LASER.tool) });
  element.setAttribute("aria-pressed", String(on));
  return element;
}

/** For who looks around on a phone: a finger windows instead of scrolling. @param {ConsultPage} page */
function windowButton(page) {
  const on = page.touchTool === "window";
  const element = dockButton({ word: "Window", glyph: "window", do: () => page.setTool(on ? "stack" : "window") });
  element.setAttribute("aria-pressed", String(on));
  return element;
}

/** @param {ConsultPage} page */
function presenterButtons(page) {
  const tools = TOOLS.filter((t) => t.tool === "window" || t.tool === "stack" || page.form === "tablet").map((t) => {
    const element = dockButton({ word: t.word, glyph: t.glyph, do: () => page.setTool(t.tool) });
    element.setAttribute("aria-pressed", String(page.touchTool === t.tool));
    return element;
  });
  const presets = dockButton({ word: "Presets", glyph: "invert", disabled: !!page.activeSeries?.colour, do: () => presetMenu(page, presets) });
  const series = page.form === "tablet" ? null : dockButton({ word: "Series", glyph: "layout-two", do: () => page.openSheet("series") });
  return [...tools, presets, series];
}

/** @param {ConsultPage} page */
function dockMore(page) {
  const element = dockButton({ word: "More", glyph: "more", do: () => moreMenu(page, element, true) });
  return element;
}

/** @param {{word: string, name?: string, glyph: string, disabled?: boolean, primary?: boolean, do: (event: MouseEvent) => void}} what */
function dockButton(what) {
  return el("button", { type: "button", class: what.primary ? "dock-button primary" : "dock-button", "aria-label": what.name ?? null, disabled: what.disabled === true, onclick: what.do }, glyph(what.glyph), el("span", { class: "word", text: what.word }));
}

/** The tools that draw, in a menu; it is named for the one in the hand. @param {ConsultPage} page */
function drawButton(page) {
  const chosen = MARK_TOOLS.find((t) => t.kind === page.desk.tool);
  const element = dockButton({ word: chosen?.name ?? "Draw", glyph: `mark-${chosen?.kind ?? "length"}`, do: () => drawMenu(page, element) });
  element.setAttribute("aria-pressed", String(!!chosen));
  element.setAttribute("aria-haspopup", "menu");
  return element;
}

/** @param {ConsultPage} page */
function chatButton(page) {
  const { unread } = page.panel.chat;
  return el("button", { type: "button", class: "tool people", "aria-label": unread ? `Chat, ${unread} unread` : "Chat", onclick: () => page.panel.open("chat") },
    glyph("chat"), unread ? el("span", { class: "count", text: String(unread) }) : null);
}
