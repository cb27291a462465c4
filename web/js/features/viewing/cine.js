/** Plays the active viewport: a clip at the rate of its file, times of one place, or a stack; faster, slower, a part of
 * it. The view says that it plays, and the server's clock what is due, so that everybody sees the same image. */
/** @import {Series, Viewport} from "../../wire.js" */
/** @import {Cine as Played} from "../../core/view/cine/frames.js" */
/** @import {Part} from "../../core/view/cine/playing.js" */
/** @import {Item} from "../../kit/menu.js" */
/** @import {ViewingContext} from "./viewing.js" */
import { formatNumber } from "../../core/format.js";
import { plural, t } from "../../core/language.js";
import { cineOf, countOf, isCine, oneOf, rateOf } from "../../core/view/cine/frames.js";
import {
  atIndex,
  indexOf,
  partOf,
  planesAt,
  playable,
  RATES,
  started,
  stopped,
  whole,
} from "../../core/view/cine/playing.js";
import { planeOf } from "../../core/planes/parts.js";
import { turnedBy } from "../../core/planes/turning.js";
import { seriesKey, seriesShown } from "../../core/view/shows.js";
import { show } from "../../core/view/view.js";

/** Series whose part and rate are remembered. */
const REMEMBERED = 64;

/** "25 images a second". @param {number} rate */
const rateWords = (rate) =>
  plural(rate, "{n} image a second", "{n} images a second", { n: formatNumber(rate, Number.isInteger(rate) ? 0 : 1) });

/** "½×": how many times as fast as the files say. @param {number} rate */
const timesWords = (rate) => `${formatNumber(rate, rate < 0.5 ? 2 : rate < 1 ? 1 : 0)}×`;

/** @typedef {{viewport: Viewport, series: Series, part: Part, cine: Played}} Playable */

export class Cine {
  /** @param {ViewingContext} context */
  constructor(context) {
    this.context = context;
    /** What was chosen for a series, by its key. @type {Map<string, Part>} */
    this.chosen = new Map();
  }

  /** What plays or could. @returns {Playable | null} */
  get playable() {
    const { session, navigation } = this.context;
    const viewport = navigation.activeViewport;
    const series = session.kase && viewport && seriesShown(session.kase, viewport.shows);
    if (!viewport || !series || series.unlisted) return null;
    const now = partOf(viewport);
    if (now) this.remember(series, now);
    const part = now ?? this.chosenFor(series, viewport);
    if (!playable(series, viewport.shows, part)) return null;
    if (navigation.view?.mosaic && part.along === "place") return null; // its cells are the images that would pass
    return { viewport, series, part, cine: cineOf(series, viewport.shows, part) };
  }

  /** What was chosen for a series before, where that is of what is shown. @param {Series} series
   * @param {Viewport} viewport @returns {Part} */
  chosenFor(series, { shows }) {
    const all = whole(series, shows);
    const before = this.chosen.get(series.key);
    return before && before.along === all.along && playable(series, shows, before) ? before : all;
  }

  /** @param {Series} series @param {Part} part */
  remember(series, part) {
    this.chosen.set(series.key, part);
    const oldest = this.chosen.keys().next();
    if (this.chosen.size > REMEMBERED && !oldest.done) this.chosen.delete(oldest.value);
  }

  get plays() {
    return !!this.context.navigation.activeViewport?.playing;
  }

  /** For its button; null where what is shown is not made to be played. */
  get button() {
    const found = this.playable;
    if (!found || !(this.plays || isCine(found.series) || found.part.along === "turn")) return null;
    return {
      name: this.plays ? t("Stop") : t("Play"),
      glyph: this.plays ? "pause" : "play",
      hint: hintOf(found),
      rate: timesWords(found.part.rate),
      playing: this.plays,
    };
  }

  toggle() {
    const found = this.playable;
    if (!found) return;
    if (this.plays) this.stop(found);
    else this.play(found, found.part);
  }

  /** Who stops it means the image before their eyes. @param {Playable} found */
  stop({ viewport, part: { along } }) {
    const { stage, navigation } = this.context;
    const { id, shows } = viewport;
    const painted = stage.pictures.painted?.viewports.find((v) => v.id === id) ?? viewport;
    const index = indexOf(seriesKey(painted.shows) === seriesKey(shows) ? painted : viewport, along);
    navigation.change((view, scene) => {
      const still = stopped(view, id);
      if (along === "time" && planeOf(shows)) return planesAt(still, id, index);
      if (along === "turn") return turnedBy(still, scene.kase, id, index - indexOf(viewport, along));
      return show(still, id, scene, (now) => atIndex(now, along, index));
    });
  }

  /** @param {Playable} found @param {Part} part */
  play({ viewport, series }, part) {
    this.remember(series, part);
    this.context.navigation.change((view) => started(view, viewport.id, part));
  }

  /** Another part, or another rate: of what plays at once, else of what will. @param {Partial<Part>} what */
  choose(what) {
    const found = this.playable;
    if (!found) return;
    const part = { ...found.part, ...what };
    if (!playable(found.series, found.viewport.shows, part)) return;
    this.remember(found.series, part);
    if (this.plays) this.play(found, part);
    else this.context.redraw();
  }

  /** @param {number} by steps of RATES */
  step(by) {
    const now = this.playable?.part.rate ?? 1;
    const next = by > 0 ? RATES.find((rate) => rate > now) : RATES.findLast((rate) => rate < now);
    if (next !== undefined) this.choose({ rate: next });
  }

  /** How fast, and which part. @returns {Item[]} */
  get items() {
    const found = this.playable;
    if (!found || !this.button) return [];
    const { part, series, viewport, cine } = found;
    const at = indexOf(viewport, part.along);
    const last = countOf(series, part.along) - 1;
    const named = (/** @type {number} */ index) => t("{n} of {count}", { n: index + 1, count: last + 1 });
    return [
      ...RATES.map((rate) => ({
        name: timesWords(rate),
        more: rateWords(rateOf(cine, rate)),
        checked: rate === part.rate,
        choose: () => this.choose({ rate }),
      })),
      {
        name: t("Begin here"),
        more: named(at),
        line: true,
        disabled: at >= part.last,
        choose: () => this.choose({ first: at }),
      },
      { name: t("End here"), more: named(at), disabled: at <= part.first, choose: () => this.choose({ last: at }) },
      {
        name: t("Play all of it"),
        more: `1–${last + 1}`,
        disabled: part.first === 0 && part.last === last,
        choose: () => this.choose({ first: 0, last }),
      },
    ];
  }
}

/** How fast it is, and what is left out of it. @param {Playable} found */
function hintOf({ cine, part }) {
  const rate = rateWords(rateOf(cine, part.rate));
  const skipped = oneOf(cine, part.rate);
  return [
    cine.stated ? rate : t("{rate}: the file gives no rate", { rate }),
    skipped > 1 && t("one of {n} is shown", { n: skipped }),
  ]
    .filter(Boolean)
    .join(", ");
}
