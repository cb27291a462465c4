/**
 * The room display: one page before several people, on a large screen. The picture has all of it but one bar, which
 * says whose names are here, and by which code a phone becomes the pointer of the room. Esc leaves it.
 */
/** @import {FeatureContext} from "../context.js" */
/** @import {Invitation} from "../../core/joining/invitations.js" */
/** @import {Item} from "../../kit/menu.js" */
import { ApiError } from "../../core/api-error.js";
import { preparationOf } from "../../core/board/board.js";
import { isLocal, LOCAL_WORDS } from "../../core/joining/invitations.js";
import { POINTS } from "../../core/joining/link-address.js";
import { t } from "../../core/language.js";
import { caseNumber } from "../../core/patient.js";
import { whoDrives } from "../../core/session/driving.js";
import { seatOf } from "../../core/session/document.js";
import { askText } from "../../kit/dialog.js";
import { el, find } from "../../kit/dom.js";
import { control, draw, html, nothing } from "../../kit/html.js";
import { Links } from "../../transport/links.js";

/** A pointer's link lets a phone in, and one in its place. */
const PHONES = 2;
const VALID_S = 4 * 3600;
const MAX_NAME = 80;

export class Room {
  /** @param {Pick<FeatureContext, "session" | "command" | "base" | "tab" | "redraw" | "stage">} context */
  constructor(context) {
    this.context = context;
    this.on = false;
    this.number = 0;
    /** By which a phone comes. @type {Invitation | null} */
    this.link = null;
    this.problem = "";
    this.bar = find("#room-bar", HTMLElement);
    this.qr = el("div", { class: "qr", role: "img", "aria-label": t("QR code of the link") });
  }

  get links() {
    return new Links(`${this.context.base}invitations`);
  }

  /** @returns {Item[]} */
  get items() {
    if (!this.context.session.live) return [];
    return [{ name: t("Room display"), glyph: "fit", line: true, choose: () => this.begin() }];
  }

  /** The picture has the screen. */
  begin() {
    this.on = true;
    document.body.toggleAttribute("data-room", true);
    document.documentElement.requestFullscreen?.().catch(() => {}); // it is as good in a window
    if (this.context.session.standing?.host) void this.invite();
    this.context.redraw();
    this.context.stage.element.focus();
  }

  /** @returns {boolean} whether it was on */
  escape() {
    if (!this.on) return false;
    this.on = false;
    document.body.toggleAttribute("data-room", false);
    if (document.fullscreenElement) void document.exitFullscreen();
    void this.revoke();
    this.context.redraw();
    return true;
  }

  /** A link for the phone that points in this room; only a host can make one. */
  async invite() {
    const { session } = this.context;
    const name = t("{name}, pointer", { name: (session.doc && seatOf(session.doc, session.me)?.name) ?? t("Room") });
    try {
      this.link = await this.links.make({
        role: "participant",
        label: name.slice(0, MAX_NAME),
        name: name.slice(0, MAX_NAME),
        expires_in_s: VALID_S,
        people: PHONES,
        lobby: false,
        pin: false,
      });
      this.problem = "";
      const code = isLocal(this.link.url) ? null : await this.links.qrCode(this.link.invitation, true);
      this.qr.replaceChildren(...(code ? [code] : []));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.problem = error.failure.message;
    }
    this.context.redraw();
    if (!this.on) void this.revoke();
  }

  /** The phone is the room's pointer no longer. */
  async revoke() {
    const { link } = this;
    this.link = null;
    if (!link) return;
    await this.links.revoke(link.invitation).catch((error) => {
      if (!(error instanceof ApiError)) throw error; // it ends by itself
    });
  }

  /** Somebody who sits before this screen. */
  async add() {
    const { session, command, tab } = this.context;
    const name = await askText({
      title: t("Who is in this room"),
      label: t("Name, and specialty behind a comma"),
      value: "",
      action: t("Add"),
      max: MAX_NAME,
    });
    const [who = "", specialty = ""] = name.split(",").map((part) => part.trim());
    if (!who) return;
    const person = `${tab}.room.${++this.number}`;
    await command({ type: "put_attendee", case: session.doc?.case, person, name: who, specialty, here: true });
  }

  render() {
    this.bar.hidden = !this.on;
    if (!this.on) return;
    draw(
      this.bar,
      html`${this.about()}${this.people()}${this.pointer()}${control({
        word: t("Leave the room display"),
        more: html`<kbd aria-hidden="true">Esc</kbd>`,
        do: () => void this.escape(),
      })}`,
    );
  }

  /** Which case, and what is asked of it. */
  about() {
    const { session } = this.context;
    const { doc, kase } = session;
    if (!doc || !kase) return nothing;
    const number = caseNumber({ n: doc.cases.indexOf(kase) + 1, of: doc.cases.length });
    const question = doc.board ? preparationOf(doc, doc.current).texts.question?.text : "";
    return html`<div class="room-about"><span class="quiet">${[
      number || doc.consult.title,
      whoDrives(session, { independent: false, short: false }),
    ].join(" · ")}</span><p dir="auto">${question ?? ""}</p></div>`;
  }

  people() {
    const { doc, me, live } = this.context.session;
    if (!doc?.board) return nothing;
    const here = (doc.attendees ?? []).filter((one) => one.seat === me && one.id !== me && one.present);
    const names = here.map((one) => one.name).join(", ");
    return html`<div class="room-people"><span class="quiet">${t("In this room")}</span><p><bdi>${
      names || t("nobody named yet")
    }</bdi> ${control({ word: t("Add a name"), class: "button small", disabled: !live, do: () => void this.add() })}</p></div>`;
  }

  /** How a phone becomes the pointer. */
  pointer() {
    if (this.problem) return html`<p class="problem">${this.problem}</p>`;
    if (!this.link) return nothing;
    const local = isLocal(this.link.url);
    return html`<div class="room-pointer" data-pointer-link=${this.link.url ? this.link.url + POINTS : nothing}>${local ? nothing : this.qr}<p>${
      local ? LOCAL_WORDS : t("Scan with a phone and join: a finger on its picture points here.")
    }</p></div>`;
  }
}
