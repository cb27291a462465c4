/** The top bar of large screens: who the patient is (for the host), tools, health, the way out. */
/** @import {ConsultPage} from "./consult-page.js" */
import { seriesName } from "../core/view/corner.js";
import { clockTime } from "../core/format.js";
import { askToEnd } from "./end-dialogs.js";
import { button, el, find, glyph, rebuild } from "../kit/dom.js";
import { health, healthButton, healthKey } from "../features/health/health.js";
import { inviteButton, mayInvite } from "../features/invite/inviting.js";
import { moreMenu } from "../features/viewing/layout-menu.js";
import { keepButton, undoButtons } from "../features/marks/mark-tools.js";
import { laserButton, toolButtons } from "../features/viewing/tools.js";

/** What is consulted about, in two lines. @param {ConsultPage} page */
export function titles(page) {
  const { doc, kase, standing } = page.session;
  if (!doc || !kase) return { first: "", second: "" };
  const study = kase.studies.find((s) => s.key === page.activeSeries?.study) ?? kase.studies[0];
  const what = study?.description || (page.activeSeries ? seriesName(page.activeSeries) : "");
  const title = kase.title || doc.consult.title;
  if (standing?.host) {
    return {
      first: [kase.patient.name, what].filter(Boolean).join(", "),
      second: [title, clockTime(page.now)].filter(Boolean).join(" · "),
    };
  }
  return { first: what || title, second: `${doc.consult.host_name} · ${clockTime(page.now)}` };
}

/** @param {ConsultPage} page */
export function renderTopBar(page) {
  const bar = find("#top-bar", HTMLElement);
  const { first, second } = titles(page);
  const state = health(page);
  const host = page.session.standing?.host ?? false;
  const key = JSON.stringify([
    first,
    second,
    healthKey(state),
    host,
    mayInvite(page),
    page.mayMove,
    page.whyNot,
    page.tool,
    page.annotations.key,
    page.annotations.may,
    page.panel.keys.here?.id,
  ]);
  rebuild(bar, key, () => [
    el(
      "div",
      { class: "who" },
      logo(),
      el(
        "div",
        { class: "two-lines" },
        el("span", { class: "first", text: first }),
        el("span", { class: "second", text: second }),
      ),
    ),
    el(
      "div",
      { class: "tools" },
      toolButtons(page),
      el("span", { class: "gap-line" }),
      page.people.mayPoint && laserButton(page),
      ...undoButtons(page),
      resetButton(page),
    ),
    el(
      "div",
      { class: "end" },
      healthButton(page, state),
      keepButton(page),
      moreButton(page),
      el("span", { class: "gap-line" }),
      inviteButton(page),
      endButton(page, host),
    ),
  ]);
}

function logo() {
  const svg = glyph("logo");
  svg.setAttribute("viewBox", "0 0 32 20");
  return svg;
}

/** @param {ConsultPage} page */
function resetButton(page) {
  const element = button({
    name: "Reset",
    glyph: "reset",
    key: "Space",
    class: "tool",
    onclick: () => page.actions.act("reset"),
  });
  element.disabled = !page.mayMove;
  return element;
}

/** @param {ConsultPage} page @param {boolean} [compact] */
export function moreButton(page, compact = false) {
  const element = button({
    name: "More",
    glyph: "more",
    class: "tool",
    onclick: () => moreMenu(page, element, compact),
  });
  element.setAttribute("aria-haspopup", "menu");
  return element;
}

/** @param {ConsultPage} page @param {boolean} host */
function endButton(page, host) {
  const word = host ? "End" : "Leave";
  return button({ name: word, word, glyph: "leave", onclick: () => void (host ? askToEnd(page) : page.leave()) });
}
