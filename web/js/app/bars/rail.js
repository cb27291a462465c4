/** Who is in the consult, what they do, and who asks for control. */
/** @import {Here, Seat} from "../../wire.js" */
/** @import {Item} from "../../kit/menu.js" */
/** @import {Parts} from "../features.js" */
import { plural, t } from "../../core/language.js";
import { peopleHere, seatOf, sentOut } from "../../core/session/document.js";
import { ask } from "../../kit/dialog.js";
import { find } from "../../kit/dom.js";
import { control, draw, html, icon, nothing, repeat, twoLines, unseen } from "../../kit/html.js";
import { openMenu } from "../../kit/menu.js";
import { avatar, capital, doing, voiceSign, voiceWord } from "../../kit/person.js";
import { connectionWords, signs } from "../../kit/person-signs.js";
import { closeButton } from "../../kit/sheets.js";

/** @param {Parts} parts */
export function renderRail(parts) {
  const { context, features } = parts;
  const { doc, me, standing, online } = context.session;
  if (!doc || !standing) return;
  const { control: controlling, voice, people } = features;
  const seats = peopleHere(doc, new Set([...online, me]));
  const asking = controlling.asking.flatMap((id) => seats.find((s) => s.id === id) ?? seatOf(doc, id) ?? []);
  draw(
    find("#rail", HTMLElement),
    html`${closeButton(context.sheets)}
      ${people.lobby.card}
      <h2><span>${t("In the consult")}</span><span class="n">${seats.length}</span>${voice.muteAllButton}</h2>
      ${repeat(
        seats,
        (seat) => seat.id,
        (seat) => personRow(parts, seat),
      )}${seats.length <= 1 ? nobodyElse(features.invite) : nothing}${repeat(
        asking,
        (seat) => seat.id,
        (seat) => request(controlling, seat),
      )}${raisedHands(parts)}${
        standing.host
          ? repeat(
              sentOut(doc),
              (seat) => seat.id,
              (seat) => outside(context, seat),
            )
          : nothing
      }
      <div class="voice-bar">
        ${voice.microphoneButton("button microphone")}${people.handButton("button raise")}${voice.soundButton}
      </div>`,
  );
}

/** @param {Parts["features"]["invite"]} invite */
const nobodyElse = (invite) =>
  html`<div class="empty-note"><span>${t("Nobody else is here.")}</span>${
    invite.may ? control({ more: t("Invite"), class: "button small", do: () => void invite.open() }) : nothing
  }</div>`;

/** Names are not seen where the rail is narrow, or below a board's decision. @param {Parts} parts */
const isNarrow = ({ context, features }) =>
  (context.form() === "middle" || (context.form() === "wide" && !features.board.absent)) &&
  !find("#rail", HTMLElement).classList.contains("open");

/** How many hands are up, where the names are not seen. @param {Parts} parts */
function raisedHands(parts) {
  const n = parts.features.people.hand.raised.size;
  if (n === 0 || !isNarrow(parts)) return nothing;
  const name = plural(n, "{n} hand is raised", "{n} hands are raised");
  return control({
    label: name,
    title: name,
    class: "tool hands",
    glyph: "hand",
    more: html`<span class="count">${n}</span>`,
    do: () => parts.context.sheets.open("rail"),
  });
}

/** @param {Parts} parts @param {Seat} seat */
function personRow(parts, seat) {
  const { session, sheets } = parts.context;
  const { doc, here, me } = session;
  if (!doc) return nothing;
  const at = here.get(seat.id);
  const speaks = session.speaking.has(seat.id);
  const does = doing(seat, doc, at, speaks);
  const what = capital(does);
  const you = seat.id === me;
  const name = [`${seat.name}${you ? `, ${t("you")}` : ""}`, does, at?.hand ? t("hand raised") : "", voiceWord(at)]
    .filter(Boolean)
    .join(", ");
  const title = connectionWords(at);
  const content = html`${personContent(seat, at, { what, you, speaks })}${unseen(name)}`;
  if (isNarrow(parts))
    return control({
      id: seat.id,
      class: "person",
      title: [name, title].filter(Boolean).join("; "),
      more: content,
      do: () => sheets.open("rail"),
    });
  if (you || menuItems(parts, seat).length === 0) return html`<div class="person" title=${title}>${content}</div>`;
  return control({
    id: seat.id,
    class: "person",
    title,
    popup: "menu",
    more: content,
    do: ({ currentTarget }) =>
      openMenu(currentTarget, seat.name, menuItems(parts, seat), html`${avatar(seat)}${twoLines(seat.name, what)}`),
  });
}

