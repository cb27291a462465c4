/** Planes in words: what they are called, where they lie, what their slab shows. */
/** @import {Camera, Crosshair, Plane} from "../../wire.js" */
/** @import {PlaneName, Projection} from "./parts.js" */
/** @import {Vec} from "../vec.js" */
import { formatNumber } from "../format.js";
import { orientationLetters } from "../geometry.js";
import { t } from "../language.js";
import { dot, scale } from "../vec.js";
import { cameraNormal } from "./parts.js";

const NBSP = "\u00a0";
/** Cosine above which a plane counts as the patient's own. */
const ALONG = 0.9999;

/** @type {Record<PlaneName, string>} */
export const PLANE_NAMES = { axial: t("axial"), sagittal: t("sagittal"), coronal: t("coronal") };

/** @type {Record<PlaneName, string>} */
const PLANES = { axial: t("axial plane"), sagittal: t("sagittal plane"), coronal: t("coronal plane") };

/** "axial plane". @param {PlaneName} name */
export const planeName = (name) => PLANES[name];

/** @type {Record<Projection, string>} */
export const PROJECTIONS = { mean: t("Mean"), max: t("MIP"), min: t("MinIP") };

/** "MIP 10 mm"; "" of a plane without a slab. @param {Plane} plane */
export function slabName({ slab_mm = 0, projection = "mean" }) {
  if (slab_mm <= 0) return "";
  return `${PROJECTIONS[projection]} ${formatNumber(slab_mm, slab_mm % 1 === 0 ? 0 : 1)} mm`.replaceAll(" ", NBSP);
}

/** Where a plane lies: "Loc −893.0 mm" of an axial one, "R 101.1 mm", "A 164.7 mm", aslant "RA 12.0 mm".
 * @param {Camera} camera */
export function planePosition(camera) {
  const n = cameraNormal(camera);
  const at = dot(camera.center, n);
  if (Math.abs(n[2]) > ALONG) return t("Loc {mm} mm", { mm: formatNumber(camera.center[2], 1) }).replaceAll(" ", NBSP);
  return sided(n, at);
}

/** "R 101.1 mm": how far, and to which side. @param {Vec} direction @param {number} mm along it */
const sided = (direction, mm) =>
  `${orientationLetters(mm < 0 ? scale(direction, -1) : direction)}${NBSP}${formatNumber(Math.abs(mm), 1)}${NBSP}mm`;

/** A point in the patient: "R 101.1, A 164.7, F 893.0 mm". @param {readonly number[]} point */
export function pointWords([x = 0, y = 0, z = 0]) {
  const part = (/** @type {number} */ mm, /** @type {string} */ low, /** @type {string} */ high) =>
    `${mm < 0 ? low : high}${NBSP}${formatNumber(Math.abs(mm), 1)}`;
  return `${part(x, "R", "L")}, ${part(y, "A", "P")}, ${part(z, "F", "H")}${NBSP}mm`;
}

/** "x −101.1  y −164.7  z −893.0 mm": as the crosshair's point is read out. @param {Crosshair} crosshair */
export function crosshairWords({ point }) {
  const [x, y, z] = point.map((mm) => formatNumber(mm, 1));
  return `x${NBSP}${x} y${NBSP}${y} z${NBSP}${z}${NBSP}mm`;
}

/** "+3.2 mm": how far the crosshair's point lies before or behind an image. @param {number} mm */
export const signedMm = (mm) => `${mm >= 0.05 ? "+" : ""}${formatNumber(mm, 1)}${NBSP}mm`;
