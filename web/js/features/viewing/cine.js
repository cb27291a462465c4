/** Plays the active viewport: a clip at the rate of its file, times of one place, or a stack. Whoever plays moves the
 * view as a wheel would, so everybody sees it; what else moves there is gone on with, or ends it. */
/** @import {Series, Viewport} from "../../wire.js" */
/** @import {Cine as Played} from "../../core/view/cine.js" */
/** @import {ViewingContext} from "./viewing.js" */
import { formatNumber } from "../../core/format.js";
import { plural, t } from "../../core/language.js";
import { cineOf, frameAt, frameOf, isCine, rateOf } from "../../core/view/cine.js";
import { seriesShown } from "../../core/view/shows.js";
import { show, viewportOf } from "../../core/view/view.js";

/** "25 images a second". @param {number} rate */
const rateWords = (rate) =>
  plural(rate, "{n} image a second", "{n} images a second", { n: formatNumber(rate, Number.isInteger(rate) ? 0 : 1) });

/** @typedef {{viewport: string, series: string, from: number, since: number, index: number, drives: boolean,
 *   moved: boolean}} Run moved: it has changed the view already */

export class Cine {
  /** @param {ViewingContext} context @param {() => number} [now] */
  constructor(context, now = () => performance.now()) {
    this.context = context;
    this.now = now;
    /** @type {Run | null} */
    this.run = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** What plays or could. @returns {{viewport: Viewport, series: Series, cine: Played} | null} */
  get playable() {
    const { session, navigation } = this.context;
    const viewport = navigation.activeViewport;
    const series = session.kase && viewport && seriesShown(session.kase, viewport.shows);
    if (!viewport || !series || viewport.shows.type !== "stack") return null; // what plays are images
    const cine = cineOf(series, viewport.shows);
    return cine.frames.length > 1 ? { viewport, series, cine } : null;
  }

  /** For its button; null where what is shown is not made to be played. */
  get button() {
    const found = this.playable;
    if (!found || !(this.run || isCine(found.series))) return null;
    const rate = rateWords(rateOf(found.cine));
    return {
      name: this.run ? t("Stop") : t("Play"),
      glyph: this.run ? "pause" : "play",
      hint: found.cine.stated ? rate : t("{rate}: the file gives no rate", { rate }),
      playing: this.run !== null,
    };
  }

  toggle() {
    if (this.run) this.stop();
    else this.start();
  }

  start() {
    const found = this.playable;
    if (!found || !this.context.navigation.ready()) return;
    const from = frameOf(found.series, found.cine, found.viewport.shows);
    this.run = {
      viewport: found.viewport.id,
      series: found.series.key,
      from,
      since: this.now(),
      index: from,
      drives: this.context.session.drives,
      moved: false,
    };
    this.tick();
    this.context.redraw();
  }

  /** Show what is due, and come back when the next is. */
  tick() {
    const { run, playable: found } = this;
    if (!run || !found || !this.goesOn(run, found)) return this.stop();
    const here = frameOf(found.series, found.cine, found.viewport.shows);
    if (here !== run.index) Object.assign(run, { from: here, since: this.now() });
    const due = frameAt(found.cine, run.from, this.now() - run.since);
    if (due.index !== here) {
      this.propose(found.cine.frames[due.index]?.shows);
      run.moved = true;
    }
    run.index = due.index;
    this.timer = setTimeout(() => this.tick(), due.waitMs);
  }

  /** Nobody else has taken the view, and the same is shown. @param {Run} run
   * @param {{viewport: Viewport, series: Series}} found */
  goesOn(run, { viewport, series }) {
    const { session, navigation } = this.context;
    const mine = session.drives === run.drives && (run.drives || !run.moved || navigation.independent);
    return mine && navigation.ready() !== null && viewport.id === run.viewport && series.key === run.series;
  }

  /** @param {Viewport["shows"] | undefined} shows */
  propose(shows) {
    const { navigation } = this.context;
    const ready = navigation.ready();
    if (ready && shows)
      navigation.propose(
        show(ready.view, ready.view.active, ready.scene, () => shows),
        {},
      );
  }

  stop() {
    clearTimeout(this.timer);
    const { run } = this;
    this.run = null;
    if (!run) return;
    const { session, navigation } = this.context;
    const ready = navigation.ready();
    const mine = run.drives ? session.drives : navigation.independent;
    if (ready && mine && viewportOf(ready.view, run.viewport)) navigation.propose(ready.view, { rest: true });
    this.context.redraw();
  }
}
