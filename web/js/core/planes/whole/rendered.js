/**
 * A whole volume that is rendered by a preset: colours and opacities over its window
 * (consult/rendering/volume_rendering/presets.py has the tables and the windows). Pure.
 */
/** @import {Camera, Case, Plane, Series, View, Viewport, Window} from "../../../wire.js" */
/** @import {Vec} from "../../vec.js" */
/** @import {Preset} from "../../view/windows.js" */
import { t } from "../../language.js";
import { add, dot, scale, subtract } from "../../vec.js";
import { windowFor } from "../../view/windows.js";
import { geometryOf, planeOf, rotation } from "../parts.js";
import { wholeOf } from "./turning.js";
import { PROJECTIONS } from "../words.js";

/** @typedef {NonNullable<Plane["preset"]>} VolumePreset */

/** Degrees that it may be leant to either side. */
const MAX_LEAN = 90;

/** @param {VolumePreset} id @param {string} name @param {Window | null} window in HU; null: the series' own */
const preset = (id, name, window = null) => ({ id, name, window });
const OF_CT = [
  preset("bone", t("Bone"), { center: 425, width: 650 }),
  preset("vessels", t("Vessels"), { center: 300, width: 360 }),
  preset("skin", t("Skin"), { center: -250, width: 500 }),
  preset("lungs", t("Lungs"), { center: -650, width: 600 }),
];
const SURFACE = preset("surface", t("Surface"));
const GLOW = preset("glow", t("Hot spots"));
export const VOLUME_PRESETS = [...OF_CT, SURFACE, GLOW];

/** By which presets a volume is offered, the one that it opens with first. @param {Series} series */
export function volumePresets({ modality, unit }) {
  if (modality === "CT" && unit === "HU") return [...OF_CT, SURFACE];
  return modality === "PT" || modality === "NM" ? [GLOW, SURFACE] : [SURFACE, GLOW];
}

/** By what it is rendered, if it is. @param {Viewport["shows"] | undefined} shows @returns {VolumePreset} */
export const presetOf = (shows) => planeOf(shows)?.preset ?? "";

/** "Bone". @param {VolumePreset} id */
export const presetName = (id) => VOLUME_PRESETS.find((one) => one.id === id)?.name ?? "";

/** How a whole volume is shown: "MIP", "3D, Bone". @param {Plane} plane */
export const wholeName = ({ preset, projection }) =>
  preset ? t("3D, {preset}", { preset: presetName(preset) }) : PROJECTIONS[projection ?? "max"];

/** What a preset opens with. @param {Series} series @param {Window | null} window of the preset @returns {Window} */
export const windowOf = (series, window) => window ?? windowFor(series, false) ?? { center: 0.5, width: 1 };

/** All of a volume from the front, rendered. @param {Series} series which must be a volume @param {string} id
 * @returns {Viewport} */
export function renderedOf(series, id) {
  const viewport = wholeOf(series, id);
  const plane = /** @type {Plane} */ (planeOf(viewport.shows));
  const [first] = volumePresets(series);
  const shows = { ...plane, preset: first?.id ?? "surface" };
  return { ...viewport, shows, window: windowOf(series, first?.window ?? null), invert: false };
}

/** A viewport's volume by another preset. @param {View} view @param {string} id @param {Series} series
 * @param {ReturnType<typeof preset>} chosen @returns {View} */
export function renderedBy(view, id, series, chosen) {
  const of = (/** @type {Viewport} */ viewport) => {
    const plane = planeOf(viewport.shows);
    if (viewport.id !== id || !plane?.preset) return viewport;
    return { ...viewport, shows: { ...plane, preset: chosen.id }, window: windowOf(series, chosen.window) };
  };
  return { ...view, viewports: view.viewports.map(of) };
}

/** As the window menu has them: a number key each. @param {Series} series
 * @returns {{offered: ReturnType<typeof preset>, preset: Preset}[]} */
export const presetEntries = (series) =>
  volumePresets(series).map((offered, i) => ({
    offered,
    preset: { name: offered.name, window: windowOf(series, offered.window), key: String(i + 1) },
  }));

/** How far a camera looks down from above, degrees; below 0 up from below.
 * @param {Pick<Camera, "right" | "down">} camera */
export function leanOf({ right, down }) {
  const forth = -(right[0] * down[1] - right[1] * down[0]); // of the normal, along the body's axis
  return (Math.atan2(forth, -down[2]) * 180) / Math.PI;
}

/** A viewport turned about the body's axis, then leant, about the middle of its volume.
 * @param {View} view @param {Case} kase @param {string} id @param {[number, number]} degrees turn, then lean
 * @returns {View} */
export function orbited(view, kase, id, [turn, lean]) {
  const of = (/** @type {Viewport} */ viewport) => {
    const plane = planeOf(viewport.shows);
    const geometry = plane && geometryOf(kase, plane.volume.series, plane.volume.time);
    if (viewport.id !== id || !plane?.whole || !geometry) return viewport;
    return { ...viewport, camera: orbit(viewport.camera, geometry.middle, turn, lean) };
  };
  return { ...view, viewports: view.viewports.map(of) };
}

/** @param {Camera} camera @param {Vec} middle @param {number} turn @param {number} lean @returns {Camera} */
function orbit(camera, middle, turn, lean) {
  const angle = Math.atan2(camera.right[1], camera.right[0]) + (turn * Math.PI) / 180;
  /** @type {Vec} */
  const right = [Math.cos(angle), Math.sin(angle), 0];
  const leant = Math.max(-MAX_LEAN, Math.min(MAX_LEAN, leanOf(camera) + lean));
  const down = rotation(right, -leant)([0, 0, -1]);
  const off = subtract(camera.center, middle);
  const there = add(scale(right, dot(off, camera.right)), scale(down, dot(off, camera.down)));
  return { ...camera, center: add(middle, there), right, down };
}
