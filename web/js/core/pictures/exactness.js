/**
 * What is shown while the view moves: exact stills where they keep up, else the H.264 stream. Events in, effects out;
 * `now` in milliseconds.
 * Rules:
 * - A page begins with the stream, and keeps it until it is settled by which transport it comes. A still that was
 *   transferred fast enough opens the picture socket; the first still by that ends the stream.
 * - Stills that do not keep up with the view, or a picture that is `LATE_MS` behind it, bring the stream back: it is
 *   resumed, and stills are shown until its first frame is there. Then the socket is closed. While a hand moves the
 *   newest view seldom has its picture; what counts is how long ago the oldest view came that no picture shows yet,
 *   nor one newer than it.
 * - After that stills are tried again when two transfers were fast enough, after a pause that doubles each time; one
 *   that lasted `LASTED_MS` begins with the first pause.
 * - Networks that are metered (cellular, data saver) keep the stream.
 */
import { Pace } from "./pace.js";

/** Of a still's own transfer. */
export const ENOUGH_MBIT_S = 40;
/** Smaller ones say nothing of the network. */
export const SAMPLE_BYTES = 30_000;
/** A view without its exact picture or a newer one's. */
export const LATE_MS = 700;
const FIRST_PAUSE_MS = 10_000;
const LAST_PAUSE_MS = 300_000;
const LASTED_MS = 60_000;
/** The socket opens and brings nothing. */
const OPEN_MS = 5000;

/** open, close: the picture socket. stills: they alone are shown, the stream is paused. resume: the stream is wanted;
 * frames: stills are shown at rest alone.
 * @typedef {"open" | "close" | "stills" | "resume" | "frames"} Effect */

export class Exactness {
  /** @param {boolean} metered */
  constructor(metered = false) {
    this.metered = metered;
    /** @type {"stream" | "opening" | "exact" | "leaving"} */
    this.phase = "stream";
    this.online = false;
    /** It is known by which transport the stream comes, if by any. Set by who knows. */
    this.settled = false;
    this.since = 0;
    this.fast = 0;
    this.needed = 1;
    this.pauseMs = FIRST_PAUSE_MS;
    this.pausedUntil = -Infinity;
    this.pace = new Pace();
    /** Views newer than the picture, the oldest first. @type {{rev: number, at: number}[]} */
    this.due = [];
  }

  /** Exact stills alone are shown. */
  get exact() {
    return this.phase === "exact";
  }

  /** The control connection lives, or not any more. @param {boolean} online @param {number} now @returns {Effect[]} */
  connect(online, now) {
    const was = this.phase;
    this.online = online;
    this.enter("stream", now);
    return was === "stream" ? [] : ["close", "resume", "frames"];
  }

  /** A still was transferred by a request of its own.
   * @param {number} bytes @param {number} ms that its bytes took @param {number} now @returns {Effect[]} */
  fetched(bytes, ms, now) {
    if (bytes < SAMPLE_BYTES) return [];
    this.fast = (bytes * 8) / 1000 / Math.max(ms, 0.1) >= ENOUGH_MBIT_S ? this.fast + 1 : 0;
    return this.begin(now);
  }

  /** @param {number} now @returns {Effect[]} */
  begin(now) {
    const may = this.online && this.settled && !this.metered && this.phase === "stream" && now >= this.pausedUntil;
    if (!may || this.fast < this.needed) return [];
    this.enter("opening", now);
    return ["open"];
  }

  /** A still came by the socket. @param {number} now @returns {Effect[]} */
  came(now) {
    if (this.phase !== "opening") return [];
    this.enter("exact", now);
    return ["stills"];
  }

  /** The socket has closed by itself. @param {number} now @returns {Effect[]} */
  closed(now) {
    if (this.phase === "opening") return this.giveUp(now, []);
    return this.phase === "exact" ? this.leave(now) : [];
  }

  /** The view has changed. @param {number} rev its revision @param {number} now */
  revised(rev, now) {
    if (!this.exact) return;
    this.pace.revised(now);
    this.due.push({ rev, at: now });
  }

  /** An exact picture is painted. @param {number} rev of its view */
  painted(rev) {
    if (!this.exact) return;
    this.pace.framed();
    this.due = this.due.filter((view) => view.rev > rev);
  }

  /** Other views are shown from now on, with revisions of their own. */
  forget() {
    this.due = [];
  }

  /** A frame of the stream is painted, or could be. @param {number} now @returns {Effect[]} */
  framed(now) {
    if (this.phase !== "leaving") return [];
    return this.giveUp(now, ["frames"]);
  }

  /** Time passes; call it a few times a second. @param {number} now @returns {Effect[]} */
  tick(now) {
    const over = now - this.since >= OPEN_MS;
    if (this.phase === "opening" && over) return this.giveUp(now, []);
    if (this.phase === "leaving" && over) return this.giveUp(now, ["frames"]);
    if (!this.exact) return this.begin(now);
    const [oldest] = this.due;
    const late = !!oldest && now - oldest.at >= LATE_MS;
    return this.pace.tick(now) || late ? this.leave(now) : [];
  }

  /** @param {number} now @returns {Effect[]} */
  leave(now) {
    if (now - this.since >= LASTED_MS) this.pauseMs = FIRST_PAUSE_MS;
    this.enter("leaving", now);
    return ["resume"];
  }

  /** @param {number} now @param {Effect[]} effects @returns {Effect[]} */
  giveUp(now, effects) {
    this.enter("stream", now);
    this.pausedUntil = now + this.pauseMs;
    this.pauseMs = Math.min(this.pauseMs * 2, LAST_PAUSE_MS);
    this.fast = 0;
    this.needed = 2;
    return ["close", ...effects];
  }

  /** @param {Exactness["phase"]} phase @param {number} now */
  enter(phase, now) {
    this.phase = phase;
    this.since = now;
    this.due = [];
    this.pace = new Pace();
  }
}

/** Whether this network is not to be loaded with more than the stream.
 * @param {{type?: string, saveData?: boolean, effectiveType?: string} | undefined} connection of the navigator */
export const isMetered = (connection) =>
  !!connection &&
  (connection.saveData === true ||
    connection.type === "cellular" ||
    ["slow-2g", "2g", "3g"].includes(connection.effectiveType ?? ""));
