/**
 * The life of the control connection, without a socket: events in, effects out. `now` is in milliseconds of a steady
 * clock that counts sleep.
 * Rules:
 * - hello first, as soon as the socket is open and the size of the screen is known; what is not acknowledged is kept,
 *   and sent again after each welcome, in order, under its own id.
 * - An event that was seen is not seen again (`after`); a welcome without a snapshot is followed by what was missed.
 * - It is live while the server confirms so (liveness.js), which is asked each second. Silence for 6 s is a loss, and
 *   3 s where there is a reason to doubt. Back-off doubles from 0.25 s to 2 s; a welcome makes it short again.
 * - What was live and has moved to another server is tried there at once, and that once.
 * - A page that is put away closes, and comes back when it is looked at again.
 * - A closing without a reason is explained by the close code that follows it: come back, or not by itself.
 */
/** @import {ClientMessage, Command, Received, Screen, Seat, ServerMessage} from "../../wire.js" */
/** @import {Freshness} from "./liveness.js" */
import { t } from "../language.js";
import { closeReason } from "../words.js";
import { Liveness } from "./liveness.js";

/** @typedef {"idle" | "connecting" | "greeting" | "live" | "waiting" | "over"} Phase */
/**
 * @typedef {{do: "open"} | {do: "close"} | {do: "send", message: ClientMessage}
 *   | {do: "deliver", message: ServerMessage}
 *   | {do: "settled", id: string, error: {code: string, message: string} | null}
 *   | {do: "phase", phase: Phase}
 *   | {do: "freshness", freshness: Freshness} | {do: "over", reason: string, sentence: string}} Effect
 */

export const PROTOCOL = 2;
export const FIRST_RETRY_MS = 250;
/** Reasons of a close frame. */
const ANEW = "anew";
const MOVED = "moved";
/** Code of a refusal: not a message of the protocol as that server knows it. */
const MALFORMED = "malformed";
/** Of this a person waits half, in the mean, for a server that is there again. */
export const LAST_RETRY_MS = 2000;
export const PING_MS = 1000;
export const SILENCE_MS = 6000;
/** So long may the answer take where there is a reason to doubt the connection. */
export const ANSWER_MS = 3000;
/** So long may connecting take. */
export const CONNECT_MS = 10_000;
/** A try that is older is begun anew when somebody looks, or the network has changed. */
export const OLD_TRY_MS = 1000;
/** After a closing without a reason: so long may the close itself take. */
export const CLOSE_MS = 1000;
/** Commands that wait for an answer; more are refused on the spot. */
export const MAX_WAITING = 128;

/** How long to wait before the try of that number, from 0. @param {number} tries */
export const backOff = (tries) => Math.min(FIRST_RETRY_MS * 2 ** tries, LAST_RETRY_MS);

export class Connection {
  /** @param {string} tab @param {Screen | null} [screen] where it is known */
  constructor(tab, screen = null) {
    this.tab = tab;
    this.screen = screen;
    /** The socket is open, and waits for the screen. */
    this.held = false;
    /** @type {Phase} */
    this.phase = "idle";
    this.log = "";
    /** As what the page was welcomed. @type {Seat["role"] | ""} */
    this.role = "";
    /** Of a snapshot whose welcome has not come. @type {Received | null} */
    this.gathered = null;
    this.after = 0;
    /** When that entry was stored: what a log that has lost its end and grown again has in its place is another.
     * @type {number | null} */
    this.at = null;
    /** The server at the other end does not know `at` in a hello: it is of an older release. */
    this.plain = false;
    /** Highest revision of the view received, in this log. */
    this.rev = 0;
    /** Of a closing whose close has not come yet. @type {string | null} */
    this.closingSentence = null;
    /** @type {Command[]} */
    this.waiting = [];
    this.number = 0;
    this.tries = 0;
    this.retryAt = Infinity;
    this.pingAt = Infinity;
    this.receivedAt = 0;
    /** When a page that is not welcomed yet said last that it is there. */
    this.pingedAt = 0;
    this.liveness = new Liveness();
    /** @type {Freshness} */
    this.freshness = "stale";
    /** Round trip of the newest ping, ms. @type {number | null} */
    this.roundTrip = null;
  }

  /** Begin, or try again at once. @param {number} now @returns {Effect[]} */
  connect(now) {
    if (this.phase !== "idle" && this.phase !== "waiting") return [];
    this.retryAt = Infinity;
    this.receivedAt = now;
    this.held = false;
    return [...this.enter("connecting"), { do: "open" }];
  }

  /** The socket is open. @param {number} now @returns {Effect[]} */
  opened(now) {
    if (this.phase !== "connecting") return [];
    this.receivedAt = this.pingedAt = now;
    this.held = this.screen === null;
    this.plain = false;
    return this.screen ? this.greet(this.screen) : [];
  }

