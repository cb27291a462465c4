/** What is shown here and how it is changed: by the shared view of who has control, or by this page's own. */
/** @import {Link, View} from "../wire.js" */
/** @import {KeptView, Navigation as FeatureNavigation} from "../features/context.js" */
/** @import {Form} from "../core/form.js" */
/** @import {Session} from "../core/session/session.js" */
/** @import {Scene} from "../core/view/view.js" */
/** @import {Notices} from "../kit/notice.js" */
/** @import {Presenter} from "../stage/presenter.js" */
/** @import {Stage} from "../stage/stage.js" */
import { t } from "../core/language.js";
import { patientOf } from "../core/session/cases.js";
import { presenterName } from "../core/session/document.js";
import { lacking } from "../core/session/lists.js";
import { linkAsItIs } from "../core/view/link.js";
import { honest } from "../core/view/mosaic/cells.js";
import { seriesShown } from "../core/view/shows.js";
import { chromeKey, viewportOf } from "../core/view/view.js";
import { pairKey } from "../core/view/link.js";
import { followHint } from "../core/words.js";
import { announce } from "../kit/notice.js";

/** Pairs of series whose offset is remembered. */
const MAX_LINKS = 64;

/**
 * Moves this page's own view.
 * @typedef {{on: boolean, explorer: Presenter, propose: (view: View, how: {rest?: boolean, pause?: boolean}) => void}}
 *   OwnView
 */

/**
 * @typedef {object} NavigationParts
 * @property {Session} session
 * @property {Stage} stage
 * @property {Notices} notices
 * @property {Presenter} shared
 * @property {() => Form} form
 * @property {() => void} redraw
 */

/** @typedef {{case: number, how: (view: View, scene: Scene) => View, next: View}} Due next: what it would show */

/** @param {string} patient */
const ofAnotherCase = (patient) => t("Of {patient}, who is not on the stage", { patient });

/** @implements {FeatureNavigation} */
export class Navigation {
  /** @param {NavigationParts} parts */
  constructor({ session, stage, notices, shared, form, redraw }) {
    this.session = session;
    this.stage = stage;
    this.notices = notices;
    this.shared = shared;
    this.form = form;
    this.redraw = redraw;
    /** Set once the feature is there that has it. @type {OwnView | null} */
    this.own = null;
    /** @type {Map<string, Link>} */
    this.links = new Map();
    /** A change that waits for the lists of series, the newest. @type {Due | null} */
    this.due = null;
    session.on("listed", () => this.listed());
    /** What was drawn around the picture, was drawn for this of the view. */
    this.drawnFor = "";
  }

  get independent() {
    return this.own?.on ?? false;
  }

  /** What sends where this page goes: for all, or for itself. @returns {Presenter} */
  get mover() {
    return this.own?.on ? this.own.explorer : this.shared;
  }

  get view() {
    return this.mover.intent.view;
  }

  get wanted() {
    return this.due?.next ?? this.view;
  }

  get activeViewport() {
    return this.view ? viewportOf(this.view, this.view.active) : null;
  }

  get activeSeries() {
    const { kase } = this.session;
    return kase ? seriesShown(kase, this.activeViewport?.shows) : null;
  }

  get mayMove() {
    return this.session.live;
  }

  get navigates() {
    return this.session.drives || this.independent;
  }

  get whyNot() {
    const { live, doc } = this.session;
    if (!live) return t("The connection is lost");
    if (this.navigates) return t("This case is not shown yet");
    return doc ? followHint(presenterName(doc), !["wide", "middle"].includes(this.form())) : "";
  }

  /** As `ready`, also where lists lack. @returns {{view: View, scene: Scene} | null} */
  seen() {
    const { view } = this;
    const { kase } = this.session;
    if (!view || !kase || !this.mayMove || this.stage.card.shown) return null;
    return { view, scene: { kase, rects: this.stage.rects(view) } };
  }

  ready() {
    const found = this.seen();
    return found && lacking(found.scene.kase, found.view).length === 0 ? found : null;
  }

  /** @param {(view: View, scene: Scene) => View} how */
  change(how) {
    const found = this.seen();
    const { doc } = this.session;
    if (!found || !doc) return this.cannot();
    const next = how(found.view, found.scene);
    if (lacking(found.scene.kase, found.view, next).length === 0) return this.propose(next, { pause: true });
    this.due = { case: doc.case, how, next };
    this.session.emit("lacking");
  }

  /** The lists of a series have come: what waited for them is done. */
  listed() {
    const { due } = this;
    this.due = null;
    if (due && due.case === this.session.doc?.case) this.change(due.how);
  }

  /** @param {View} proposed @param {{rest?: boolean, pause?: boolean}} how */
  propose(proposed, how) {
    const { kase } = this.session;
    const view = kase ? honest(proposed, kase) : proposed;
    if (this.session.drives) this.shared.propose(view, how);
    else this.own?.propose(view, how);
  }

  /** As `FeatureContext.openView` says. @param {KeptView} kept @param {{forAll?: boolean}} [how] */
  openView(kept, { forAll = false } = {}) {
    const { doc, drives } = this.session;
    if (doc && kept.case !== doc.current) return this.says(ofAnotherCase(patientOf(doc, kept.case)));
    if (!this.seen()) {
      this.cannot();
      return false;
    }
    if (drives && !forAll) {
      const action = { name: t("Show to all"), do: () => void this.openView(kept, { forAll: true }) };
      return this.says(t("You present: everybody would see it."), action);
    }
    this.change(() => kept.view);
    return true;
  }

  /** @param {string} text @param {import("../kit/notice.js").NoticeAction} [action] */
  says(text, action) {
    this.notices.show({ text, glyph: "eye", action });
    announce(text);
    return false;
  }

  cannot() {
    if (this.session.live) this.notices.show({ text: this.whyNot, glyph: "eye" });
  }

  moved() {
    const { view } = this;
    if (view) this.remember(view);
    this.stage.refresh();
    this.redrawFor(view);
  }

  /** The view as it was on the server when this page was welcomed. @param {import("../wire.js").ShownView} shown */
  restart(shown) {
    this.shared.restart(shown);
    this.readUptake(this.view);
  }

  /** Draw the bars anew where a change of the view concerns them. @param {View | null} view */
  redrawFor(view) {
    this.readUptake(view);
    const key = view ? chromeKey(view) : "";
    if (key === this.drawnFor) return;
    this.drawnFor = key;
    this.redraw();
  }

  /** Numbers of PET are written as the view reads them, over the painted picture too. @param {View | null} view */
  readUptake(view) {
    const uptake = view?.uptake ?? "body_weight";
    if (uptake === this.session.uptake) return;
    this.session.uptake = uptake;
    this.stage.listed();
  }

  /** What was linked by hand stays so when the pair comes back. @param {View} view */
  remember(view) {
    const { kase } = this.session;
    const link = view.link && !view.link.members?.length && kase ? linkAsItIs(view, kase) : null;
    if (!view.link || !link) return;
    this.links.set(pairKey(view), { ...link, offset_mm: view.link.offset_mm ?? 0 });
    const oldest = this.links.keys().next();
    if (this.links.size > MAX_LINKS && !oldest.done) this.links.delete(oldest.value);
  }
}
