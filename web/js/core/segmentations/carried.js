/** What of the segmentations stays when another series is opened. Pure. */
/** @import {Case, Segmentation, Viewport} from "../../wire.js" */
import { seriesKeys } from "../view/shows.js";

/** Whether one is drawn on images or planes of a series. @param {Segmentation} one @param {string} key */
export const liesOver = ({ over, planes }, key) => (over ?? []).includes(key) || (planes ?? []).includes(key);

/**
 * Those that a viewport showed and that lie over the other series too.
 * @param {Case} kase @param {Viewport} viewport as it is opened @param {Viewport | null} before @returns {Viewport}
 */
export function carried(kase, viewport, before) {
  const keys = seriesKeys(viewport.shows);
  const lie = (kase.segmentations ?? []).filter((one) => keys.some((key) => liesOver(one, key)));
  const over = new Set(lie.map((one) => one.key));
  const kept = (before?.segmentations ?? []).filter(({ key }) => over.has(key));
  return kept.length > 0 ? { ...viewport, segmentations: kept } : viewport;
}
