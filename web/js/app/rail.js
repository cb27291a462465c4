/** Who is in the consult, what they do, and who asks for control. */
/** @import {Seat} from "../wire.js" */
/** @import {ConsultPage} from "./consult-page.js" */
import { peopleHere, seatOf } from "../core/session/document.js";
import { ask } from "../kit/dialog.js";
import { el, find, glyph, rebuild, unseen } from "../kit/dom.js";
import { invite, mayInvite } from "../features/invite/inviting.js";
import { openMenu } from "../kit/menu.js";
import { avatar, doing, voiceSign, voiceWord } from "../kit/person.js";
import { connectionWords, signs } from "../kit/person-signs.js";
import { closeButton } from "../features/viewing/series-list.js";
import { voiceBar, voiceKey } from "../features/voice/voice-bar.js";

/** @param {ConsultPage} page */
export function renderRail(page) {
  const rail = find("#rail", HTMLElement);
  const { doc, here, me, standing, online } = page.session;
  if (!doc || !standing) return;
  page.panel.render();
  const seats = peopleHere(doc, new Set([...online, me]));
  const asking = standing.mayGrant ? doc.control.requests.filter((id) => !page.declined.has(id)) : [];
  const { speaking } = page.session;
  const key = JSON.stringify([
    seats,
    [...here.values()],
    doc.control,
    asking,
    standing,
    me,
    page.session.phase,
    page.form,
    [...speaking],
    voiceKey(page),
  ]);
  rebuild(rail, key, () => [
    closeButton(page),
    el(
      "h2",
      {},
      el("span", { text: "In the consult" }),
      el("span", { class: "n", text: String(seats.length) }),
      muteAll(page),
    ),
    ...seats.map((seat) => personRow(page, seat)),
    seats.length <= 1 &&
      el(
        "div",
        { class: "alone" },
        el("span", { text: "Nobody else is here." }),
        mayInvite(page) &&
          el("button", { type: "button", class: "button small", text: "Invite", onclick: () => void invite(page) }),
      ),
    ...asking.map((id) => request(page, seats.find((s) => s.id === id) ?? seatOf(doc, id) ?? undefined)),
    page.form === "middle" && raisedHands(page),
    voiceBar(page),
  ]);
}

/** How many hands are up, where the names are not seen. @param {ConsultPage} page */
function raisedHands(page) {
  const n = page.people.hands.size;
  if (n === 0 || find("#rail", HTMLElement).classList.contains("open")) return null;
  const name = n === 1 ? "1 hand is raised" : `${n} hands are raised`;
  return el(
    "button",
    { type: "button", class: "tool hands", "aria-label": name, title: name, onclick: () => page.sheets.open("rail") },
    glyph("hand"),
    el("span", { class: "count", text: String(n) }),
  );
}

/** For the host, where somebody else could be heard. @param {ConsultPage} page */
function muteAll(page) {
  const { here, me, standing, phase } = page.session;
  const open = [...here.values()].some((h) => h.online && h.seat !== me && h.microphone === "on");
  if (!standing?.host || phase !== "live" || !open) return null;
  return el("button", {
    type: "button",
    class: "button small bare mute-all",
    text: "Mute all",
    onclick: () => page.socket?.say({ type: "mute", seat: "" }),
  });
}

/** @param {ConsultPage} page @param {Seat} seat */
function personRow(page, seat) {
  const { doc, here, me } = page.session;
  if (!doc) return null;
  const at = here.get(seat.id);
  const speaks = page.session.speaking.has(seat.id);
  const what = doing(seat, doc, at, speaks);
  const you = seat.id === me;
  const content = [
    avatar(seat, { away: !at?.online, speaking: speaks }),
    el(
      "span",
      { class: "two-lines", "aria-hidden": true },
      el("span", { class: "first" }, seat.name, you ? el("span", { class: "quiet", text: " you" }) : null),
      el("span", { class: "second", text: what }),
    ),
    ...signs(at),
    at?.phone ? glyph("phone") : null,
    voiceSign(seat, at, speaks),
  ];
  const items = you ? [] : menuItems(page, seat);
  const name = [`${seat.name}${you ? ", you" : ""}`, what.toLowerCase(), at?.hand ? "hand raised" : "", voiceWord(at)]
    .filter(Boolean)
    .join(", ");
  const title = connectionWords(at);
  const collapsed = page.form === "middle" && !find("#rail", HTMLElement).classList.contains("open");
  if (collapsed)
    return el(
      "button",
      {
        type: "button",
        class: "person",
        "data-name": seat.id,
        title: [name, title].filter(Boolean).join("; "),
        onclick: () => page.sheets.open("rail"),
      },
      ...content,
      unseen(name),
    );
  if (items.length === 0) return el("div", { class: "person", title }, ...content, unseen(name));
  const element = el(
    "button",
    {
      type: "button",
      class: "person",
      "data-name": seat.id,
      title,
      "aria-haspopup": "menu",
      onclick: () => openMenu(element, seat.name, menuItems(page, seat), menuHead(seat, what)),
    },
    ...content,
    unseen(name),
  );
  return element;
}

/** Whom the menu is about. @param {Seat} seat @param {string} what they do */
const menuHead = (seat, what) =>
  el(
    "div",
    { class: "head" },
    avatar(seat),
    el(
      "span",
      { class: "two-lines" },
      el("span", { class: "first", text: seat.name }),
      el("span", { class: "second", text: what }),
    ),
  );

/** @param {ConsultPage} page @param {Seat} seat @returns {import("../kit/menu.js").Item[]} */
function menuItems(page, seat) {
  const { doc, here, standing, online } = page.session;
  if (!doc || !standing || page.session.phase !== "live") return [];
  const items = [];
  if (standing.mayGrant && seat.role !== "viewer" && doc.control.seat !== seat.id && online.has(seat.id)) {
    items.push({
      name: "Give control",
      glyph: "swap",
      choose: () => void page.command({ type: "grant_control", seat: seat.id }),
    });
  }
  if (standing.host && here.get(seat.id)?.microphone === "on") {
    items.push({
      name: "Mute",
      glyph: "microphone-off",
      choose: () => page.socket?.say({ type: "mute", seat: seat.id }),
    });
  }
  if (standing.host && (here.get(seat.id)?.hand ?? 0) > 0) {
    items.push({ name: "Lower hand", glyph: "hand", choose: () => page.people.lowerHand(seat.id) });
  }
  if (standing.host)
    items.push({
      name: "Remove from consult",
      glyph: "x",
      bad: true,
      line: items.length > 0,
      choose: () => void remove(page, seat),
    });
  return items;
}

/** @param {ConsultPage} page @param {Seat} seat */
async function remove(page, seat) {
  const answer = await ask({
    title: `Remove ${seat.name} from the consult?`,
    text: `${seat.name} is disconnected and cannot come back by the same seat.`,
    choices: [
      { name: "Cancel", value: "", safe: true },
      { name: "Remove", value: "remove", class: "button final" },
    ],
  });
  if (answer === "remove") await page.command({ type: "remove_seat", seat: seat.id });
}

/** @param {ConsultPage} page @param {Seat | undefined} seat */
function request(page, seat) {
  if (!seat) return null;
  return el(
    "div",
    { class: "card request" },
    el("div", {}, el("strong", { text: seat.name }), " asks for control"),
    el(
      "div",
      { class: "row" },
      el("button", {
        type: "button",
        class: "button primary",
        text: "Give control",
        onclick: () => void page.command({ type: "grant_control", seat: seat.id }),
      }),
      el("button", { type: "button", class: "button", text: "Not now", onclick: () => page.decline(seat.id) }),
    ),
  );
}
