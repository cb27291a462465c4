/**
 * The stage: the picture, what is written over it, how true it is. `paint` does all of it in one task.
 * `data-` of the body: fidelity, revision, case, transport, refused (how many pictures were refused, by reason). The
 * stage tells of each picture by the event `painted`, whose detail is its stamp.
 */
/** @import {Case, Loading, Screen, ShownView, Stamp} from "../wire.js" */
/** @import {Refusal} from "../core/pictures/stamps.js" */
/** @import {Fault} from "../core/view/badges.js" */
import { t } from "../core/language.js";
import { LOSSY_AFTER_MS } from "../core/view/badges.js";
import { place } from "../core/view/layout.js";
import { spoken } from "../core/view/corner.js";
import { fidelityOf } from "../core/pictures/stamps.js";
import { seriesShown } from "../core/view/shows.js";
import { canvasCopies, drawsInMemory, PlainFrames } from "../transport/plain-frames.js";
import { Stills } from "../transport/exact/stills.js";
import { settings } from "../transport/storage.js";
import { PictureTransports } from "../transport/picture-transports.js";
import { el, find, setText } from "../kit/dom.js";
import { Canvases } from "./canvases.js";
import { ExactMotion } from "./exact/exact-motion.js";
import { IdentityCard } from "./identity-card.js";
import { VideoFrames } from "./moving.js";
import { Pictures } from "./pictures.js";
import { Preview } from "./exact/preview.js";
import { Floating } from "../kit/floating.js";
import { StageScreen } from "./screen.js";
import { badgesOf, identifying, inView, truthOf, valuing, whyNot } from "./told.js";
import { ViewportOverlay } from "./viewport-overlay.js";

const SPEAK_MS = 500;

/**
 * @typedef {object} StageCallbacks
 * @property {() => Case | null} kase
 * @property {() => readonly Case[]} cases
 * @property {(series: string) => Loading | null} loading
 * @property {() => number | null} unconfirmedMs how long ago the server has confirmed that this is the newest; null: it
 *   is live
 * @property {() => boolean} ahead the presenter's intent is newer than the newest view
 * @property {() => boolean} enabled whether the scrubber can be dragged
 * @property {() => string} presenter name
 * @property {(shows: import("../wire.js").StampedViewport["shows"]) => string} black what is said of parts that are
 *   blacked out; "" where none are
 * @property {(viewport: string, place: number, rest: boolean) => void} scrub
 * @property {(viewport: string, by: number) => void} stepTime
 * @property {(screen: Screen, isWhole: boolean) => void} screen
 * @property {() => void} askAnew
 * @property {(message: import("../wire.js").ClientMessage) => boolean} send on the control connection
 * @property {() => void} transportsChanged the picture's transports
 */

/** How true the picture is, for a screen reader. */
const SPOKEN = { lossy: t("lossy"), scaled: t("scaled"), exact: t("exact") };

