/** A presentation state goes along from an image to planes of its series and back; on planes nothing is drawn of it. */
/** @import {Case, Viewport} from "../../wire.js" */
import { seriesKey } from "../view/shows.js";

/** @param {Case} kase @param {Viewport} viewport as it is opened @param {Viewport | null} before @returns {Viewport} */
export function stateCarried(kase, viewport, before) {
  const key = before?.presentation_state ?? "";
  const state = key && (kase.presentation_states ?? []).find((one) => one.key === key);
  const isFor = state && (state.looks ?? []).some(({ series }) => series === seriesKey(viewport.shows));
  return isFor ? { ...viewport, presentation_state: key } : viewport;
}
