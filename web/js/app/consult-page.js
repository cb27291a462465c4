/** The page of a consult: builds its parts, joins them, and draws the chrome anew when something has changed. */
/** @import {View} from "../wire.js" */
/** @import {Tool} from "../stage/drag.js" */
/** @import {Scene} from "../core/view/view.js" */
/** @import {Form} from "../core/form.js" */
import { formOf } from "../core/form.js";
import { presenterName } from "../core/session/document.js";
import { seriesShown } from "../core/view/shows.js";
import { chromeKey, viewportOf } from "../core/view/view.js";
import { followHint } from "../core/words.js";
import { Gestures } from "../stage/gestures.js";
import { Presenter } from "../stage/presenter.js";
import { Stage } from "../stage/stage.js";
import { ControlSocket } from "../transport/socket.js";
import { Actions } from "../features/viewing/actions.js";
import { tellChanges } from "../features/control/changes.js";
import { drawChrome } from "./chrome.js";
import { find } from "../kit/dom.js";
import { showEnd, thanksOf } from "./end-page.js";
import { listenToKeys } from "../features/viewing/keyboard.js";
import { IndependentView } from "../features/follow/independent-view.js";
import { lostCard } from "./lost-card.js";
import { closeMenu } from "../kit/menu.js";
import { Notices, sayNow } from "../kit/notice.js";
import { newTab, People } from "../features/people/people.js";
import { acceptDrops } from "../features/viewing/series-list.js";
import { Session } from "./session.js";
import { AnnotationController } from "../features/marks/annotation-controller.js";
import { Panel } from "./panel.js";
import { Sheets } from "../kit/sheets.js";
import { loadGlyphs } from "../kit/sprite.js";
import { Voice } from "../features/voice/voice.js";

const TICK_MS = 1000;
const BACK_MS = 2000;

export class ConsultPage {
  constructor() {
    this.base = new URL("./", location.href).href;
    this.tab = newTab();
    /** @type {Tool} */
    this.tool = "stack";
    /** @type {Tool} */
    this.touchTool = "stack";
    /** @type {Set<string>} seats whose request was put off */
    this.declined = new Set();
    this.lostAt = 0;
    this.now = Date.now() / 1000;
    /** @type {ControlSocket | null} */
    this.socket = null;
    /** @type {Presenter | null} */
    this.presenter = null;
    this.session = new Session(this.listener());
    this.actions = new Actions(this);
    this.voice = new Voice(this);
    this.stage = new Stage(this.around(), this.base);
    this.notices = new Notices(this.stage.element);
    this.sheets = new Sheets(() => this.draw(true));
    this.annotations = new AnnotationController(this);
    this.panel = new Panel(this);
    this.people = new People(this);
    this.alone = new IndependentView(this);
    this.voice.carryBy(this.stage.transports.call);
    this.lost = lostCard(() => this.tryNow());
    this.stage.element.append(this.lost);
    this.drawing = 0;
    /** What the chrome was drawn for. */
    this.drawnFor = "";
    this.listen();
  }

  listen() {
    new Gestures(this.stage.element, this.stage.area, {
      ready: () => this.ready(),
      propose: (view, how) => this.propose(view, how),
      settle: () => this.mover?.settle(),
      cannot: () => this.cannot(),
      tool: (touch) => (touch ? this.touchTool : this.tool),
    });
    acceptDrops(this, this.stage.element);
    listenToKeys(this);
    for (const bar of ["#dock", "#compact-bar"])
      find(bar, HTMLElement).addEventListener("click", () => this.notices.hide(), true);
    addEventListener("resize", () => this.draw());
    addEventListener("online", () => this.tryNow());
    addEventListener("visibilitychange", () => !document.hidden && this.tryNow());
    setInterval(() => {
      this.now = Date.now() / 1000;
      this.draw();
    }, TICK_MS);
  }

  /** @returns {import("../stage/stage.js").StageCallbacks} */
  around() {
    return {
      kase: () => this.session.kase,
      loading: (series) => this.session.loadings.get(series) ?? null,
      ahead: () => this.mover?.intent.ahead ?? false,
      enabled: () => this.mayMove,
      presenter: () => (this.alone.on ? "" : this.alone.presenter),
      scrub: (viewport, place, rest) => this.actions.scrub(viewport, place, rest),
      stepTime: (viewport, by) => this.actions.stepTime(viewport, by),
      screen: (screen) => this.reshaped(screen),
      askAnew: () => this.stage.screen.screen && this.socket?.reshape(this.stage.screen.screen),
      say: (message) => this.socket?.say(message) ?? false,
      transportsChanged: () => this.transportsChanged(),
    };
  }

