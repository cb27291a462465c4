/**
 * What the page knows of the consult, from the messages of the server. Features read it, and subscribe to its changes.
 */
/**
 * @import {Case, ClientMessage, Command, Drafts, Here, Loading, Measured, MediaEnded, Offer, Part, ServerMessage,
 *   ShownView, Snapshot, Stamp} from "../../wire.js"
 */
/** @import {Phase} from "./connection.js" */
/** @import {ImageLists} from "./lists.js" */
/** @import {Freshness} from "./liveness.js" */
import { Emitter } from "../emitter.js";
import { ofServer } from "../language.js";
import { calibratedBy } from "../marks/calibrations.js";
import { readBy } from "../planes/uptake.js";
import { currentCase, fold } from "./document.js";
import { withLists } from "./lists.js";
import { gathered, whole, withCase } from "./parts.js";
import { standingOf } from "./standing.js";

/** The same each time. @type {readonly import("../../wire.js").Calibration[]} */
const NONE = [];

/**
 * @typedef {object} SessionEvents
 * @property {[first: boolean, shown: ShownView]} welcomed first: also the document is new
 * @property {[shown: ShownView]} view
 * @property {[stamp: Stamp]} stamp
 * @property {[rev: number]} settled the view of that revision rests
 * @property {[series: string]} loading
 * @property {[code: string, message: string]} refused a show or another message without an id
 * @property {[before: Snapshot, after: Snapshot]} changed
 * @property {[series: string]} listed the lists of a series have come
 * @property {[]} lacking somebody waits for the lists of another series
 * @property {[]} presence who is here, and who speaks
 * @property {[critical: string]} waits a critical result of another case waits for this seat's answer; "": none does
 * @property {[by: string]} muted this page's microphone was closed by that seat
 * @property {[message: ({type: "offer"} & Offer) | ({type: "media_ended"} & MediaEnded)]} call about the WebRTC
 *   connection
 * @property {[message: ({type: "drafts"} & Drafts) | ({type: "measured"} & Measured)]} marks what others draw, and
 *   values of marks
 * @property {[doing: "do" | "undo" | "redo"]} act one's own act on marks or key images is stored
 * @property {[message: ServerMessage]} message any message, once the session has dealt with it
 * @property {[]} live the connection stands; `liveOnce` says whether it did before
 * @property {[]} lost the connection stood, and does not
 * @property {[]} phase
 * @property {[before: Freshness]} freshness whether the server has confirmed lately what is known here
 * @property {[reason: string, sentence: string]} over the page has ended
 */
/** A command without what is put in when it is sent. `case`: the epoch that it was made in, where that may be another
 * than now's: then it is refused.
 * @typedef {(Command extends infer C ? C extends Command ? Omit<C, "id" | "case"> : never : never)
 *   & {case?: number}} Wish */
/** @typedef {{code: string, message: string} | null} Answer null: it is stored */
/** @typedef {(message: ClientMessage) => boolean} Send what may be dropped; whether it was sent */

/** @extends {Emitter<{[K in keyof SessionEvents]: SessionEvents[K]}>} */
export class Session extends Emitter {
  constructor() {
    super();
    /** @type {Snapshot | null} */
    this.doc = null;
    this.me = "";
    /** The critical result by whose notice this seat came, or that waits for its answer; "" for none. */
    this.asked = "";
    /** Of what comes next. @type {Part[]} */
    this.parts = [];
    /** @type {Phase} */
    this.phase = "idle";
    /** Whether what is known here is the newest, as far as the server has confirmed it. @type {Freshness} */
    this.freshness = "stale";
    /** @type {Map<string, Here>} */
    this.here = new Map();
    /** @type {Map<string, Loading>} */
    this.loadings = new Map();
    /** Seats whose voice is heard now. @type {Set<string>} */
    this.speaking = new Set();
    this.liveOnce = false;
    /** By which mass the view that this page wants reads PET. @type {import("../planes/uptake.js").Uptake} */
    this.uptake = "body_weight";
  }

