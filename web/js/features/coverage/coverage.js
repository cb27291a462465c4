/**
 * Which images have been on a screen: what this page paints while it is looked at is counted and told to the server,
 * and a strip beside each scroll bar says what this seat, what somebody else and what nobody has seen.
 *
 * An image counts once it is painted, at rest or in motion, in a page that is visible, with nothing over the middle of
 * its viewport. What waits for its lists, cannot be shown, or lies behind the card of the next case does not.
 */
/** @import {FeatureContext} from "../context.js" */
/** @import {Stamp, StampedViewport} from "../../wire.js" */
/** @import {Item} from "../../kit/menu.js" */
import { Painted } from "../../core/coverage/coverage.js";
import { count, MAX_RUNS, united } from "../../core/coverage/runs.js";
import { t } from "../../core/language.js";
import { imageOf, seriesShown } from "../../core/view/shows.js";
import { showSeen } from "./seen-dialog.js";
import { renderStrips, stripsKey } from "./strips.js";

const TICK_MS = 250;
/** So long more images are waited for, and from one report to the next. */
const FIRST_MS = 2000;
const NEXT_MS = 10_000;
/** Series that are told of at once. */
const TOGETHER = 8;

export class Coverage {
  /** @param {Pick<FeatureContext, "session" | "stage" | "request">} context */
  constructor(context) {
    this.context = context;
    /** What this page has painted, by case: two of them may have a study in common. @type {Map<string, Painted>} */
    this.ofCases = new Map();
    /** Since when the server lacks something, and when it was told last. */
    this.since = Infinity;
    this.reportedAt = -Infinity;
    /** Series that are being told of, or that the server does not take. @type {Set<string>} */
    this.held = new Set();
    const { stage, session } = context;
    /** What the strips are of. */
    this.drawn = "";
    stage.element.addEventListener("painted", (event) => this.painting(/** @type {CustomEvent<Stamp>} */ (event)));
    document.addEventListener("visibilitychange", () => this.tick(performance.now()));
    session.on("changed", (before, after) => before.coverage !== after.coverage && this.render());
    setInterval(() => this.tick(performance.now()), TICK_MS);
  }

  /** Of the case on the stage. */
  get painted() {
    const current = this.context.session.doc?.current ?? "";
    const found = this.ofCases.get(current) ?? new Painted();
    this.ofCases.set(current, found);
    return found;
  }

  /** Four times a second: what is painted may have come to be seen since (a dialog was closed, its lists are here);
   * then what is due is told.
   * @param {number} now ms */
  tick(now) {
    if (this.context.stage.pictures.painted) this.look(this.context.stage.pictures.painted);
    const last = document.visibilityState === "hidden"; // the page may not come back
    if (last || (now - this.since >= FIRST_MS && now - this.reportedAt >= NEXT_MS)) this.reportDue(now);
  }

  /** A picture is painted; the strips are of what it shows. @param {CustomEvent<Stamp>} event */
  painting({ detail }) {
    this.look(detail);
    if (this.drawn !== stripsKey(this.context.stage.overlays)) this.render();
  }

  /** What of a picture is seen now. @param {Stamp} stamp */
  look(stamp) {
    const { session, stage } = this.context;
    const { kase, doc } = session;
    if (!kase || doc?.case !== stamp.case || document.visibilityState !== "visible" || stage.card.shown) return;
    const fresh = stamp.viewports.filter((viewport) => this.count(viewport));
    if (fresh.length === 0) return;
    this.since = Math.min(this.since, performance.now());
    this.render();
  }

  /** Whether a viewport shows an image that was not seen here before, which is now.
   * @param {StampedViewport} viewport */
  count(viewport) {
    const { session, stage } = this.context;
    const series = session.kase && seriesShown(session.kase, viewport.shows);
    if (!series || series.unlisted || stage.faults.has(viewport.id)) return false;
    const image = imageOf(series, viewport.shows);
    if (image < 0 || this.painted.has(series.key, image) || !this.isUncovered(viewport.id)) return false;
    this.painted.add(series.key, image);
    return true;
  }

  /** Whether nothing lies over the middle of a viewport, as a dialog does, or a sheet. @param {string} id */
  isUncovered(id) {
    const { stage } = this.context;
    const box = stage.overlays.get(id)?.element.getBoundingClientRect();
    if (!box) return false;
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return top !== null && stage.element.contains(top);
  }

  /** Tell the server what it does not know yet of this case. @param {number} now ms */
  reportDue(now) {
    const { session } = this.context;
    const { doc, kase, me } = session;
    if (!doc || !kase || !session.live || doc.consult.ended_at !== null) return;
    const due = kase.series
      .filter(({ key }) => !this.held.has(key))
      .map(({ key }) => ({ series: key, runs: this.painted.unknown(doc, me, key) }))
      .filter(({ runs }) => count(runs) > 0);
    this.since = due.length > TOGETHER ? now : Infinity;
    if (due.length > 0) this.reportedAt = now;
    for (const { series, runs } of due.slice(0, TOGETHER)) void this.report(series, united(runs, [], MAX_RUNS));
  }

  /** @param {string} series @param {import("../../core/coverage/runs.js").Runs} runs */
  async report(series, runs) {
    this.held.add(series);
    const images = runs.map(([first, last]) => /** @type {[number, number]} */ ([first, last]));
    const refused = await this.context.request({ type: "report_images", series, runs: images });
    if (refused?.code !== "too_many_coverages") this.held.delete(series);
    if (refused) this.since = performance.now();
  }

  render() {
    this.drawn = stripsKey(this.context.stage.overlays);
    renderStrips(this.context, this.painted);
  }

  /** An entry of a menu. @returns {Item[]} */
  get items() {
    const { kase, doc } = this.context.session;
    if (!kase || !doc) return [];
    return [
      { name: t("Seen images …"), glyph: "eye", choose: () => void showSeen(this.context.session, this.painted) },
    ];
  }
}
