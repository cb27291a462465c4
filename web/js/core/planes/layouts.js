/**
 * Planes beside each other: opening them, one alone, more of them. The other half of the twin of
 * consult/model/planes/acts.py (`open_planes`, `one_up`, `lay_out`); what follows those is the page's own.
 */
/** @import {Case, Crosshair, Series, View, Viewport, Window} from "../../wire.js" */
/** @import {PlaneName} from "./parts.js" */
import { scale } from "../vec.js";
import { MAX_RADIUS_MM, MIN_RADIUS_MM } from "../view/camera.js";
import { axesOf, cameraNormal, directions, geometryOf, isLinked, NAMES, planeOf, through, withPlane } from "./parts.js";
import { isVolume, volumeGeometry } from "./volume.js";

const IDS = "abcdefghijklmnopqrstuvwxyz";
const [MAX_ROWS, MAX_COLUMNS] = [4, 4];
const ONE_ROW = { rows: 1, columns: 3 };

/** Axial, sagittal and coronal planes beside each other, through the middle of a series, which must be a volume.
 * @param {Series} series @param {{time?: number, window?: Window | null}} [how] @returns {View} */
export function openPlanes(series, { time = 0, window = null } = {}) {
  /** @type {Crosshair} */
  const crosshair = { series: series.key, point: volumeGeometry(series).middle, right: [1, 0, 0], down: [0, 1, 0] };
  /** @type {Viewport} */
  const model = {
    id: "a",
    shows: { type: "plane", volume: { series: series.key, time }, name: "axial", slab_mm: 0, projection: "mean" },
    camera: { center: crosshair.point, radius: MIN_RADIUS_MM, ...axesOf(crosshair) },
    window: window ?? series.windows[0]?.window ?? { center: 0.5, width: 1 },
    invert: series.modality === "PT",
    without: [],
  };
  const viewports = NAMES.map((name, i) => planeViewport(model, IDS[i] ?? "", name, crosshair, series));
  return { layout: ONE_ROW, viewports, active: "a", link: null, crosshair };
}

/** A whole plane through the point, shown as the model is.
 * @param {Viewport} model which shows a plane @param {string} id @param {PlaneName} name @param {Crosshair} crosshair
 * @param {Series} series of its volume @returns {Viewport} */
export function planeViewport(model, id, name, crosshair, series) {
  const plane = planeOf(model.shows);
  if (!plane) return model;
  const shows = withPlane(model.shows, { ...plane, name, tilted: false });
  const { right, down } = directions(crosshair, name);
  const geometry = volumeGeometry(series, plane.volume.time);
  const reach = Math.max(geometry.extent(right), geometry.extent(down));
  const radius = Math.min(Math.max(reach / 2, MIN_RADIUS_MM), MAX_RADIUS_MM);
  return through({ ...model, id, shows, camera: { center: geometry.middle, radius, right, down } }, crosshair);
}

/** One viewport alone. The crosshair stays as it is, so that the others come back as they were turned.
 * @param {View} view @param {string} id @returns {View} */
export function oneUp(view, id) {
  const alone = view.viewports.find((v) => v.id === id);
  if (!alone) return view;
  return { ...view, layout: { rows: 1, columns: 1 }, viewports: [{ ...alone, id: "a" }], active: "a", link: null };
}

/** A grid of so many viewports: those that there are, then the planes of the crosshair that are not shown yet.
 * @param {View} view @param {Case} kase @param {number} rows @param {number} columns @returns {View} */
export function layOut(view, kase, rows, columns) {
  const layout = {
    rows: Math.min(Math.max(rows, 1), MAX_ROWS),
    columns: Math.min(Math.max(columns, 1), MAX_COLUMNS),
  };
  const count = layout.rows * layout.columns;
  const shown = view.viewports.slice(0, count);
  while (shown.length < count) shown.push(further(view, kase, shown));
  const viewports = shown.map((viewport, i) => ({ ...viewport, id: IDS[i] ?? "" }));
  const active = viewports.some((v) => v.id === view.active) ? view.active : "a";
  return { ...view, layout, viewports, active, link: null };
}

/** What a further cell shows. @param {View} view @param {Case} kase @param {Viewport[]} shown @returns {Viewport} */
function further({ crosshair }, kase, shown) {
  const last = /** @type {Viewport} */ (shown[shown.length - 1]);
  const model = shown.findLast((v) => planeOf(v.shows));
  if (!model || !crosshair || !isLinked(model, crosshair, kase)) return last;
  const names = shown.map((v) => planeOf(v.shows)?.name);
  const name = NAMES.find((one) => !names.includes(one)) ?? NAMES[shown.length % NAMES.length] ?? "axial";
  const series = kase.series.find((s) => s.key === planeOf(model.shows)?.volume.series);
  return series && isVolume(series) ? planeViewport(model, model.id, name, crosshair, series) : last;
}

/** A plane that was kept, alone, with a crosshair that it goes through. @param {Viewport} viewport @param {Case} kase
 * @returns {View} */
export function planeAlone(viewport, kase) {
  const plane = planeOf(viewport.shows);
  const geometry = plane && geometryOf(kase, plane.volume.series, plane.volume.time);
  const key = plane?.volume.series ?? "";
  const point = geometry ? geometry.clamped(viewport.camera.center) : viewport.camera.center;
  /** @type {Crosshair} */
  const crosshair = { series: key, point, ...(plane && !plane.tilted ? axesUnder(viewport, plane.name) : UPRIGHT) };
  const alone = through({ ...viewport, id: "a" }, crosshair);
  return { layout: { rows: 1, columns: 1 }, viewports: [alone], active: "a", link: null, crosshair };
}

/** @type {Required<Pick<Crosshair, "right" | "down">>} */
const UPRIGHT = { right: [1, 0, 0], down: [0, 1, 0] };

/** The axes that a plane of that name belongs to. @param {Viewport} viewport @param {PlaneName} name
 * @returns {Required<Pick<Crosshair, "right" | "down">>} */
function axesUnder({ camera }, name) {
  const n = cameraNormal(camera);
  if (name === "axial") return { right: camera.right, down: camera.down };
  return name === "sagittal" ? { right: scale(n, -1), down: camera.right } : { right: camera.right, down: n };
}
