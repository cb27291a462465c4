/**
 * What the presenter wants to be seen. Gestures change it at once; it travels as `show`, at most one a frame, newest
 * wins; what comes back from the server moves it only where it is newer than the last that was sent, or somebody
 * else's. An own view counts as own also where it is the first since control was given: the server has let it pass.
 */
/** @import {ShownView, View} from "../../wire.js" */

/** @typedef {{n: number, view: View, rest: boolean}} Due */

export class Intent {
  /** @param {string} tab */
  constructor(tab) {
    this.tab = tab;
    /** @type {View | null} what gestures build on */
    this.view = null;
    /** @type {ShownView | null} the newest view that the server sent */
    this.known = null;
    this.sent = 0;
    this.acknowledged = 0;
    this.dirty = false;
    this.rest = false;
  }

  /** The picture on its way is not yet what the presenter wants. */
  get ahead() {
    return this.dirty || this.acknowledged < this.sent;
  }

  /** Change what is wanted. @param {View} view @param {{rest?: boolean}} [how] */
  propose(view, { rest = false } = {}) {
    if (view !== this.view) {
      this.view = view;
      this.dirty = true;
      this.rest = rest;
    } else if (rest && (this.dirty || this.sent > 0)) {
      this.dirty = true;
      this.rest = true;
    }
  }

  /** The gesture is over: what was wanted last comes to rest. */
  settle() {
    if (!this.dirty && this.rest) return;
    if (this.sent === 0 && !this.dirty) return;
    this.dirty = true;
    this.rest = true;
  }

  /** What is to be sent in this frame, once. @returns {Due | null} */
  take() {
    if (!this.dirty || !this.view) return null;
    this.dirty = false;
    this.sent += 1;
    return { n: this.sent, view: this.view, rest: this.rest };
  }

  /** The server sends a view. @param {ShownView} shown */
  receive(shown) {
    if (this.known && shown.rev < this.known.rev) return;
    const switched = this.known !== null && shown.case !== this.known.case;
    this.known = shown;
    const own = shown.tab === this.tab && !switched;
    if (own) this.acknowledged = Math.max(this.acknowledged, shown.n ?? 0);
    if (own && this.ahead) return;
    this.adopt(shown.view, own ? this.rest : true);
  }

  /** A new connection: what the server shows counts, whatever was on its way. @param {ShownView} shown */
  restart(shown) {
    this.known = shown;
    this.adopt(shown.view, true);
  }

  /** What was sent is not used: back to what the server shows. */
  refused() {
    if (this.known) this.adopt(this.known.view, true);
  }

  /** @param {View} view @param {boolean} rest */
  adopt(view, rest) {
    this.view = view;
    this.acknowledged = this.sent;
    this.dirty = false;
    this.rest = rest;
  }
}
