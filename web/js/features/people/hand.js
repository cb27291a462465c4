/** The hand of this page, and whose else is up. The server forgets it with a connection: a new one is sent it again. */
/** @import {Here} from "../../wire.js" */
/** @import {Send} from "../../core/session/session.js" */
import { plural, t } from "../../core/language.js";

export class Hand {
  /** @param {{send: Send, announce: (text: string) => void}} does */
  constructor({ send, announce }) {
    this.send = send;
    this.announce = announce;
    /** As it was raised here, or as the server has it. */
    this.up = false;
    /** Places in the order of raising, by seat. @type {Map<string, number>} */
    this.raised = new Map();
  }

  /** Raise it, or take it down. */
  toggle() {
    const up = !this.up;
    if (this.send({ type: "hand", up })) this.up = up;
    this.announce(up ? t("Your hand is up") : t("Your hand is down"));
  }

  /** The connection is new. */
  welcomed() {
    this.raised.clear();
    if (this.up) queueMicrotask(() => this.send({ type: "hand", up: true })); // once the page is live
  }

  /** @param {readonly Here[]} people @param {string} me seat @param {(seat: string) => string | undefined} nameOf */
  present(people, me, nameOf) {
    const before = this.raised;
    this.raised = new Map(people.filter((h) => h.hand > 0).map((h) => [h.seat, h.hand]));
    const was = before.has(me);
    const is = this.raised.has(me);
    if (was && !is && this.up) this.announce(t("Your hand is down"));
    if (was !== is) this.up = is;
    const names = [...this.raised.keys()]
      .filter((id) => id !== me && !before.has(id))
      .flatMap((id) => nameOf(id) ?? []);
    if (names.length > 0)
      this.announce(
        plural(names.length, "{names} raises a hand", "{names} raise their hands", { names: names.join(", ") }),
      );
  }
}
