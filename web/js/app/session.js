/** What the page knows of the consult, from the messages of the server. It paints nothing. */
/** @import {Case, Command, Drafts, Here, Loading, Measured, MediaEnded, Offer, ServerMessage, ShownView, Snapshot, Stamp} from "../wire.js" */
/** @import {Answer, ControlSocket} from "../transport/socket.js" */
/** @import {Phase} from "../core/session/connection.js" */
import { currentCase, fold } from "../core/session/document.js";
import { standingOf } from "../core/session/standing.js";

/**
 * @typedef {object} SessionCallbacks
 * @property {(first: boolean, shown: ShownView) => void} welcomed first: also the document is new
 * @property {(shown: ShownView) => void} view
 * @property {(stamp: Stamp) => void} stamp
 * @property {(rev: number) => void} settled the view of that revision rests
 * @property {(series: string) => void} loading
 * @property {(code: string, message: string) => void} refused a show or another message without an id
 * @property {(before: Snapshot, after: Snapshot) => void} changed
 * @property {() => void} presence who is here, and who speaks
 * @property {(by: string) => void} muted this page's microphone was closed by that seat
 * @property {(message: {type: "offer"} & Offer | {type: "media_ended"} & MediaEnded) => void} call about the WebRTC connection
 */
/** A command without what the session itself puts in.
 * @typedef {Command extends infer C ? C extends Command ? Omit<C, "id" | "case"> : never : never} Wish */

export class Session {
  /** @param {SessionCallbacks} listener */
  constructor(listener) {
    this.listener = listener;
    /** @type {ControlSocket | null} */
    this.socket = null;
    /** @type {Snapshot | null} */
    this.doc = null;
    this.me = "";
    /** @type {Phase} */
    this.phase = "idle";
    /** @type {Map<string, Here>} */
    this.here = new Map();
    /** @type {Map<string, Loading>} */
    this.loadings = new Map();
    /** Seats whose voice is heard now. @type {Set<string>} */
    this.speaking = new Set();
    this.liveOnce = false;
    /** What others draw, and values of marks. Replaced by who shows them.
     * @type {(message: ({type: "drafts"} & Drafts) | ({type: "measured"} & Measured)) => void} */
    this.onMarks = () => undefined;
    /** An act of one's own on marks or key images is stored. @type {(doing: "do" | "undo" | "redo") => void} */
    this.onAct = () => undefined;
  }

  get standing() {
    return this.doc ? standingOf(this.doc, this.me) : null;
  }

  /** Moves the picture for everybody, and is connected. */
  get drives() {
    return this.phase === "live" && !!this.standing?.drives;
  }

  /** @returns {Case | null} */
  get kase() {
    return this.doc && currentCase(this.doc);
  }

  /** @returns {Set<string>} */
  get online() {
    return new Set([...this.here.values()].filter((h) => h.online).map((h) => h.seat));
  }

  /** @param {ServerMessage} message */
  receive(message) {
    switch (message.type) {
      case "welcome":
        return this.welcome(message);
      case "event":
        return this.event(message);
      case "view":
        return this.listener.view(message);
      case "stamp":
        return this.listener.stamp(message.stamp);
      case "presence":
        this.here = new Map(message.people.map((h) => [h.seat, h]));
        return this.listener.presence();
      case "speaking":
        this.speaking = new Set(message.slots.filter(Boolean));
        return this.listener.presence();
      case "muted":
        return this.listener.muted(message.by);
      case "loading":
        this.loadings.set(message.series, message);
        return this.listener.loading(message.series);
      case "drafts":
      case "measured":
        return this.onMarks(message);
      case "refused":
        return this.listener.refused(message.code, message.message);
      case "offer":
      case "media_ended":
        return this.listener.call(message);
      default:
        return undefined;
    }
  }

  /** @param {import("../wire.js").Welcome} welcome */
  welcome(welcome) {
    const before = this.doc;
    this.me = welcome.seat;
    this.onMarks({ type: "drafts", drafts: [] });
    this.speaking = new Set();
    if (welcome.snapshot) this.doc = welcome.snapshot;
    this.listener.welcomed(!!welcome.snapshot, welcome.view);
    if (before && this.doc && before !== this.doc) this.listener.changed(before, this.doc);
  }

  /** @param {import("../wire.js").StoredEvent} stored */
  event(stored) {
    const before = this.doc;
    if (!before) return;
    if (stored.event.type === "view_settled") this.listener.settled(stored.event.rev);
    if ("doing" in stored.event && stored.by === this.me) this.onAct(stored.event.doing);
    this.doc = fold(before, stored.event);
    if (this.doc !== before) this.listener.changed(before, this.doc);
  }

  /**
   * Ask the server for something.
   * @param {Wish} wish @returns {Promise<Answer>}
   */
  async want(wish) {
    const { socket, doc } = this;
    if (!socket || !doc) return { code: "not_sent", message: "This could not be sent." };
    return socket.command((id) => /** @type {Command} */ (/** @type {unknown} */ ({ ...wish, id, case: doc.case })));
  }
}
