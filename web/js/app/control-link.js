/** The page's connection to the server, begun before anything is drawn; what comes goes to the session. */
/** @import {ClientMessage, Command, Screen} from "../wire.js" */
/** @import {Answer, Session, Wish} from "../core/session/session.js" */
import { ofServer, t } from "../core/language.js";
import { ControlSocket } from "../transport/socket.js";

export class ControlLink {
  /** @param {Session} session @param {{url: string, tab: string, first?: WebSocket}} where */
  constructor(session, where) {
    this.session = session;
    this.socket = new ControlSocket(where, {
      message: (message) => session.receive(message),
      phase: (phase) => session.setPhase(phase),
      freshness: (freshness) => session.setFreshness(freshness),
      over: (reason, sentence) => session.emit("over", reason, sentence),
    });
    this.socket.connect();
  }

  /** @returns {number | null} milliseconds */
  get roundTrip() {
    return this.socket.connection.roundTrip;
  }

  /** How large the screen is, and from now on. @param {Screen} screen */
  show(screen) {
    this.socket.reshape(screen);
  }

  /** @param {ClientMessage} message which may be dropped @returns {boolean} whether it was sent */
  send(message) {
    return this.socket.send(message);
  }

  /** Ask the server for something. @param {Wish} wish @returns {Promise<Answer>} */
  async request(wish) {
    const { doc } = this.session;
    if (!doc) return { code: "not_sent", message: t("This could not be sent.") };
    const error = await this.socket.command(
      (id) => /** @type {Command} */ (/** @type {unknown} */ ({ case: doc.case, ...wish, id })),
    );
    return error && { ...error, message: ofServer(error.message) };
  }

  /** How long ago the server has confirmed what is shown, in ms; null: never. @returns {number | null} */
  get ageMs() {
    const age = this.socket.ageMs;
    return Number.isFinite(age) ? age : null;
  }

  /** Somebody looks again, or the network has changed: ask the server, or try at once. */
  look() {
    this.socket.look();
  }

  /** The page is put away: nobody sits here until it is looked at again. */
  putAway() {
    this.socket.putAway();
  }

  leave() {
    this.socket.leave("left");
  }
}
