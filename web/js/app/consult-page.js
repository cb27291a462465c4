/**
 * The page of a consult: builds its parts, joins them, and draws what lies around the picture when something has
 * changed. At a seat's address it opens by itself; the page of a link runs this ahead, and opens it with a seat.
 */
/** @import {ShownView, Snapshot} from "../wire.js" */
/** @import {Beginning} from "./context.js" */
import { formOf } from "../core/form.js";
import { ofServer, t } from "../core/language.js";
import { socketUrl } from "../core/network/socket-url.js";
import { currentCase } from "../core/session/document.js";
import { closeMenu } from "../kit/menu.js";
import { announceNow } from "../kit/notice.js";
import { drawBars } from "./bars/bars.js";
import { Panel } from "./bars/panel.js";
import { createContext } from "./context.js";
import { showEnd, thanksOf } from "./end-page.js";
import { mountFeatures, tabsOf } from "./features.js";
import { listenToGestures } from "./gestures.js";
import { listenToKeys } from "./keyboard.js";
import { followLifecycle } from "./lifecycle.js";
import { isLostCardDue, lostCard } from "./lost-card.js";
import { afterFirstPicture, Opening } from "./opening.js";
import { keepPictureWhenPrinted } from "./printing.js";

const TICK_MS = 1000;
const BACK_MS = 2000;
/** Refusals of a view that say nothing new: who has control, or which case is on the stage, has just changed. */
const SILENT = ["not_in_control", "stale_control", "stale_case"];

class ConsultPage {
  /** @param {Beginning} beginning */
  constructor({ socket, stills = [] }) {
    document.body.dataset.form = formOf(innerWidth, innerHeight);
    const { context, link, navigation } = createContext({
      redraw: () => this.redraw(),
      openTab: (tab) => this.panel.open(tab),
      scrub: (viewport, place, rest) => this.features.viewing.acts.scrub(viewport, place, rest),
      stepTime: (viewport, by) => this.features.viewing.acts.stepTime(viewport, by),
      transportsChanged: () => this.transportsChanged(),
      socket,
    });
    context.stage.expect(stills);
    this.context = context;
    this.link = link;
    this.navigation = navigation;
    this.frame = 0;
    context.session.on("changed", (before, after) => before.case !== after.case && this.leaveCase());
    this.features = mountFeatures(context, (tab) => this.panel.reads(tab));
    navigation.own = this.features.follow.view;
    this.panel = new Panel(context, tabsOf(this.features), this.features.critical.element);
    this.lost = lostCard(() => link.look());
    context.stage.element.append(this.lost);
    this.opening = new Opening(context.session, context.base, () => link.look());
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
    session.on("call", (message) => stage.transports.call.told(message));
    session.on("live", () => this.live());
    session.on("lost", () => this.connectionLost());
    session.on("freshness", (before) => this.refreshed(before));
    session.on("phase", () => this.redraw());
    session.on("over", (reason, sentence) => this.over(reason, sentence));
  }

  /** To the person. */
  listen() {
    const { context, navigation, link } = this;
    listenToGestures(context, navigation);
    listenToKeys(this);
    keepPictureWhenPrinted(context.stage.element);
    addEventListener("resize", () => this.redraw());
    followLifecycle(link);
    setInterval(() => context.session.doc && this.redraw(), TICK_MS);
  }

  /** @param {boolean} first @param {ShownView} shown */
  welcomed(first, shown) {
    const { session, stage, toolbox } = this.context;
    const { doc, standing } = session;
    if (!doc) return;
    if (!session.liveOnce && standing?.host) toolbox.mouse = "window";
    document.body.dataset.role = doc.seats.find((s) => s.id === session.me)?.role ?? "";
    const switched = doc.case !== stage.pictures.case;
    if (session.liveOnce && switched) stage.switchCase(shown.case, session.kase);
    if (stage.stageName !== "") stage.setStage("", shown);
    stage.pictures.restart(shown, first ? doc.case : shown.case);
    this.navigation.restart(shown);
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
    if (before.case !== after.case && session.live) stage.switchCase(after.case, session.kase, currentCase(before));
    stage.refresh();
    this.redraw();
  }

  live() {
    const { session, stage, notices, navigation, tab, base } = this.context;
    const connect = () => session.live && stage.connect((path) => socketUrl(base, `${path}?tab=${tab}`));
    afterFirstPicture(stage, connect);
    if (session.liveOnce) {
      stage.stills.again();
      const text = t("Connected again.");
      notices.show({ text, glyph: "check", good: true, ms: BACK_MS });
      announceNow(text);
    }
    if (!session.liveOnce && !session.drives) navigation.cannot();
  }

  connectionLost() {
    const { stage, navigation } = this.context;
    stage.disconnect();
    navigation.shared.refused();
    announceNow(t("The connection is lost. We keep trying. You see the last picture. Your marks are safe."));
  }

  /** Whether what is shown is still confirmed. @param {import("../core/session/liveness.js").Freshness} before */
  refreshed(before) {
    const { session, stage } = this.context;
    document.body.dataset.state = session.freshness === "fresh" ? "live" : "reconnecting";
    if (session.stale && session.live) announceNow(t("The server does not answer. You see the last picture."));
    if (before === "stale" && !session.stale) announceNow(t("Live again."));
    stage.refresh();
    this.redraw();
  }

  /** @param {string} reason @param {string} sentence */
  over(reason, sentence) {
    closeMenu();
    document.querySelector("dialog")?.close("");
    announceNow(ofServer(sentence));
    const { session } = this.context;
    const host = session.standing?.host ?? false;
    showEnd(reason, { ...thanksOf(reason, session.doc, host), host });
    this.context.stage.stop();
  }

  transportsChanged() {
    this.features.voice.changed();
    this.redraw();
  }

  /** Draw the bars, once a frame; not before there is something in them. */
  redraw() {
    const { doc, phase } = this.context.session;
    if (this.frame || document.body.dataset.state === "ended" || (!doc && phase !== "waiting")) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      if (document.body.dataset.state !== "ended") this.draw();
    });
  }

  draw() {
    this.lost.hidden = !isLostCardDue(this.context);
    drawBars(this);
  }
}

/** Make the document, which has the viewer's elements, a consult's page. @param {Beginning} beginning */
export const openConsult = (beginning) => new ConsultPage(beginning);

if (document.body.classList.contains("consult")) openConsult({});
