/** Who waits before the door, for hosts: a list beside the picture, a sound, and a notice that stands until all are
 * answered. */
/** @import {Seat, ServerMessage} from "../../wire.js" */
/** @import {FeatureContext} from "../context.js" */
import { clockTime } from "../../core/format.js";
import { Bell } from "../../core/people/bell.js";
import { plural, t } from "../../core/language.js";
import { waitingSeats } from "../../core/session/document.js";
import { named } from "../../core/words.js";
import { control, html, nothing, repeat, twoLines } from "../../kit/html.js";
import { chime } from "./chime.js";
import { settings } from "../../transport/storage.js";

/**
 * @typedef {Pick<FeatureContext, "session" | "command" | "notices" | "redraw" | "sheets" | "form"> &
 *   {silent: () => boolean}} LobbyContext silent: nothing is to be heard here
 */

export class Lobby {
  /** @param {LobbyContext} context */
  constructor(context) {
    this.context = context;
    /** Seats whose page is open before the door. @type {Set<string>} */
    this.here = new Set();
    this.bell = new Bell();
    context.session.on("message", (message) => this.receive(message));
    context.session.on("changed", () => this.remind());
  }

  /** @returns {Seat[]} the longest first */
  get waiting() {
    const { doc, standing } = this.context.session;
    return doc && standing?.host && !standing.reads ? waitingSeats(doc) : [];
  }

  /** @param {ServerMessage} message */
  receive(message) {
    if (message.type === "welcome") this.here = new Set();
    else if (message.type === "lobby") this.here = new Set(message.here);
    else return;
    this.remind();
    this.context.redraw();
  }

  /** A notice stands as long as somebody waits whose page is open. */
  remind() {
    const { notices, sheets, form } = this.context;
    this.ring();
    const waiting = this.waiting.filter((seat) => this.here.has(seat.id));
    const [first] = waiting;
    if (!first) return notices.stand(null, "lobby");
    const names = named(waiting.map((seat) => seat.name));
    const text = plural(waiting.length, "{names} waits to be let in.", "{names} wait to be let in.", { names });
    const who = { name: t("Who?"), do: () => sheets.open("rail") };
    const one = { name: t("Let in"), do: () => this.admit([first]) };
    const all = { name: t("Let all in"), do: () => this.admit(waiting) };
    const several = form() === "wide" ? all : who; // where the list is not seen, nobody is let in unseen
    const action = waiting.length === 1 ? one : several;
    return notices.stand({ text, glyph: "clock", action }, "lobby");
  }

  /** Somebody has come before the door. */
  ring() {
    const ids = this.waiting.map((seat) => seat.id);
    const rings = this.bell.rings(ids, this.here, performance.now());
    if (rings && settings.lobbySound && !this.context.silent()) chime();
  }

  /** @param {Seat[]} seats */
  admit(seats) {
    void this.context.command({ type: "admit_seats", seats: seats.map((seat) => seat.id).slice(0, 64) });
  }

  /** @param {Seat} seat */
  deny(seat) {
    void this.context.command({ type: "deny_seat", seat: seat.id });
  }

  /** The card of the rail; nothing where nobody waits. */
  get card() {
    const { waiting } = this;
    if (waiting.length === 0) return nothing;
    const all =
      waiting.length > 1
        ? control({ more: t("Let all in"), class: "button small primary", do: () => this.admit(waiting) })
        : nothing;
    return html`<div class="card lobby-card">
      <div class="heading-line"><strong>${plural(waiting.length, "{n} waits", "{n} wait")}</strong>${all}</div>
      <ul>${repeat(
        waiting,
        (seat) => seat.id,
        (seat) => this.row(seat),
      )}</ul>
    </div>`;
  }

  /** @param {Seat} seat */
  row(seat) {
    const { name } = seat;
    const since = t("since {time}", { time: clockTime(seat.asked_at) });
    const second = this.here.has(seat.id) ? since : t("{since}, page closed", { since });
    return html`<li data-waiting=${seat.id}>${twoLines(name, second)}${control({
      more: t("Let in"),
      label: t("Let {name} in", { name }),
      class: "button small",
      do: () => this.admit([seat]),
    })}${control({
      more: t("Deny"),
      label: t("Do not let {name} in", { name }),
      class: "button small bare",
      do: () => this.deny(seat),
    })}</li>`;
  }
}