  /** @returns {import("./session.js").SessionCallbacks} */
  listener() {
    return {
      welcomed: (first, shown) => this.welcomed(first, shown),
      view: (shown) => this.viewed(shown),
      stamp: (stamp) => this.stage.stamp(stamp),
      settled: (rev) => this.stage.stageName === "" && this.stage.pictures.settled(rev),
      loading: () => this.stage.refresh(),
      refused: (code, message) => this.refused(code, message),
      changed: (before, after) => this.changed(before, after),
      presence: () => this.draw(),
      muted: (by) => this.voice.silenced(by),
      call: (message) => this.called(message),
    };
  }

  /** The size of the stage is known: connect, or tell it. @param {import("../wire.js").Screen} screen */
  reshaped(screen) {
    if (this.socket) return this.socket.reshape(screen);
    this.socket = new ControlSocket(
      { url: this.socketUrl("ws"), tab: this.tab, screen },
      {
        message: (message) => (this.session.receive(message), this.people.receive(message)),
        phase: (phase) => this.phased(phase),
        over: (reason, sentence) => this.over(reason, sentence),
      },
    );
    this.session.socket = this.socket;
    this.presenter = new Presenter(this.socket, this.tab, () => this.intentMoved());
    this.presenter.epochs = () => ({
      control: this.session.doc?.control.epoch ?? 0,
      case: this.session.doc?.case ?? 0,
    });
    this.alone.connect(this.presenter);
    this.socket.connect();
  }

  /** @param {boolean} first @param {import("../wire.js").ShownView} shown */
  welcomed(first, shown) {
    const { doc, standing } = this.session;
    if (!doc) return;
    const started = this.session.liveOnce;
    if (!started && standing?.host) this.tool = "window";
    document.body.dataset.role = doc.seats.find((s) => s.id === this.session.me)?.role ?? "";
    if (started && doc.case !== this.stage.pictures.case) this.stage.switchCase(shown.case, this.session.kase);
    if (this.stage.stageName !== "") this.stage.setStage("", shown);
    this.stage.pictures.restart(shown, first ? doc.case : shown.case);
    this.presenter?.restart(shown);
    if (doc.case !== this.stage.pictures.case) this.alone.end();
    this.stage.refresh();
  }

  /** @param {import("../wire.js").ShownView} shown */
  viewed(shown) {
    this.presenter?.receive(shown);
    if (this.stage.stageName === "") this.stage.view(shown);
    this.drawFor(this.view);
  }

  /** @param {string} code @param {string} message */
  refused(code, message) {
    this.mover?.refused();
    this.stage.refresh();
    if (code !== "not_in_control" && code !== "stale_control" && code !== "stale_case")
      this.notices.show({ text: message, glyph: "warn" });
  }

  /** @param {import("../wire.js").Snapshot} before @param {import("../wire.js").Snapshot} after */
  changed(before, after) {
    if (before.case !== after.case || this.session.drives) this.alone.end();
    if (before.case !== after.case && this.session.phase === "live")
      this.stage.switchCase(after.case, this.session.kase);
    tellChanges(this, before, after);
    this.stage.refresh();
    this.draw();
  }

  /** @param {import("../core/session/connection.js").Phase} phase */
  phased(phase) {
    const was = this.session.phase;
    this.session.phase = phase;
    if (phase === "live") this.live();
    else if (was === "live") this.connectionLost();
    this.draw();
  }

  /** @param {string} path below the seat */
  socketUrl(path) {
    const url = new URL(path, this.base);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return url.href;
  }

  live() {
    document.body.dataset.state = "live";
    this.voice.welcomed();
    this.stage.transports.start(this.socketUrl(`media?tab=${this.tab}`));
    if (this.session.liveOnce && this.stage.lostAt !== null) {
      this.notices.show({ text: "Connected again.", glyph: "check", good: true, ms: BACK_MS });
      sayNow("Connected again.");
    }
    if (!this.session.liveOnce && !this.session.drives) this.cannot();
    this.session.liveOnce = true;
    this.alone.welcomed();
    this.annotations.unstored.live();
    this.stage.lostAt = null;
    this.stage.refresh();
  }

  connectionLost() {
    document.body.dataset.state = "reconnecting";
    this.session.speaking.clear();
    this.stage.transports.stop();
    this.lostAt = performance.now();
    this.stage.lostAt = this.lostAt;
    this.presenter?.refused();
    this.annotations.unstored.offer();
    this.stage.refresh();
    sayNow("The connection is lost. We keep trying. You see the last picture. Your marks are safe.");
  }

