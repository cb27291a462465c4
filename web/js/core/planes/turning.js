/**
 * A volume seen as a whole from all around: a MIP that turns about the body's axis. The camera says how far it is
 * turned (consult/model/planes/turning.py). Pure.
 */
/** @import {Camera, Case, Plane, Series, View, Viewport} from "../../wire.js" */
/** @import {Vec} from "../vec.js" */
import { t } from "../language.js";
import { add, dot, scale, subtract } from "../vec.js";
import { clampRadius } from "../view/camera.js";
import { windowFor } from "../view/windows.js";
import { geometryOf, planeOf } from "./parts.js";
import { volumeGeometry } from "./volume.js";

/** Steps of one round. */
export const TURNS = 72;
const STEP_DEG = 360 / TURNS;
/** @type {Vec} */
const DOWN = [0, 0, -1];

/** Whether all of a volume is projected. @param {Viewport["shows"] | undefined} shows */
export const isWhole = (shows) => planeOf(shows)?.whole ?? false;

/** Which step a camera stands at. @param {Pick<Camera, "right">} camera */
export function turnOf({ right }) {
  const turn = Math.round((Math.atan2(right[1], right[0]) * TURNS) / (2 * Math.PI));
  return ((turn % TURNS) + TURNS) % TURNS;
}

/** The camera at another step: what it shows of the volume stays where it is on the screen.
 * @param {Camera} camera @param {Vec} middle of the volume @param {number} turn @returns {Camera} */
export function turnedTo(camera, middle, turn) {
  const angle = (2 * Math.PI * turn) / TURNS;
  /** @type {Vec} */
  const right = [Math.cos(angle), Math.sin(angle), 0];
  const off = subtract(camera.center, middle);
  const there = add(scale(right, dot(off, camera.right)), scale(DOWN, dot(off, camera.down)));
  return { ...camera, center: add(middle, there), right, down: DOWN };
}

/** A viewport turned by so many steps. @param {View} view @param {Case} kase @param {string} id @param {number} by
 * @returns {View} */
export function turnedBy(view, kase, id, by) {
  const turned = (/** @type {Viewport} */ viewport) => {
    const plane = planeOf(viewport.shows);
    const geometry = plane && geometryOf(kase, plane.volume.series, plane.volume.time);
    if (!plane?.whole || !geometry) return viewport;
    return { ...viewport, camera: turnedTo(viewport.camera, geometry.middle, turnOf(viewport.camera) + by) };
  };
  return { ...view, viewports: view.viewports.map((v) => (v.id === id ? turned(v) : v)) };
}

/** All of a volume from the front. @param {Series} series which must be a volume @param {string} id
 * @returns {Viewport} */
export function wholeOf(series, id) {
  const geometry = volumeGeometry(series);
  const tall = geometry.extent(DOWN);
  const wide = Math.hypot(geometry.extent([1, 0, 0]), geometry.extent([0, 1, 0]));
  /** @type {Plane} */
  const plane = {
    type: "plane",
    volume: { series: series.key, time: 0 },
    name: "coronal",
    slab_mm: 0,
    projection: "max",
    tilted: false,
    whole: true,
  };
  const camera = {
    center: geometry.middle,
    radius: clampRadius(Math.max(tall, wide) / 2),
    right: [1, 0, 0],
    down: DOWN,
  };
  return {
    id,
    shows: plane,
    camera: /** @type {Camera} */ (camera),
    window: windowFor(series, false) ?? { center: 0.5, width: 1 },
    invert: series.modality === "PT",
    without: [],
  };
}

/** "turned by 35°". @param {Pick<Camera, "right">} camera */
export const turnWords = (camera) => t("turned by {degrees}°", { degrees: turnOf(camera) * STEP_DEG });
