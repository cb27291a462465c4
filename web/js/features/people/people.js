/**
 * The others on this page: their cursors, whose hand is up, what they look at; and what this page tells of itself:
 * its pointer, its hand, how it is connected.
 */
/** @import {Here, Seat, ServerMessage, Spot, ReportHealth} from "../../wire.js" */
/** @import {ConsultPage} from "../../app/consult-page.js" */
import { peopleHere } from "../../core/session/document.js";
import { jumpTo } from "../../core/people/pointing.js";
import { Cursors } from "./cursors.js";
import { Pointing } from "./pointing.js";
import { say } from "../../kit/notice.js";
import { renderPositions } from "./positions.js";

/** Round trips are told in steps, so that they are told seldom. */
const STEP_MS = 50;
const TAB_BYTES = 12;

/** Names a page that is loaded. */
export function newTab() {
  const bytes = crypto.getRandomValues(new Uint8Array(TAB_BYTES));
  return [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
}

export class People {
  /** @param {ConsultPage} page */
  constructor(page) {
    this.page = page;
    const { stage } = page;
    this.cursors = new Cursors(stage.element, {
      kase: () => page.session.kase,
      linked: () => !!page.view?.link,
      seat: (id) => this.names.get(id) ?? null,
      jump: () => (page.navigates ? (spot, off) => this.jump(spot, off) : null),
    });
    this.pointing = new Pointing(stage.element, stage.area, {
      stamp: () => stage.pictures.painted,
      kase: () => page.session.kase,
      may: () => page.session.phase === "live" && !stage.card.shown && this.mayPoint,
      laser: () => page.tool === "laser",
      say: (at, laser) => this.point(at, laser),
      draw: (spot) => this.drawOwn(spot),
    });
    this.sent = 0;
    /** @type {Map<string, Seat>} with the names by which people are told apart */
    this.names = new Map();
    /** @type {Map<string, number>} places of the raised hands, by seat */
    this.hands = new Map();
    /** One's own hand, as it was raised here or told. */
    this.hand = false;
    this.health = "";
    stage.element.addEventListener("painted", (event) => {
      this.cursors.paint(/** @type {CustomEvent} */ (event).detail);
      if (page.navigates) this.pointing.scrolled();
      renderPositions(page);
    });
  }

  /** A viewer looks and listens. */
  get mayPoint() {
    const { role } = document.body.dataset;
    return role === "host" || role === "participant";
  }

  /** @param {ServerMessage} message which the session has dealt with already */
  receive(message) {
    switch (message.type) {
      case "cursors":
        return this.cursors.receive(message);
      case "presence":
        return this.present(message.people);
      case "exploring":
        return this.page.alone.receive(message);
      case "follow_requested":
        return this.asked(message.by);
      case "welcome":
        return this.welcomed();
      case "event":
        if (message.event.type === "case_switched") this.cursors.clear();
        return this.nameAll();
      default:
        return undefined;
    }
  }

  /** A new connection knows nothing of this page: what was so is said again. */
  welcomed() {
    this.nameAll();
    this.cursors.clear();
    this.cursors.stamp = this.page.stage.pictures.painted;
    this.health = "";
    this.hands.clear();
    if (this.hand) queueMicrotask(() => this.page.socket?.say({ type: "hand", up: true }));
  }

  nameAll() {
    const { doc } = this.page.session;
    if (!doc) return;
    const known = peopleHere(doc, this.page.session.online);
    this.names = new Map([...doc.seats, ...known].map((seat) => [seat.id, seat]));
  }

  /** @param {readonly Here[]} people */
  present(people) {
    this.nameAll();
    const before = this.hands;
    this.hands = new Map(people.filter((h) => h.hand > 0).map((h) => [h.seat, h.hand]));
    const { me } = this.page.session;
    const was = before.has(me);
    const is = this.hands.has(me);
    if (was && !is && this.hand) say("Your hand is down");
    if (was !== is) this.hand = is;
    const raised = [...this.hands.keys()]
      .filter((id) => id !== me && !before.has(id))
      .flatMap((id) => this.names.get(id)?.name ?? []);
    if (raised.length > 0)
      say(raised.length === 1 ? `${raised[0]} raises a hand` : `${raised.join(", ")} raise their hands`);
  }

  /** Raise one's hand, or take it down. */
  toggleHand() {
    const up = !this.hand;
    if (this.page.socket?.say({ type: "hand", up })) this.hand = up;
    say(up ? "Your hand is up" : "Your hand is down");
    this.page.draw();
  }

  /** Who presents wants to be followed. @param {string} by seat */
  asked(by) {
    const name = this.names.get(by)?.name ?? "";
    if (!this.page.alone.on) return;
    this.page.notices.show({
      text: `${name} asks everybody to look here.`,
      glyph: "eye",
      action: { name: "Go", do: () => this.page.alone.back() },
    });
    say(`${name} asks everybody to look here`);
  }

  /** @param {string} seat */
  lowerHand(seat) {
    this.page.socket?.say({ type: "lower_hand", seat });
  }

  /** @param {Spot | null} at @param {boolean} laser */
  point(at, laser) {
    const { doc } = this.page.session;
    if (doc) this.page.socket?.say({ type: "cursor", case: doc.case, n: ++this.sent, at, laser });
  }

  /** @param {Spot | null} spot of one's own laser */
  drawOwn(spot) {
    this.cursors.trails.put(this.page.session.me, spot, performance.now());
    this.cursors.draw();
  }

  /** @param {Spot} spot @param {import("../../core/people/pointing.js").Off} off */
  jump(spot, off) {
    const ready = this.page.ready();
    if (ready) this.page.propose(jumpTo(ready.view, ready.scene, spot, off), { rest: true });
  }

  /** The chrome is drawn anew. */
  draw() {
    const live = this.page.session.phase === "live";
    if (!live && (this.cursors.crowd.held.size > 0 || this.cursors.trails.trails.size > 0)) this.cursors.clear();
    if (live) this.tellHealth();
    renderPositions(this.page);
  }

  tellHealth() {
    const transport = /** @type {ReportHealth["transport"]} */ (document.body.dataset.transport ?? "stills");
    const ms = Math.ceil((this.page.roundTrip ?? 0) / STEP_MS) * STEP_MS;
    const key = `${transport} ${ms}`;
    if (
      this.health !== key &&
      this.page.socket?.say({ type: "health", transport, round_trip_ms: Math.min(ms, 60_000) })
    )
      this.health = key;
  }
}
