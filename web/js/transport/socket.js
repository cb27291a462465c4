/** The control WebSocket: does what core/session/connection.js decides, and nothing else. */
/** @import {ServerMessage, Screen, Command, ClientMessage} from "../wire.js" */
/** @import {Effect, Phase} from "../core/session/connection.js" */
/** @import {Freshness} from "../core/session/liveness.js" */
import { withAll } from "../core/emitter.js";
import { Connection } from "../core/session/connection.js";
import { readMessage } from "../core/session/inbound.js";
import { SteadyClock } from "../core/network/steady-clock.js";

/** So much later than it is due is a connection tried again, at most. */
const TICK_MS = 100;

/**
 * @typedef {object} Handlers
 * @property {(message: ServerMessage) => void} message
 * @property {(phase: Phase) => void} phase
 * @property {(freshness: Freshness) => void} freshness
 * @property {(reason: string, sentence: string) => void} over
 */
/** @typedef {{code: string, message: string} | null} Answer */

export class ControlSocket {
  /**
   * @param {{url: string, tab: string, first?: WebSocket}} where first: a socket to there that is being opened already
   * @param {Handlers} handlers
   */
  constructor({ url, tab, first }, handlers) {
    this.url = url;
    this.first = first;
    this.handlers = handlers;
    this.connection = new Connection(tab);
    /** @type {WebSocket | null} */
    this.socket = null;
    /** @type {Map<string, (answer: Answer) => void>} */
    this.answers = new Map();
    this.clock = new SteadyClock(performance.now(), Date.now());
    this.timer = setInterval(() => this.run(this.connection.tick(this.now())), TICK_MS);
  }

  /** By a clock that counts sleep. */
  now() {
    return this.clock.now(performance.now(), Date.now());
  }

  /** How long ago the server has confirmed that what is here is the newest, in ms. */
  get ageMs() {
    return this.now() - this.connection.liveness.confirmedAt;
  }

  connect() {
    this.run(this.connection.connect(this.now()));
  }

  /** Somebody looks again, or the network has changed. */
  look() {
    this.run(this.connection.look(this.now()));
  }

  /** The page is put away. */
  putAway() {
    this.run(this.connection.putAway(this.now()));
  }

  /** @param {Screen} screen */
  reshape(screen) {
    this.run(this.connection.reshape(screen));
  }

  /** What may be dropped. @param {ClientMessage} message @returns {boolean} whether it was sent */
  send(message) {
    const effects = this.connection.send(message);
    this.run(effects);
    return effects.length > 0;
  }

  /** What is kept until it is answered. @param {(id: string) => Command} make @returns {Promise<Answer>} */
  command(make) {
    return new Promise((resolve) => {
      const { id, effects } = this.connection.command(make);
      this.answers.set(id, resolve);
      this.run(effects);
    });
  }

  /** Go away for good. @param {string} reason */
  leave(reason) {
    this.run(this.connection.end(reason, ""));
  }

  open() {
    const { first } = this;
    this.first = undefined;
    const socket = first && first.readyState <= WebSocket.OPEN ? first : new WebSocket(this.url);
    this.socket = socket;
    const mine = () => socket === this.socket;
    const opened = () => mine() && this.run(this.connection.opened(this.now()));
    if (socket.readyState === WebSocket.OPEN) queueMicrotask(opened);
    else socket.onopen = opened;
    socket.onmessage = (event) => mine() && this.read(String(event.data));
    socket.onclose = (event) => mine() && this.closed(event.code, event.reason);
  }

  /** @param {string} text */
  read(text) {
    const message = readMessage(text);
    if (!message) return console.warn("A message of the server was not understood.");
    this.run(this.connection.received(message, this.now()));
  }

  /** @param {number} code @param {string} reason */
  closed(code, reason) {
    this.socket = null;
    this.run(this.connection.closed(code, reason, this.now()));
  }

  /** All of them, whatever a handler does: without the rest the page would not come back, or never say that it is live.
   * @param {Effect[]} effects */
  run(effects) {
    withAll(effects, (effect) => this.carryOut(effect));
  }

  /** @param {Effect} effect */
  carryOut(effect) {
    switch (effect.do) {
      case "open":
        return this.open();
      case "close":
        return this.drop();
      case "send":
        return this.socket?.readyState === WebSocket.OPEN
          ? this.socket.send(JSON.stringify(effect.message))
          : undefined;
      case "deliver":
        return this.handlers.message(effect.message);
      case "phase":
        return this.handlers.phase(effect.phase);
      case "freshness":
        return this.handlers.freshness(effect.freshness);
      case "settled":
        // A command that is refused on the spot settles before its id is known here.
        return queueMicrotask(() => this.answer(effect.id, effect.error));
      case "over":
        clearInterval(this.timer);
        return this.handlers.over(effect.reason, effect.sentence);
    }
  }

  /** @param {string} id @param {Answer} error */
  answer(id, error) {
    this.answers.get(id)?.(error);
    this.answers.delete(id);
  }

  drop() {
    const socket = this.socket;
    this.socket = null;
    if (socket && socket.readyState <= WebSocket.OPEN) socket.close();
  }
}