  /** @param {Screen} screen @returns {Effect[]} */
  greet(screen) {
    const { tab, log, after, rev, gathered, role } = this;
    const at = after && !this.plain ? this.at : null;
    /** @type {ClientMessage} */
    const hello = { type: "hello", protocol: PROTOCOL, tab, screen, log, after, rev };
    const message = {
      ...hello,
      ...(gathered ? { received: gathered } : {}),
      ...(role ? { role } : {}),
      ...(at === null ? {} : { at }),
    };
    return [...this.enter("greeting"), { do: "send", message }];
  }

  /** A message has come. @param {ServerMessage} message @param {number} now @returns {Effect[]} */
  received(message, now) {
    if (this.phase !== "greeting" && this.phase !== "live") return [];
    this.receivedAt = now;
    switch (message.type) {
      case "part":
        return this.partCame(message, now);
      case "welcome":
        return this.welcomed(message, now);
      case "view":
        this.rev = Math.max(this.rev, message.rev);
        return [{ do: "deliver", message }];
      case "event":
        if (message.seq <= this.after) return [];
        this.after = message.seq;
        this.at = message.at ?? null;
        if (message.event.type === "case_switched") this.gathered = null;
        return [{ do: "deliver", message }];
      case "ack":
        return this.settled(message.id, null);
      case "refused":
        if (this.phase === "greeting" && message.code === MALFORMED && !this.plain && this.screen) {
          this.plain = true;
          return this.greet(this.screen);
        }
        return message.id ? this.settled(message.id, message) : [{ do: "deliver", message }];
      case "pong":
        this.roundTrip = Math.max(0, now - message.t);
        this.liveness.confirm(message.t);
        return [{ do: "deliver", message }, ...this.judge(now)];
      case "probe":
        return this.send({ type: "alive" });
      case "closing":
        return message.reason === ""
          ? this.awaitClose(message.sentence, now)
          : this.end(message.reason, message.sentence);
      default:
        return [{ do: "deliver", message }];
    }
  }

  /** Before a welcome the page says each second that it is there: a snapshot that takes long is not silence.
   * @param {import("../../wire.js").Part & {type: "part"}} part @param {number} now @returns {Effect[]} */
  partCame(part, now) {
    this.gathered = { name: part.name, parts: part.n };
    if (this.phase !== "greeting" || now - this.pingedAt < PING_MS) return [{ do: "deliver", message: part }];
    this.pingedAt = now;
    return [
      { do: "deliver", message: part },
      { do: "send", message: { type: "alive" } },
    ];
  }

  /** @param {import("../../wire.js").Welcome & {type: "welcome"}} welcome @param {number} now @returns {Effect[]} */
  welcomed(welcome, now) {
    this.gathered = null;
    if (welcome.snapshot) {
      this.after = welcome.seq;
      this.at = welcome.at ?? null;
    }
    this.rev = welcome.log === this.log ? Math.max(this.rev, welcome.view.rev) : welcome.view.rev;
    this.log = welcome.log;
    this.role = welcome.role;
    this.tries = 0;
    this.pingAt = now;
    this.liveness.confirm(now);
    /** @type {Effect[]} */
    const again = this.waiting.map((message) => ({ do: "send", message }));
    return [{ do: "deliver", message: welcome }, ...this.enter("live"), ...this.judge(now), ...again];
  }

  /**
   * The server is about to close; why, its close code says.
   * @param {string} sentence
   * @param {number} now
   * @returns {Effect[]}
   */
  awaitClose(sentence, now) {
    this.closingSentence = sentence;
    this.receivedAt = now + CLOSE_MS - SILENCE_MS;
    return [];
  }

  /** The socket was closed. @param {number} code @param {string} reason @param {number} now @returns {Effect[]} */
  closed(code, reason, now) {
    const why = closeReason(code, reason);
    if (why) return this.end(why, this.closingSentence ?? "");
    if (reason === ANEW) return [...this.startAnew(), ...this.lost(now)];
    return reason === MOVED && this.phase === "live" ? this.moved(now) : this.lost(now);
  }

  /** Another server has the consult, or takes it now: whoever waited would miss what happens there. A try that fails is
   * followed as any other is. @param {number} now @returns {Effect[]} */
  moved(now) {
    const effects = this.lost(now);
    this.tries = 0;
    return [...effects, ...this.connect(now)];
  }

  /** What this page has is not what is stored any more: it says so, and takes all of it anew. @returns {Effect[]} */
  startAnew() {
    const message = this.closingSentence ?? "";
    this.after = this.rev = 0;
    this.at = null;
    return [{ do: "deliver", message: { type: "refused", id: "", code: ANEW, message } }];
  }

