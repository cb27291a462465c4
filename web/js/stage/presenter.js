/**
 * Carries what the presenter wants to the server: the first change at once, then at most one `show` a frame, newest
 * wins; rest when a gesture ends.
 */
/** @import {ShownView, View} from "../wire.js" */
/** @import {Send} from "../core/session/session.js" */
import { Intent } from "../core/session/intent.js";

/** A wheel that pauses this long has come to rest. */
const REST_MS = 120;

export class Presenter {
  /** @param {{send: Send}} socket @param {string} tab @param {() => void} changed the intent has moved */
  constructor(socket, tab, changed) {
    this.socket = socket;
    this.intent = new Intent(tab);
    this.changed = changed;
    this.frame = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.restTimer = undefined;
  }

  /** @param {View} view @param {{rest?: boolean, pause?: boolean}} [how] pause: it rests when nothing follows */
  propose(view, { rest = false, pause = false } = {}) {
    this.intent.propose(view, { rest });
    clearTimeout(this.restTimer);
    if (pause) this.restTimer = setTimeout(() => this.settle(), REST_MS);
    this.schedule();
    this.changed();
  }

  /** The gesture is over. */
  settle() {
    clearTimeout(this.restTimer);
    this.intent.settle();
    this.schedule();
  }

  /** @param {ShownView} shown */
  receive(shown) {
    this.intent.receive(shown);
    this.changed();
  }

  /**
   * The connection is new: what the server shows counts, and its count of shows begins again.
   * @param {ShownView} shown
   */
  restart(shown) {
    this.intent.restart(shown);
    this.changed();
  }

  refused() {
    this.intent.refused();
    this.changed();
  }

  schedule() {
    if (this.frame || !this.send()) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.schedule();
    });
  }

  /** @returns {boolean} whether there was anything to send */
  send() {
    const due = this.intent.known && this.intent.take();
    if (!due) return false;
    if (!this.socket.send(this.message(due))) this.refused();
    return true;
  }

  /** @param {import("../core/session/intent.js").Due} due @returns {import("../wire.js").ClientMessage} */
  message({ n, view, rest }) {
    const { control, case: kase } = this.epochs();
    return { type: "show", control, case: kase, n, view, rest };
  }

  /** The epochs that a show is made for. Replaced by who knows the document.
   * @returns {{control: number, case: number}} */
  epochs() {
    return { control: 0, case: 0 };
  }
}
