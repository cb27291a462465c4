/**
 * A volume seen as a whole from all around: a MIP that turns about the body's axis. The camera says how far it is
 * turned (consult/model/planes/turning.py). Pure.
 */
/** @import {Camera, Case, Plane, Series, View, Viewport} from "../../../wire.js" */
/** @import {Vec} from "../../vec.js" */
import { t } from "../../language.js";
import { add, cross, dot, scale, subtract } from "../../vec.js";
import { clampRadius } from "../../view/camera.js";
import { windowFor } from "../../view/windows.js";
import { geometryOf, planeOf } from "../parts.js";
import { volumeGeometry } from "../volume.js";

/** Steps of one round. */
export const TURNS = 72;
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
  const down = leaning(right, camera);
  const off = subtract(camera.center, middle);
  const there = add(scale(right, dot(off, camera.right)), scale(down, dot(off, camera.down)));
  return { ...camera, center: add(middle, there), right, down };
}

/** Which way is down on the screen of a camera that stands elsewhere and looks from as far above or below.
 * @param {Vec} right @param {Camera} camera @returns {Vec} */
function leaning(right, camera) {
  const [upright, aside] = [dot(camera.down, DOWN), dot(camera.down, cross(camera.right, DOWN))];
  const long = Math.hypot(upright, aside);
  if (long === 0 || camera.down.every((part, i) => part === DOWN[i])) return DOWN;
  return add(scale(DOWN, upright / long), scale(cross(right, DOWN), aside / long));
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

/** "turned by 35°, 20° from above". @param {Pick<Camera, "right" | "down">} camera */
export function turnWords({ right, down }) {
  const degrees = ((Math.round((Math.atan2(right[1], right[0]) * 180) / Math.PI) % 360) + 360) % 360;
  const lean = Math.round((Math.atan2(right[1] * down[0] - right[0] * down[1], -down[2]) * 180) / Math.PI);
  if (lean === 0) return t("turned by {degrees}°", { degrees });
  return lean > 0
    ? t("turned by {degrees}°, {lean}° from above", { degrees, lean })
    : t("turned by {degrees}°, {lean}° from below", { degrees, lean: -lean });
}