export class Stage {
  /** @param {StageCallbacks} callbacks @param {string} base URL of the seat */
  constructor(callbacks, base) {
    this.callbacks = callbacks;
    this.element = find("#stage", HTMLElement);
    this.area = find("#picture-area", HTMLElement);
    this.layer = find("#viewports", HTMLElement);
    this.canvases = new Canvases(
      find("canvas[data-layer=picture]", HTMLCanvasElement),
      find("canvas[data-layer=marks]", HTMLCanvasElement),
    );
    this.card = new IdentityCard(this.element);
    this.fault = el("div", { class: "fault", role: "status", hidden: true });
    this.element.append(this.fault);
    this.stills = new Stills(base, new URL("../transport/exact/still-worker.js", import.meta.url));
    this.pictures = new Pictures(this.stills, {
      paint: (stamp, stills, failed) => {
        this.paint(stamp, () => this.canvases.draw(stamp, stills), failed);
        this.motion.painted(stamp.rev);
      },
      askAnew: () => callbacks.askAnew(),
      refused: (reason) => this.refused(reason),
    });
    this.preview = new Preview(base, this.pictures, (stamp, images) =>
      this.paint(stamp, () => this.canvases.drawCoarse(stamp, images)),
    );
    this.moving = new VideoFrames(
      this.pictures,
      (stamp, image, cuts) => this.paint(stamp, () => this.canvases.drawFrame(stamp, image, cuts)),
      (transport, stream) => {
        this.transports.framed(transport, stream);
        this.motion.framed();
      },
    );
    this.plain = new PlainFrames((frame) => this.moving.frame(frame));
    this.element.addEventListener("painted", () => void this.copyFrames(), { once: true });
    this.transports = new PictureTransports(new URL("../transport/video-worker.js", import.meta.url), {
      frame: (transport, rtp, image) => this.plain.take({ transport, rtp, image }),
      transport: (transport) => this.transported(transport),
      changed: () => callbacks.transportsChanged(),
      send: (message) => callbacks.send(message),
    });
    const { stills, transports, pictures } = this;
    this.motion = new ExactMotion({ stills, transports, pictures, loading: callbacks.loading });
    /** Draws the marks over a picture. Replaced by who knows them. @type {(stamp: Stamp | null) => void} */
    this.drawMarks = () => undefined;
    /** Draw what lies between the picture and the marks, in this order; whether they drew. Added to by who knows it.
     * @type {((context: CanvasRenderingContext2D, stamp: Stamp) => boolean)[]} */
    this.beneath = [];
    /** @type {Map<string, ViewportOverlay>} */
    this.overlays = new Map();
    /** Why, for each viewport whose image cannot be shown. @type {Map<string, Fault>} */
    this.faults = new Map();
    this.lossySince = performance.now();
    /** @type {Record<string, number>} */
    this.refusals = {};
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.speakTimer = undefined;
    this.label = "";
    /** Whose view is shown: "" is what all are shown, else this page's own. */
    this.stageName = "";
    this.floating = new Floating(this.element, () => this.keptClear);
    this.screen = new StageScreen(this.area, (screen) => this.reshaped(screen));
    this.timer = setInterval(() => this.tick(), LOSSY_AFTER_MS);
  }

  tick() {
    if (this.ageMs === null) this.pictures.tick(performance.now());
    this.motion.tick();
    const { fidelity } = this;
    // What is exact and live says nothing that time changes: nothing is written, so the browser draws no frame.
    if (fidelity === "lossy" || fidelity !== document.body.dataset.fidelity || this.ageMs !== null) this.refresh();
  }

  /** The control connection lives. @param {(path: string) => string} urlOf a socket of this page */
  connect(urlOf) {
    this.transports.start(urlOf("media"));
    this.motion.start(urlOf("pictures"));
  }

  /** It does not any more. */
  disconnect() {
    this.motion.stop();
    this.transports.stop();
    this.stills.again();
  }

  /** @param {Screen} screen */
  reshaped(screen) {
    this.pictures.screen = screen;
    if (!this.pictures.painted) this.canvases.resize(screen);
    this.canvases.place(screen, this.screen.isWhole);
    this.callbacks.screen(screen, this.screen.isWhole);
  }

  /** Where no GPU draws the page frames are copied. It is asked once the first picture is there. */
  async copyFrames() {
    if (await drawsInMemory()) this.plain.copy = canvasCopies();
  }

  /** The newest view. @param {ShownView} shown */
  view(shown) {
    if (shown.rev > this.pictures.known.newest) {
      this.transports.revised();
      this.motion.revised(shown.view, shown.rev);
    }
    this.pictures.view(shown);
    this.moving.again();
    this.refresh();
  }

  /** Pictures of this stage alone are shown from now on. @param {string} name @param {ShownView} shown */
  setStage(name, shown) {
    if (name === this.stageName) return this.view(shown);
    this.stageName = name;
    this.moving.clear();
    this.motion.forget();
    this.pictures.setStage(shown);
    this.refresh();
  }

  /** A picture is announced. @param {Stamp} stamp */
  stamp(stamp) {
    if ((stamp.stage ?? "") !== this.stageName) return;
    if (typeof stamp.rtp === "number") return this.moving.stamp(stamp);
    this.pictures.stamp(stamp);
    this.stills.expectNoMore();
    void this.preview.stamp(stamp);
  }

  /** What is shown first, as far as is known before a stamp is here. @param {readonly string[]} digests of stills */
  expect(digests) {
    this.preview.expect(digests);
    this.stills.expect(digests);
  }

  /** Frames come this transport from now on. @param {import("../core/network/transports.js").Transport} transport */
  transported(transport) {
    document.body.dataset.transport = transport;
    this.motion.apply();
    if (transport === "stills") this.moving.drop();
  }