  /** The socket is gone, or silent. @param {number} now @returns {Effect[]} */
  lost(now) {
    if (this.phase === "over" || this.phase === "waiting" || this.phase === "idle") return [];
    this.closingSentence = null;
    this.retryAt = now + backOff(this.tries);
    this.tries += 1;
    this.pingAt = Infinity;
    return [...this.enter("waiting"), { do: "close" }, ...this.judge(now)];
  }

  /** The page is put away: frozen, or into the back-forward cache. @param {number} now @returns {Effect[]} */
  putAway(now) {
    const effects = this.lost(now);
    if (this.phase === "waiting") this.retryAt = Infinity;
    return effects;
  }

  /**
   * Somebody looks again, or the network has changed: what the page knows is in doubt, and the server is asked at once.
   * @param {number} now
   * @returns {Effect[]}
   */
  look(now) {
    this.liveness.doubt(now);
    if (this.phase === "live") return [...this.judge(now), this.ask(now)];
    const old = now - this.receivedAt >= OLD_TRY_MS;
    if ((this.phase === "connecting" || this.phase === "greeting") && old)
      return [{ do: "close" }, ...this.enter("waiting"), ...this.connect(now)];
    return this.phase === "waiting" ? this.connect(now) : [];
  }

  /** @param {number} now @returns {Effect} */
  ask(now) {
    this.pingAt = now + PING_MS;
    return { do: "send", message: { type: "ping", t: now } };
  }

  /** How fresh it is now, where that has changed. @param {number} now @returns {Effect[]} */
  judge(now) {
    const freshness = this.phase === "live" ? this.liveness.freshness(now) : "stale";
    if (freshness === this.freshness) return [];
    this.freshness = freshness;
    return [{ do: "freshness", freshness }];
  }

  /** It will not come back. @param {string} reason @param {string} sentence @returns {Effect[]} */
  end(reason, sentence) {
    if (this.phase === "over") return [];
    this.retryAt = this.pingAt = Infinity;
    return [...this.enter("over"), { do: "close" }, { do: "over", reason, sentence }];
  }

  /** Time passes; call it a few times a second. @param {number} now @returns {Effect[]} */
  tick(now) {
    const unanswered = this.isUnanswered(now);
    if (this.liveness.tick(now)) return unanswered ? this.lost(now) : this.look(now);
    if (this.phase === "waiting" && now >= this.retryAt) return this.connect(now);
    if (this.isSilent(now)) return this.lost(now);
    if (this.phase !== "live") return [];
    return [...this.judge(now), ...(now >= this.pingAt ? [this.ask(now)] : [])];
  }

  /** It takes too long. @param {number} now */
  isSilent(now) {
    const { liveness, receivedAt } = this;
    if (this.phase === "connecting" || this.phase === "greeting") return now - receivedAt >= CONNECT_MS;
    if (this.phase !== "live") return false;
    return this.isUnanswered(now) || now - Math.max(receivedAt, liveness.doubtedAt) >= SILENCE_MS;
  }

  /** What was asked in doubt has had its time, and nothing has come. @param {number} now */
  isUnanswered(now) {
    const { inDoubt, doubtedAt } = this.liveness;
    return this.phase === "live" && inDoubt && now - Math.max(doubtedAt, this.receivedAt) >= ANSWER_MS;
  }

  /**
   * Something somebody wants, kept until it is answered.
   * @param {(id: string) => Command} make @returns {{id: string, effects: Effect[]}}
   */
  command(make) {
    const id = `${this.tab}.${++this.number}`;
    if (this.waiting.length >= MAX_WAITING || this.phase === "over") {
      const error = { code: "not_sent", message: t("This could not be sent.") };
      return { id, effects: [{ do: "settled", id, error }] };
    }
    const message = make(id);
    this.waiting.push(message);
    return { id, effects: this.phase === "live" ? [{ do: "send", message }] : [] };
  }

  /** What may be dropped: sent now or never. @param {ClientMessage} message @returns {Effect[]} */
  send(message) {
    return this.phase === "live" ? [{ do: "send", message }] : [];
  }

  /** The page has its shape, or another one. @param {Screen} screen @returns {Effect[]} */
  reshape(screen) {
    this.screen = screen;
    if (this.phase !== "connecting" || !this.held) return this.send({ type: "screen", screen });
    this.held = false;
    return this.greet(screen);
  }

  /** @param {string} id @param {{code: string, message: string} | null} error @returns {Effect[]} */
  settled(id, error) {
    const before = this.waiting.length;
    this.waiting = this.waiting.filter((c) => c.id !== id);
    return this.waiting.length < before ? [{ do: "settled", id, error }] : [];
  }

  /** @param {Phase} phase @returns {Effect[]} */
  enter(phase) {
    this.phase = phase;
    return [{ do: "phase", phase }];
  }
}
