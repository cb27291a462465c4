/**
 * The lists of a series that grow with its images: positions of its places, values of its images. They are not in the
 * snapshot, and are fetched when the series is shown, or may be soon. Pure.
 */
/** @import {Case, ImageValues, Region, Series, Snapshot, View} from "../../wire.js" */
/** @import {Vec} from "../vec.js" */
import { seriesKey, seriesKeys } from "../view/shows.js";

/**
 * @typedef {object} ImageLists consult/model/catalogue.py; what is empty is left out
 * @property {Vec[]} positions
 * @property {string[]} [labels]
 * @property {[number, number][]} [missing]
 * @property {[string, string][]} [orientations]
 * @property {ImageValues} [values]
 * @property {[number, number][]} [subtracted]
 * @property {string[]} [projections]
 * @property {Region[][]} [regions]
 */

/** All series that a view needs: also those of its crosshair's space. @param {View | null} view */
const needed = (view) => [
  ...(view?.viewports.flatMap((v) => seriesKeys(v.shows)) ?? []),
  ...(view?.crosshair ? [view.crosshair.series] : []),
];

/** Series of these views whose lists are not here. @param {Case | null} kase @param {...(View | null)} views */
export function lacking(kase, ...views) {
  const shown = new Set(views.flatMap(needed));
  return (kase?.series ?? []).filter((s) => s.unlisted && shown.has(s.key)).map((s) => s.key);
}

/** Which is to be fetched next: those that are shown, then the neighbours of the first of them.
 * @param {Case | null} kase @param {View | null} view @param {ReadonlySet<string>} but not these */
export function nextLists(kase, view, but) {
  const shown = lacking(kase, view).find((key) => !but.has(key));
  if (shown) return shown;
  const series = kase?.series ?? [];
  const first = view?.viewports[0];
  const at = series.findIndex((s) => first && s.key === seriesKey(first.shows));
  const waiting = series.flatMap(({ key, unlisted }, i) =>
    unlisted && !but.has(key) ? [{ key, far: Math.abs(i - at) }] : [],
  );
  return waiting.sort((a, b) => a.far - b.far)[0]?.key ?? null;
}

/** The document with the lists of a series. @param {Snapshot} doc @param {string} key @param {ImageLists} lists
 * @returns {Snapshot} */
export const withLists = (doc, key, lists) => ({
  ...doc,
  cases: doc.cases.map((kase) =>
    kase.series.some((s) => s.key === key && s.unlisted)
      ? { ...kase, series: kase.series.map((s) => (s.key === key ? listed(s, lists) : s)) }
      : kase,
  ),
});

/** @param {Series} series @param {ImageLists} lists @returns {Series} */
function listed(series, { positions, labels = [], missing = [], ...lists }) {
  return {
    ...series,
    ...lists,
    grid: { ...series.grid, positions },
    axis: series.axis ? { ...series.axis, labels, missing } : null,
    unlisted: null,
  };
}