  /** Where each viewport of a view lies here. @param {import("../wire.js").View} view */
  rects(view) {
    const { screen } = this.screen;
    return new Map(screen ? place(view, screen).map(({ viewport, rect }) => [viewport.id, rect]) : []);
  }

  /**
   * Another case: its identity covers the stage, and nothing of the former stays.
   * @param {number} epoch
   * @param {Case | null} kase
   * @param {Case | null} [last] that was there before
   */
  switchCase(epoch, kase, last = null) {
    this.pictures.switchCase(epoch);
    this.moving.clear();
    this.canvases.clear();
    for (const overlay of this.overlays.values()) overlay.element.remove();
    this.overlays.clear();
    this.drawMarks(null);
    if (kase) this.card.show(kase, this.callbacks.cases(), last?.patient ?? null);
    this.refresh();
  }

  /**
   * @param {Stamp} stamp as on this screen @param {() => void} draw the picture
   * @param {Map<string, Fault>} [failed] why, for each viewport whose image cannot be shown
   */
  paint(stamp, draw, failed = new Map()) {
    const kase = this.callbacks.kase();
    if (!kase) return;
    draw();
    this.canvases.place(this.pictures.screen, this.screen.isWhole);
    this.write(stamp, kase, failed);
    this.element.dispatchEvent(new CustomEvent("painted", { detail: stamp, bubbles: true }));
  }

  /** The lists of a series have come: what is written over the painted picture, and drawn, is so anew. */
  listed() {
    const [kase, { painted }] = [this.callbacks.kase(), this.pictures];
    if (!kase || !painted) return;
    this.write(painted, kase, this.faults);
  }

  /** What is written over a picture. @param {Stamp} stamp @param {Case} kase @param {Map<string, Fault>} failed */
  write(stamp, kase, failed) {
    this.faults = failed;
    this.keepOverlays(stamp);
    const identified = this.viewOf(stamp)?.mosaic ? stamp.viewports[0] : identifying(stamp);
    const valued = valuing(stamp);
    const all = {
      kase,
      cases: this.callbacks.cases(),
      crosshair: this.viewOf(stamp)?.crosshair ?? null,
      ratio: devicePixelRatio,
      pixelsPerMm: settings.pixelsPerMm,
    };
    for (const viewport of stamp.viewports) {
      const series = seriesShown(kase, viewport.shows);
      if (!series) continue;
      this.overlay(viewport.id).paint({
        ...all,
        series,
        viewport,
        ...inView(this.viewOf(stamp), stamp, viewport.id, kase),
        identity: viewport === identified,
        valued: valued.includes(viewport),
        fault: failed.get(viewport.id) ?? null,
      });
    }
    this.drawMarks(stamp);
    this.refresh();
    if (this.fidelityBeside(this.fidelity) !== "lossy") this.card.hide();
  }

  /** Of viewports that are not painted any more nothing stays. @param {Stamp} stamp */
  keepOverlays({ viewports }) {
    const ids = new Set(viewports.map((v) => v.id));
    for (const [id, overlay] of this.overlays) {
      if (ids.has(id)) continue;
      overlay.element.remove();
      this.overlays.delete(id);
    }
  }

  /** What nothing may cover, of all viewports, in CSS pixels of the stage. */
  get keptClear() {
    const { element, floating } = this;
    return [...this.overlays.values()].flatMap((overlay) => overlay.keptClear(element, floating.size));
  }

  /** The view that a picture shows, where it is still known. @param {Stamp} stamp */
  viewOf(stamp) {
    return this.pictures.known.views.get(stamp.rev)?.view ?? null;
  }

  /** @param {string} id */
  overlay(id) {
    let overlay = this.overlays.get(id);
    if (!overlay) {
      overlay = new ViewportOverlay(
        id,
        (place, rest) => this.callbacks.scrub(id, place, rest),
        (by) => this.callbacks.stepTime(id, by),
      );
      this.overlays.set(id, overlay);
      this.layer.append(overlay.element);
    }
    return overlay;
  }

  /** @param {Stamp} stamp */
  lacksLists(stamp) {
    const kase = this.callbacks.kase();
    return !!kase && stamp.viewports.some((v) => seriesShown(kase, v.shows)?.unlisted);
  }

  get fidelity() {
    const { painted: stamp, known, failed } = this.pictures;
    if (this.ageMs !== null) return "lossy"; // nobody knows whether it is the newest
    if (stamp && this.lacksLists(stamp)) return "lossy"; // marks and places over it are not complete yet
    return fidelityOf({ stamp, newest: known.newest, ahead: this.callbacks.ahead(), failed });
  }

