/** A kept view in words, as a row of a list says it: what its active viewport shows, and how much there is beside. */
/** @import {Case, View} from "../../wire.js" */
import { formatWindow } from "../format.js";
import { plural } from "../language.js";
import { shownWords, studyWords } from "../view/image-words.js";
import { seriesShown } from "../view/shows.js";
import { viewportOf } from "../view/view.js";

/**
 * @param {Case} kase its own @param {View} view
 * @returns {{series: string, first: string, second: string} | null} the key of the series, image and series, study and
 *   window; null where the case does not have it
 */
export function viewWords(kase, view) {
  const viewport = viewportOf(view, view.active);
  const series = seriesShown(kase, viewport?.shows);
  if (!viewport || !series) return null;
  const window = viewport.window ? formatWindow(viewport.window) : "";
  const n = view.viewports.length - 1;
  const others = n > 0 ? plural(n, "and {n} more viewport", "and {n} more viewports") : "";
  return {
    series: series.key,
    first: shownWords(series, viewport.shows),
    second: [studyWords(kase, series), window, others].filter(Boolean).join(" · "),
  };
}
