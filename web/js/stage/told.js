/** What the badges of a viewport say of its painted picture: how true it is, and what was done to it. */
/** @import {Case, Loading, Stamp, StampedViewport, View, Viewport} from "../wire.js" */
/** @import {Badge} from "../core/view/badges.js" */
/** @import {Content} from "./viewport-overlay.js" */
import { deletion, failure } from "../core/loading.js";
import { paperWords } from "../core/papers.js";
import { planeOf } from "../core/planes/parts.js";
import { imageOf, seriesShown } from "../core/view/shows.js";
import { roleOf } from "../core/study-label.js";
import { cannotShow, fidelityBadge, notLive, stateBadges } from "../core/view/badges.js";

/** Planes, and cells of a mosaic, beside more than so many others say only what is to be warned of; one says all. */
const CROWDED = 4;

/** How true it is; null: what was said before goes on, though it is not true any more.
 * @param {Content} content
 * @param {{ageMs: number | null, fidelity: "lossy" | "scaled" | "exact", lossyForMs: number}} now ageMs: see the stage
 */
export function truthOf({ fault, viewport }, { ageMs, fidelity, lossyForMs }) {
  if (ageMs !== null) return notLive(ageMs);
  if (fault) return cannotShow(fault);
  return fidelityBadge({ fidelity, lossyForMs, scale: viewport.scale, resampled: viewport.resampled ?? false });
}

/**
 * All badges, in their order.
 * @param {Content} content @param {Badge | null} truth the newest that was said
 * @param {{loading: Loading | null, black: string}} now of its series; black: of parts that are blacked out
 * @returns {Badge[]}
 */
export function badgesOf(content, truth, { loading, black }) {
  const { viewport, series, kase, comparing, crosshair, playing, mosaic, crowded, identity } = content;
  const [role, papers] = [roleOf(kase, series), paperWords(kase, series)];
  const more = stateBadges(viewport, series, { role, comparing, loading, crosshair, playing, papers, black, mosaic });
  const all = truth ? [truth, ...more] : more;
  const few = crowded && (mosaic || (planeOf(viewport.shows) && !identity));
  return few ? all.filter((one) => one.tone === "warn" || (identity && one === truth)) : all;
}

/** The mosaic that a viewport is a cell of, what plays in it, whether there are others, and what is in the next where
 * it is shown alone.
 * @param {View | null} view of the picture, where it is still known @param {Stamp} stamp @param {string} id
 * @param {Case} kase */
export function inView(view, { viewports }, id, kase) {
  const all = view?.viewports ?? [];
  const at = all.findIndex((v) => v.id === id);
  const other = all[(at + 1) % all.length];
  const alone = viewports.length === 1 && all.length > 1;
  return {
    mosaic: view?.mosaic ?? null,
    playing: all[at]?.playing ?? null,
    comparing: viewports.length > 1 || alone,
    crowded: viewports.length > CROWDED,
    next: alone && other ? seriesShown(kase, other.shows) : null,
  };
}

/** Why one of these viewports is not shown, where the server gave the reason. @param {Case} kase
 * @param {readonly Viewport[]} viewports @param {(series: string) => Loading | null} loading */
export function whyNot(kase, viewports, loading) {
  const failed = viewports.map(({ shows }) => {
    const series = seriesShown(kase, shows);
    if (!series) return "";
    const image = imageOf(series, shows);
    return deletion(kase, series, image) || failure(loading(series.key), image);
  });
  return failed.find(Boolean) ?? "";
}

/** Those that say what lies at the crosshair, where many planes stand beside each other: of the same volumes the first,
 * for the others say the same. @param {Stamp} stamp @returns {readonly StampedViewport[]} */
export function valuing({ viewports }) {
  if (viewports.length <= CROWDED) return viewports;
  const volumes = (/** @type {StampedViewport} */ { at_crosshair = [] }) =>
    at_crosshair.map(({ series }) => series).join(" ");
  return viewports.filter((one, i) => viewports.findIndex((other) => volumes(other) === volumes(one)) === i);
}

/** The viewport that says who it is where planes stand beside each other: the primary or the first, by its size.
 * @param {Stamp} stamp */
export function identifying({ viewports }) {
  const area = (/** @type {StampedViewport} */ v) => v.rect_px[2] * v.rect_px[3];
  return viewports.reduce((best, v) => (area(v) > area(best) ? v : best), /** @type {any} */ (viewports[0]));
}
