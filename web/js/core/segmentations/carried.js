/** What of the segmentations stays when another series is opened. Pure. */
/** @import {Case, Viewport} from "../../wire.js" */
import { seriesKey } from "../view/shows.js";

/**
 * Those that a viewport showed and that lie over the other series too.
 * @param {Case} kase @param {Viewport} viewport as it is opened @param {Viewport | null} before @returns {Viewport}
 */
export function carried(kase, viewport, before) {
  const series = seriesKey(viewport.shows);
  const over = new Set((kase.segmentations ?? []).filter((one) => one.over?.includes(series)).map((one) => one.key));
  const kept = (before?.segmentations ?? []).filter(({ key }) => over.has(key));
  return kept.length > 0 ? { ...viewport, segmentations: kept } : viewport;
}