  /** Show how true the picture is now, and what is loaded. */
  refresh() {
    const { fidelity } = this;
    const body = document.body.dataset;
    const now = performance.now();
    if (fidelity === "lossy" && body.fidelity !== "lossy") this.lossySince = now;
    body.fidelity = fidelity;
    const painted = this.pictures.painted;
    if (painted) {
      body.revision = String(painted.rev);
      body.case = String(painted.case);
    } else {
      delete body.revision;
      delete body.case;
    }
    this.showWhyNot();
    for (const overlay of this.overlays.values()) this.refreshOverlay(overlay, fidelity, now);
    this.floating.place();
    this.speakLater();
  }

  /** Why the picture of the newest view does not come, where the server gave the reason. */
  showWhyNot() {
    const { known, painted } = this.pictures;
    const viewports = painted?.rev === known.newest ? [] : (known.views.get(known.newest)?.view.viewports ?? []);
    const kase = this.callbacks.kase();
    const sentence = kase ? whyNot(kase, viewports, this.callbacks.loading) : "";
    setText(this.fault, sentence);
    this.fault.hidden = sentence === "";
  }

  /** @param {ViewportOverlay} overlay @param {"lossy" | "scaled" | "exact"} fidelity @param {number} now */
  refreshOverlay(overlay, fidelity, now) {
    const { content } = overlay;
    if (!content) return;
    const { viewport, series, fault } = content;
    const several = this.overlays.size > 1;
    const loading = this.callbacks.loading(series.key);
    const own = fault ? "lossy" : this.fidelityBeside(fidelity);
    overlay.element.dataset.digest = own === "lossy" ? "" : (viewport.digest ?? "");
    overlay.element.classList.toggle("active", several && viewport.id === this.active);
    overlay.showPosition({ loading, presenter: this.callbacks.presenter(), enabled: this.callbacks.enabled() });
    const truth = truthOf(content, { ageMs: this.ageMs, fidelity: own, lossyForMs: now - this.lossySince });
    overlay.truth = truth ?? overlay.truth;
    const black = this.callbacks.black(viewport.shows);
    overlay.showBadges(badgesOf(content, overlay.truth, { loading, black }), truth === null);
    overlay.keepClearOfWords();
  }

  /** Of a viewport that can be shown while another cannot. @param {"lossy" | "scaled" | "exact"} whole */
  fidelityBeside(whole) {
    const { painted: stamp, known, failed } = this.pictures;
    if (this.ageMs !== null) return "lossy";
    return failed.size > 0 ? fidelityOf({ stamp, newest: known.newest, ahead: this.callbacks.ahead() }) : whole;
  }

  /** It is over: no picture is fetched or kept any more. */
  stop() {
    clearInterval(this.timer);
    clearTimeout(this.speakTimer);
    this.motion.stop();
    this.transports.end();
    this.moving.clear();
    this.pictures.switchCase(-1);
    this.canvases.clear();
    for (const name of ["revision", "case", "fidelity"]) delete document.body.dataset[name];
  }

  /** How long ago the server has confirmed that this is the newest picture, in ms; null: it is live. */
  get ageMs() {
    return this.callbacks.unconfirmedMs();
  }

  get active() {
    return this.pictures.known.views.get(this.pictures.known.newest)?.view.active ?? "";
  }

  /** @param {Refusal} reason */
  refused(reason) {
    this.refusals[reason] = (this.refusals[reason] ?? 0) + 1;
    document.body.dataset.refused = JSON.stringify(this.refusals);
    console.warn(`A picture was refused: ${reason}`);
  }

  /** What is shown, for a screen reader, once it rests. */
  speakLater() {
    const first = this.overlays.get(this.active) ?? this.overlays.values().next().value;
    if (!first?.content) return;
    const text = spoken(
      first.content.viewport,
      first.content.series,
      this.ageMs === null ? SPOKEN[this.fidelity] : t("not live"),
    );
    if (text === this.element.getAttribute("aria-label")) return clearTimeout(this.speakTimer);
    if (this.speakTimer && this.label === text) return;
    this.label = text;
    clearTimeout(this.speakTimer);
    this.speakTimer = setTimeout(() => this.element.setAttribute("aria-label", text), SPEAK_MS);
  }
}
