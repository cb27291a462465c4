/**
 * The others on this page: their cursors, whose hand is up, what they look at; and what this page sends of itself: its
 * pointer, its hand, how it is connected.
 */
/** @import {Seat, ServerMessage, Spot, ReportHealth} from "../../wire.js" */
/** @import {FeatureContext} from "../context.js" */
import { t } from "../../core/language.js";
import { jumpTo } from "../../core/people/pointing.js";
import { namesOf } from "../../core/session/driving.js";
import { control, tool } from "../../kit/html.js";
import { announce } from "../../kit/notice.js";
import { Cursors } from "./cursors.js";
import { Hand } from "./hand.js";
import { Lobby } from "./lobby.js";
import { LongPress } from "./long-press.js";
import { Pointing } from "./pointing.js";
import { renderPositions } from "./position-dots.js";

/** Round trips are sent in steps, so that they are sent seldom. */
const STEP_MS = 50;

/**
 * @typedef {Pick<FeatureContext, "session" | "send" | "command" | "navigation" | "stage" | "toolbox" | "notices" |
 *   "sheets" | "form" | "redraw" | "roundTrip"> & {marking: () => boolean, silent: () => boolean}} PeopleContext
 *   marking: a mark is in this page's hand; silent: nothing is to be heard here
 */

export class People {
  /** @param {PeopleContext} context */
  constructor(context) {
    this.context = context;
    const { session, stage, navigation, toolbox, send } = context;
    this.cursors = new Cursors(stage.element, {
      kase: () => session.kase,
      linked: () => !!navigation.view?.link,
      seat: (id) => this.names.get(id) ?? null,
      jump: () => (navigation.navigates ? (spot, off) => this.jump(spot, off) : null),
      keptClear: () => stage.keptClear,
    });
    this.pointing = new Pointing(stage.element, stage.area, {
      stamp: () => stage.pictures.painted,
      kase: () => session.kase,
      may: () => session.live && !stage.card.shown && !!session.standing?.mayDraw,
      laser: () => toolbox.mouse === "laser",
      send: (at, laser) => this.point(at, laser),
      draw: (spot) => this.drawOwn(spot),
      marking: () => context.marking(),
      pressed: (at) => this.press.show(at),
    });
    this.press = new LongPress(stage.element);
    this.hand = new Hand({ send, announce });
    this.lobby = new Lobby(context);
    this.sent = 0;
    /** With the names by which people differ, by seat. @type {Map<string, Seat>} */
    this.names = new Map();
    this.health = "";
    this.actions = { hand: () => this.toggleHand() };
    session.on("message", (message) => this.receive(message));
    stage.element.addEventListener("painted", (event) => {
      this.cursors.paint(/** @type {CustomEvent} */ (event).detail);
      if (navigation.navigates) this.pointing.scrolled();
      renderPositions(context);
    });
  }

  /** @param {ServerMessage} message */
  receive(message) {
    switch (message.type) {
      case "cursors":
        return this.cursors.receive(message);
      case "presence":
        this.nameAll();
        return this.hand.present(message.people, this.context.session.me, (id) => this.names.get(id)?.name);
      case "welcome":
        return this.welcomed();
      case "event":
        if (message.event.type === "case_switched") this.cursors.clear();
        return this.nameAll();
      default:
        return undefined;
    }
  }

  /** A new connection knows nothing of this page: what was so is sent again. */
  welcomed() {
    this.nameAll();
    this.cursors.clear();
    this.cursors.stamp = this.context.stage.pictures.painted;
    this.health = "";
    this.hand.welcomed();
  }

  nameAll() {
    const { doc, online } = this.context.session;
    if (doc) this.names = namesOf(doc, online);
  }

  /** Raise one's hand, or take it down. */
  toggleHand() {
    this.hand.toggle();
    this.context.redraw();
  }

  /** @param {string} className */
  handButton(className) {
    const { up } = this.hand;
    const word = up ? t("Lower hand") : t("Raise hand");
    return control({
      id: "hand",
      label: word,
      word,
      glyph: "hand",
      class: className,
      title: `${word} (Y)`,
      pressed: up,
      disabled: !this.context.session.live,
      do: () => this.toggleHand(),
    });
  }

  /** @param {string} seat */
  lowerHand(seat) {
    this.context.send({ type: "lower_hand", seat });
  }

  /** The laser: it moves nothing, so it needs no control. */
  get laserButton() {
    const { toolbox, session } = this.context;
    const on = toolbox.mouse === "laser";
    return tool({
      name: t("Laser pointer"),
      glyph: "laser",
      pressed: on,
      disabled: !session.live,
      key: on ? t("Esc leaves it") : "",
      do: () => toolbox.take(on ? "stack" : "laser"),
    });
  }

  /** @param {Spot | null} at @param {boolean} laser */
  point(at, laser) {
    const { session, send } = this.context;
    if (session.doc) send({ type: "cursor", case: session.doc.case, n: ++this.sent, at, laser });
  }

  /** @param {Spot | null} spot of one's own laser */
  drawOwn(spot) {
    this.cursors.trails.put(this.context.session.me, spot, performance.now());
    this.cursors.draw();
  }

  /** @param {Spot} spot @param {import("../../core/people/pointing.js").Off} off */
  jump(spot, off) {
    const { navigation } = this.context;
    const ready = navigation.ready();
    if (ready) navigation.propose(jumpTo(ready.view, ready.scene, spot, off), { rest: true });
  }

  render() {
    const { live } = this.context.session;
    if (!live && (this.cursors.peers.held.size > 0 || this.cursors.trails.trails.size > 0)) this.cursors.clear();
    if (live) this.sendHealth();
    renderPositions(this.context);
  }

  /** How this page is connected, where that has changed. */
  sendHealth() {
    const { send, roundTrip } = this.context;
    const transport = /** @type {ReportHealth["transport"]} */ (document.body.dataset.transport ?? "stills");
    const ms = Math.ceil((roundTrip() ?? 0) / STEP_MS) * STEP_MS;
    const health = `${transport} ${ms}`;
    if (this.health !== health && send({ type: "health", transport, round_trip_ms: Math.min(ms, 60_000) }))
      this.health = health;
  }
}
