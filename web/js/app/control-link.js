/** The page's connection to the server: made once the size of the stage is known; what comes goes to the session. */
/** @import {ClientMessage, Command, Screen} from "../wire.js" */
/** @import {Answer, Session, Wish} from "../core/session/session.js" */
import { ofServer, t } from "../core/language.js";
import { ControlSocket } from "../transport/socket.js";

export class ControlLink {
  /** @param {Session} session @param {{url: string, tab: string}} where */
  constructor(session, where) {
    this.session = session;
    this.where = where;
    /** @type {ControlSocket | null} */
    this.socket = null;
  }

  /** @returns {number | null} milliseconds */
  get roundTrip() {
    return this.socket?.connection.roundTrip ?? null;
  }

  /** Connect, or send how the screen is now. @param {Screen} screen */
  show(screen) {
    if (this.socket) return this.socket.reshape(screen);
    const { session } = this;
    this.socket = new ControlSocket(
      { ...this.where, screen },
      {
        message: (message) => session.receive(message),
        phase: (phase) => session.setPhase(phase),
        freshness: (freshness) => session.setFreshness(freshness),
        over: (reason, sentence) => session.emit("over", reason, sentence),
      },
    );
    this.socket.connect();
  }

  /** @param {ClientMessage} message which may be dropped @returns {boolean} whether it was sent */
  send(message) {
    return this.socket?.send(message) ?? false;
  }

  /** Ask the server for something. @param {Wish} wish @returns {Promise<Answer>} */
  async request(wish) {
    const { doc } = this.session;
    if (!this.socket || !doc) return { code: "not_sent", message: t("This could not be sent.") };
    const error = await this.socket.command(
      (id) => /** @type {Command} */ (/** @type {unknown} */ ({ case: doc.case, ...wish, id })),
    );
    return error && { ...error, message: ofServer(error.message) };
  }

  /** How long ago the server has confirmed what is shown, in ms; null: never. @returns {number | null} */
  get ageMs() {
    const age = this.socket?.ageMs ?? Infinity;
    return Number.isFinite(age) ? age : null;
  }

  /** Somebody looks again, or the network has changed: ask the server, or try at once. */
  look() {
    this.socket?.look();
  }

  /** The page is put away: nobody sits here until it is looked at again. */
  putAway() {
    this.socket?.putAway();
  }

  leave() {
    this.socket?.leave("left");
  }
}
