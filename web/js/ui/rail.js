/** Who is in the consult, what they do, and who asks for control. */
/** @import {Seat} from "../wire.js" */
/** @import {ConsultPage} from "./consult-page.js" */
import { peopleHere, seatOf } from "../core/document.js";
import { ask } from "./dialog.js";
import { el, find, glyph, rebuild } from "./dom.js";
import { openMenu } from "./menu.js";
import { avatar, doing } from "./person.js";
import { closeButton } from "./series-list.js";

/** @param {ConsultPage} page */
export function renderRail(page) {
  const rail = find("#rail", HTMLElement);
  const { doc, here, me, standing, online } = page.session;
  if (!doc || !standing) return;
  page.panel.render();
  const seats = peopleHere(doc, new Set([...online, me]));
  const asking = standing.mayGrant ? doc.control.requests.filter((id) => !page.declined.has(id)) : [];
  const key = JSON.stringify([seats, [...here.values()], doc.control, asking, standing, me, page.session.phase, page.form]);
  rebuild(rail, key, () => [
    closeButton(page),
    el("h2", {}, el("span", { text: "In the consult" }), el("span", { class: "n", text: String(seats.length) })),
    ...seats.map((seat) => personRow(page, seat)),
    seats.length <= 1 && el("p", { class: "alone", text: "Nobody else is here." }),
    ...asking.map((id) => request(page, seats.find((s) => s.id === id) ?? seatOf(doc, id) ?? undefined)),
  ]);
}

/** @param {ConsultPage} page @param {Seat} seat */
function personRow(page, seat) {
  const { doc, here, me } = page.session;
  if (!doc) return null;
  const at = here.get(seat.id);
  const what = doing(seat, doc, at);
  const you = seat.id === me;
  const content = [
    avatar(seat, { away: !at?.online }),
    el("span", { class: "two-lines" },
      el("span", { class: "first" }, seat.name, you ? el("span", { class: "quiet", text: " you" }) : null),
      el("span", { class: "second", text: what })),
    at?.phone ? glyph("phone") : null,
  ];
  const items = you ? [] : menuItems(page, seat);
  const name = `${seat.name}${you ? ", you" : ""}, ${what.toLowerCase()}`;
  const collapsed = page.form === "middle" && !find("#rail", HTMLElement).classList.contains("open");
  if (collapsed) return el("button", { type: "button", class: "person", "aria-label": name, title: name, onclick: () => page.openSheet("rail") }, ...content);
  if (items.length === 0) return el("div", { class: "person" }, ...content);
  const element = el("button", { type: "button", class: "person", "aria-label": name, "aria-haspopup": "menu", onclick: () => openMenu(element, seat.name, menuItems(page, seat)) }, ...content);
  return element;
}

/** @param {ConsultPage} page @param {Seat} seat @returns {import("./menu.js").Item[]} */
function menuItems(page, seat) {
  const { doc, standing, online } = page.session;
  if (!doc || !standing || page.session.phase !== "live") return [];
  const items = [];
  if (standing.mayGrant && seat.role !== "viewer" && doc.control.seat !== seat.id && online.has(seat.id)) {
    items.push({ name: "Give control", glyph: "swap", choose: () => void page.command({ type: "grant_control", seat: seat.id }) });
  }
  if (standing.host) items.push({ name: "Remove from consult", glyph: "x", bad: true, line: items.length > 0, choose: () => void remove(page, seat) });
  return items;
}

/** @param {ConsultPage} page @param {Seat} seat */
async function remove(page, seat) {
  const answer = await ask({
    title: `Remove ${seat.name} from the consult?`,
    text: `${seat.name} is disconnected and cannot come back by the same seat.`,
    choices: [{ name: "Cancel", value: "", safe: true }, { name: "Remove", value: "remove", class: "button final" }],
  });
  if (answer === "remove") await page.command({ type: "remove_seat", seat: seat.id });
}

/** @param {ConsultPage} page @param {Seat | undefined} seat */
function request(page, seat) {
  if (!seat) return null;
  return el("div", { class: "card request" },
    el("div", {}, el("strong", { text: seat.name }), " asks for control"),
    el("div", { class: "row" },
      el("button", { type: "button", class: "button primary", text: "Give control", onclick: () => void page.command({ type: "grant_control", seat: seat.id }) }),
      el("button", { type: "button", class: "button", text: "Not now", onclick: () => page.decline(seat.id) })));
}
