/** True size: a millimetre of the image on one of the screen, which was measured by laying a card on it. Pure. */
/** @import {View} from "../../wire.js" */
/** @import {Rect} from "./camera.js" */
/** @import {Scene} from "./view.js" */
import { mmPerPixel } from "./camera.js";
import { seriesShown } from "./shows.js";
import { viewportOf, zoomBy } from "./view.js";

/** The longer and the shorter side of a bank card (ISO/IEC 7810 ID-1). */
export const CARD_MM = { width: 85.6, height: 53.98 };
/** Device pixels of a millimetre, of any screen that there is. */
const [LEAST, MOST] = [1, 60];

/** Whether a screen may be so fine. @param {number} pixels of a millimetre */
export const isScreen = (pixels) => pixels >= LEAST && pixels <= MOST;

/** Whether lengths on it are those of the patient, or of the detector. @param {string} unit of a grid */
export const isInMm = (unit) => unit.startsWith("mm");

/** How large a picture is against what it shows; null where that, or the screen, is not known.
 * @param {{camera: import("../../wire.js").Camera, rect_px: Rect}} viewport @param {string} unit of its grid
 * @param {number} pixels of a millimetre of the screen; 0: not known */
export const lifeScale = ({ camera, rect_px }, unit, pixels) =>
  isScreen(pixels) && isInMm(unit) ? 1 / (mmPerPixel(camera, rect_px) * pixels) : null;

/** @param {View} view @param {string} id @param {Scene} scene @param {number} pixels of a millimetre of the screen
 * @returns {View} as it is where lengths are not known */
export function trueSize(view, id, scene, pixels) {
  const viewport = viewportOf(view, id);
  const rect = scene.rects.get(id);
  const unit = (viewport && seriesShown(scene.kase, viewport.shows)?.grid.unit) ?? "";
  const scale = viewport && rect ? lifeScale({ camera: viewport.camera, rect_px: rect }, unit, pixels) : null;
  return scale ? zoomBy(view, id, scene, 1 / scale) : view;
}