  /** @param {string} reason @param {string} sentence */
  over(reason, sentence) {
    closeMenu();
    document.querySelector("dialog")?.close("");
    sayNow(sentence);
    showEnd(reason, thanksOf(reason, this.session.doc));
    this.annotations.unstored.forget();
    this.voice.stop();
    this.stage.stop();
  }

  intentMoved() {
    const view = this.view;
    if (view) this.actions.remember(view);
    this.stage.refresh();
    this.drawFor(view);
  }

  /** About the WebRTC connection. @param {Parameters<import("./session.js").SessionCallbacks["call"]>[0]} message */
  called(message) {
    const { call } = this.stage.transports;
    if (message.type === "offer") void call.offered(message);
    else call.mediaEnded(message);
  }

  transportsChanged() {
    this.voice.changed();
    this.draw();
  }

  /** By which transports picture and voice come. */
  get transports() {
    return this.stage.transports.transports;
  }

  get lostSeconds() {
    return Math.max(0, Math.floor((performance.now() - this.lostAt) / 1000));
  }

  get roundTrip() {
    return this.socket?.connection.roundTrip ?? null;
  }

  /** What the presenter wants; for all others what is shown. @returns {View | null} */
  get view() {
    return this.mover?.intent.view ?? null;
  }

  /** What sends where this page goes: for all, or for itself. @returns {Presenter | null} */
  get mover() {
    return this.alone.on ? this.alone.explorer : this.presenter;
  }

  get activeViewport() {
    return this.view ? viewportOf(this.view, this.view.active) : null;
  }

  get activeSeries() {
    const { kase } = this.session;
    return kase ? seriesShown(kase, this.activeViewport?.shows) : null;
  }

  /** The shared view, or this page's own. */
  get mayMove() {
    return this.session.phase === "live";
  }

  /** It moves what it sees already: a click somewhere else does not make it leave following. */
  get navigates() {
    return this.session.drives || this.alone.on;
  }

  get whyNot() {
    if (this.session.phase !== "live") return "The connection is lost";
    return this.session.doc
      ? followHint(presenterName(this.session.doc), this.form !== "wide" && this.form !== "middle")
      : "";
  }

  /** @returns {Form} */
  get form() {
    return formOf(innerWidth, innerHeight);
  }

  /** What gestures stand on. @returns {{view: View, scene: Scene} | null} */
  ready() {
    const { view } = this;
    const { kase } = this.session;
    if (!view || !kase || !this.mayMove || this.stage.card.shown) return null;
    return { view, scene: { kase, rects: this.stage.rects(view) } };
  }

  /** @param {View} view @param {{rest?: boolean, pause?: boolean}} how */
  propose(view, how) {
    if (this.session.drives) this.presenter?.propose(view, how);
    else this.alone.propose(view, how);
  }

  /** Say why nothing moves. */
  cannot() {
    if (this.session.phase !== "live") return;
    this.notices.show({ text: this.whyNot, glyph: "eye" });
  }

  /** @param {Tool} tool */
  setTool(tool) {
    this.tool = this.touchTool = tool;
    this.annotations.setTool("");
  }

  escape() {
    closeMenu();
    this.sheets.close();
    this.notices.hide();
    if (!this.annotations.escape() && (this.mayMove || this.tool === "laser")) this.setTool("stack");
  }

  /** @param {import("./session.js").Wish} wish */
  async command(wish) {
    const error = await this.session.want(wish);
    if (error) this.notices.show({ text: error.message, glyph: "warn" });
    return error;
  }

  tryNow() {
    if (this.session.phase === "waiting") this.socket?.connect();
  }

  leave() {
    this.socket?.leave("left");
  }

  /** @param {string} seat */
  decline(seat) {
    this.declined.add(seat);
    this.draw();
  }

  /** @param {string} series */
  thumbnail(series) {
    return `${this.base}thumbnails/${encodeURIComponent(series)}`;
  }

  /** Draw the chrome, once a frame. @param {boolean} [whole] sheets have changed: also what looks the same */
  draw(whole = false) {
    if (whole) for (const which of ["rail", "series"]) delete find(`#${which}`, HTMLElement).dataset.key;
    if (this.drawing || document.body.dataset.state === "ended") return;
    this.drawing = requestAnimationFrame(() => {
      this.drawing = 0;
      this.drawNow();
    });
  }

  /** Draw the chrome where a change of the view concerns it. @param {View | null} view */
  drawFor(view) {
    const key = view ? chromeKey(view) : "";
    if (key === this.drawnFor) return;
    this.drawnFor = key;
    this.draw();
  }

  drawNow() {
    if (document.body.dataset.state !== "ended") drawChrome(this);
  }
}

document.body.dataset.form = formOf(innerWidth, innerHeight);
void loadGlyphs();
new ConsultPage();
