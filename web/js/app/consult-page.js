/**
 * The page of a consult: builds its parts, joins them, and draws what lies around the picture when something has
 * changed.
 */
/** @import {ShownView, Snapshot} from "../wire.js" */
/** @import {SessionEvents} from "../core/session/session.js" */
import { formOf } from "../core/form.js";
import { Gestures } from "../stage/gestures.js";
import { find } from "../kit/dom.js";
import { closeMenu } from "../kit/menu.js";
import { announceNow } from "../kit/notice.js";
import { loadGlyphs } from "../kit/sprite.js";
import { drawBars } from "./bars/bars.js";
import { Panel } from "./bars/panel.js";
import { createContext, socketUrl } from "./context.js";
import { showEnd, thanksOf } from "./end-page.js";
import { mountFeatures } from "./features.js";
import { listenToKeys } from "./keyboard.js";
import { lostCard } from "./lost-card.js";

const TICK_MS = 1000;
const BACK_MS = 2000;
/** Refusals of a view that say nothing new: who has control, or which case is on the stage, has just changed. */
const SILENT = ["not_in_control", "stale_control", "stale_case"];

class ConsultPage {
  constructor() {
    const { context, link, navigation } = createContext({
      redraw: () => this.redraw(),
      scrub: (viewport, place, rest) => this.features.viewing.acts.scrub(viewport, place, rest),
      stepTime: (viewport, by) => this.features.viewing.acts.stepTime(viewport, by),
      transportsChanged: () => this.transportsChanged(),
    });
    this.context = context;
    this.link = link;
    this.navigation = navigation;
    this.frame = 0;
    context.session.on("changed", (before, after) => before.case !== after.case && this.leaveCase());
    this.features = mountFeatures(context, () => this.panel.reading);
    navigation.own = this.features.follow.view;
    this.panel = new Panel(context, this.features);
    this.lost = lostCard(() => link.retry());
    context.stage.element.append(this.lost);
    this.subscribe();
    this.listen();
  }

  /** Before the features say what they have to: nothing is offered any more that was about the former case. */
  leaveCase() {
    closeMenu();
    this.context.notices.hide();
  }

  /** To the session, after the features: they are done with a change before the stage shows it. */
  subscribe() {
    const { session, stage } = this.context;
    session.on("welcomed", (first, shown) => this.welcomed(first, shown));
    session.on("view", (shown) => this.viewed(shown));
    session.on("stamp", (stamp) => stage.stamp(stamp));
    session.on("settled", (rev) => stage.stageName === "" && stage.pictures.settled(rev));
    session.on("loading", () => stage.refresh());
    session.on("refused", (code, message) => this.refused(code, message));
    session.on("changed", (before, after) => this.changed(before, after));
    session.on("presence", () => this.redraw());
    session.on("call", (message) => this.called(message));
    session.on("live", () => this.live());
    session.on("lost", () => this.connectionLost());
    session.on("phase", () => this.redraw());
    session.on("over", (reason, sentence) => this.over(reason, sentence));
  }

  /** To the person. */
  listen() {
    const { context, navigation, link } = this;
    const { stage, session, toolbox, notices } = context;
    new Gestures(stage.element, stage.area, {
      ready: () => navigation.ready(),
      propose: (view, how) => navigation.propose(view, how),
      settle: () => navigation.mover.settle(),
      cannot: () => navigation.cannot(),
      swipes: () => stage.screen.screen?.only_active === true && (navigation.view?.viewports.length ?? 0) > 1,
      tool: (touch) => (touch ? toolbox.finger : toolbox.mouse),
    });
    listenToKeys(this);
    for (const bar of ["#dock", "#compact-bar"])
      find(bar, HTMLElement).addEventListener("click", () => notices.hide(), true);
    addEventListener("resize", () => this.redraw());
    addEventListener("online", () => link.retry());
    addEventListener("visibilitychange", () => !document.hidden && link.retry());
    setInterval(() => session.doc && this.redraw(), TICK_MS);
  }

  /** @param {boolean} first @param {ShownView} shown */
  welcomed(first, shown) {
    const { session, stage, toolbox, navigation } = this.context;
    const { doc, standing } = session;
    if (!doc) return;
    if (!session.liveOnce && standing?.host) toolbox.mouse = "window";
    document.body.dataset.role = doc.seats.find((s) => s.id === session.me)?.role ?? "";
    const switched = doc.case !== stage.pictures.case;
    if (session.liveOnce && switched) stage.switchCase(shown.case, session.kase);
    if (stage.stageName !== "") stage.setStage("", shown);
    stage.pictures.restart(shown, first ? doc.case : shown.case);
    navigation.shared.restart(shown);
    if (doc.case !== stage.pictures.case) this.features.follow.view.end();
    stage.refresh();
  }

  /** @param {ShownView} shown */
  viewed(shown) {
    const { stage } = this.context;
    this.navigation.shared.receive(shown);
    if (stage.stageName === "") stage.view(shown);
    this.navigation.redrawFor(this.navigation.view);
  }

  /** @param {string} code @param {string} message */
  refused(code, message) {
    const { stage, notices } = this.context;
    this.navigation.mover.refused();
    stage.refresh();
    if (!SILENT.includes(code)) notices.show({ text: message, glyph: "warn" });
  }

  /** @param {Snapshot} before @param {Snapshot} after */
  changed(before, after) {
    const { session, stage } = this.context;
    if (before.case !== after.case && session.live) stage.switchCase(after.case, session.kase);
    stage.refresh();
    this.redraw();
  }

  live() {
    const { session, stage, notices, navigation, tab, base } = this.context;
    document.body.dataset.state = "live";
    stage.transports.start(socketUrl(base, `media?tab=${tab}`));
    if (session.liveOnce && stage.lostAt !== null) {
      notices.show({ text: "Connected again.", glyph: "check", good: true, ms: BACK_MS });
      announceNow("Connected again.");
    }
    if (!session.liveOnce && !session.drives) navigation.cannot();
    stage.lostAt = null;
    stage.refresh();
  }

  connectionLost() {
    const { stage, navigation } = this.context;
    document.body.dataset.state = "reconnecting";
    stage.transports.stop();
    stage.lostAt = performance.now();
    navigation.shared.refused();
    stage.refresh();
    announceNow("The connection is lost. We keep trying. You see the last picture. Your marks are safe.");
  }

  /** @param {string} reason @param {string} sentence */
  over(reason, sentence) {
    closeMenu();
    document.querySelector("dialog")?.close("");
    announceNow(sentence);
    showEnd(reason, thanksOf(reason, this.context.session.doc));
    this.context.stage.stop();
  }

  /** About the WebRTC connection. @param {SessionEvents["call"][0]} message */
  called(message) {
    const { call } = this.context.stage.transports;
    if (message.type === "offer") void call.offered(message);
    else call.mediaEnded(message);
  }

  transportsChanged() {
    this.features.voice.changed();
    this.redraw();
  }

  /** Draw the bars, once a frame. */
  redraw() {
    if (this.frame || document.body.dataset.state === "ended") return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      if (document.body.dataset.state !== "ended") this.draw();
    });
  }

  draw() {
    const { session, form } = this.context;
    this.lost.hidden = session.live || !session.liveOnce || ["wide", "middle"].includes(form());
    drawBars(this);
  }
}

document.body.dataset.form = formOf(innerWidth, innerHeight);
void loadGlyphs();
new ConsultPage();