  get standing() {
    return this.doc ? standingOf(this.doc, this.me) : null;
  }

  get live() {
    return this.phase === "live";
  }

  /** The server is silent: connected or not, what is shown may be old. */
  get stale() {
    return this.freshness === "stale";
  }

  /** Moves the picture for everybody, and is connected. */
  get drives() {
    return this.live && !!this.standing?.drives;
  }

  /** The case on the stage, its PET as the view reads it, its images as they are calibrated.
   * @returns {Case | null} */
  get kase() {
    const kase = this.doc && currentCase(this.doc);
    return kase && calibratedBy(readBy(kase, this.uptake), this.doc?.calibrations ?? NONE);
  }

  /** @returns {Set<string>} */
  get online() {
    return new Set([...this.here.values()].filter((h) => h.online).map((h) => h.seat));
  }

  /** @param {Phase} phase */
  setPhase(phase) {
    const was = this.phase;
    this.phase = phase;
    if (phase === "live") {
      this.emit("live");
      this.liveOnce = true;
    } else if (was === "live") {
      this.speaking = new Set();
      this.emit("lost");
    }
    this.emit("phase");
  }

  /** @param {Freshness} freshness */
  setFreshness(freshness) {
    const before = this.freshness;
    this.freshness = freshness;
    this.emit("freshness", before);
  }

  /** @param {ServerMessage} message */
  receive(message) {
    this.take(message);
    this.emit("message", message);
  }

  /** @param {ServerMessage} message */
  take(message) {
    switch (message.type) {
      case "welcome":
        return this.welcome(message);
      case "event":
        return this.event(message);
      case "part":
        this.parts = gathered(this.parts, message);
        return undefined;
      case "view":
        return this.emit("view", message);
      case "stamp":
        return this.emit("stamp", message.stamp);
      case "presence":
        this.here = new Map(message.people.map((h) => [h.seat, h]));
        return this.emit("presence");
      case "speaking":
        this.speaking = new Set(message.slots.filter(Boolean));
        return this.emit("presence");
      case "muted":
        return this.emit("muted", message.by);
      case "critical_waits":
        return this.emit("waits", message.critical);
      case "loading":
        this.loadings.set(message.series, message);
        return this.emit("loading", message.series);
      case "drafts":
      case "measured":
        return this.emit("marks", message);
      case "refused":
        return this.emit("refused", message.code, ofServer(message.message));
      case "offer":
      case "media_ended":
        return this.emit("call", message);
      default:
        return undefined;
    }
  }

  /** @param {import("../../wire.js").Welcome} welcome */
  welcome(welcome) {
    const before = this.doc;
    this.me = welcome.seat;
    this.asked = welcome.asked ?? "";
    this.speaking = new Set();
    if (welcome.snapshot) this.doc = whole(this.parts, welcome.snapshot, before);
    this.parts = [];
    this.emit("marks", { type: "drafts", case: this.doc?.case ?? 0, drafts: [] });
    this.emit("welcomed", !!welcome.snapshot, welcome.view);
    if (before && this.doc && before !== this.doc) this.emit("changed", before, this.doc);
  }

  /** The lists of a series have come. @param {string} key @param {ImageLists} lists */
  list(key, lists) {
    const before = this.doc;
    if (!before) return;
    this.doc = withLists(before, key, lists);
    this.emit("listed", key);
    this.emit("changed", before, this.doc);
  }

  /** @param {import("../../wire.js").StoredEvent} stored */
  event(stored) {
    const before = this.doc;
    if (!before) return;
    if (stored.event.type === "view_settled") this.emit("settled", stored.event.rev);
    if ("doing" in stored.event && stored.by === this.me) this.emit("act", stored.event.doing);
    this.doc = fold(before, stored.event);
    if (stored.event.type === "case_switched") this.doc = withCase(this.doc, this.parts.splice(0));
    if (this.doc !== before) this.emit("changed", before, this.doc);
  }
}