/** @param {Seat} seat @param {Here | undefined} at @param {{what: string, you: boolean, speaks: boolean}} how */
function personContent(seat, at, { what, you, speaks }) {
  const name = html`${seat.name}${you ? html`<span class="quiet"> ${t("you")}</span>` : nothing}`;
  return html`${avatar(seat, { away: !at?.online, speaking: speaks })}<span class="two-lines" aria-hidden="true">
      <span class="first">${name}</span><span class="second">${what}</span>
    </span>${signs(at)}${at?.phone ? icon("phone") : nothing}${voiceSign(seat, at, speaks)}`;
}

/** @param {Parts} parts @param {Seat} seat @returns {Item[]} */
function menuItems({ context, features }, seat) {
  const { doc, here, standing, online, live } = context.session;
  if (!doc || !standing || !live) return [];
  const { board, control: controlling, people, voice } = features;
  const at = here.get(seat.id);
  /** @type {Item[]} */
  const items = [];
  if (standing.mayGrant && seat.role !== "viewer" && doc.control.seat !== seat.id && online.has(seat.id))
    items.push({ name: t("Give control"), glyph: "swap", choose: () => controlling.grant(seat.id) });
  items.push(...board.memberItems(seat));
  if (standing.host && at?.microphone === "on")
    items.push({ name: t("Mute"), glyph: "microphone-off", choose: () => voice.mute(seat.id) });
  if (standing.host && (at?.hand ?? 0) > 0)
    items.push({ name: t("Lower hand"), glyph: "hand", choose: () => people.lowerHand(seat.id) });
  if (standing.host)
    items.push({
      name: t("Remove from consult"),
      glyph: "x",
      bad: true,
      line: true,
      choose: () => void remove(context, seat),
    });
  return items;
}

/** @param {Parts["context"]} context @param {Seat} seat */
async function remove({ command }, seat) {
  const answer = await ask({
    title: t("Remove {name} from the consult?", { name: seat.name }),
    text: t("{name} is disconnected and stays out of this link, until you let them in again.", { name: seat.name }),
    choices: [
      { name: t("Cancel"), value: "", safe: true },
      { name: t("Remove"), value: "remove", class: "button final" },
    ],
  });
  if (answer === "remove") await command({ type: "remove_seat", seat: seat.id });
}

/** Somebody who was sent out. @param {Parts["context"]} context @param {Seat} seat */
const outside = ({ command }, seat) =>
  html`<div class="empty-note outside"><span>${
    seat.lobby ? t("{name} was not let in.", { name: seat.name }) : t("{name} was removed.", { name: seat.name })
  }</span>${control({
    more: t("Let in again"),
    class: "button small",
    title: t("Let {name} in again", { name: seat.name }),
    do: () => void command({ type: "readmit_seat", seat: seat.id }),
  })}</div>`;

/** @param {Parts["features"]["control"]} controlling @param {Seat} seat that asks for control */
const request = (controlling, seat) =>
  html`<div class="card request"><div>
    <strong>${t("{name} asks for control", { name: seat.name })}</strong></div><div class="row">${control({
      more: t("Give control"),
      class: "button primary",
      do: () => controlling.grant(seat.id),
    })}${control({ more: t("Not now"), do: () => controlling.decline(seat.id) })}</div></div>`;
