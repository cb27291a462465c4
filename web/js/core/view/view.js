/**
 * What gestures do to a view. Pure: (view, where, how) -> view; the linked viewport comes along.
 * `Scene` is what they stand on: the case that is shown and where each viewport lies on this page's screen.
 */
/** @import {Camera, Case, Series, View, Viewport, Window} from "../../wire.js" */
/** @import {Uptake} from "../planes/uptake.js" */
/** @import {Rect, Turn} from "./camera.js" */
/** @import {Shown} from "./shows.js" */
import * as cameras from "./camera.js";
import * as planes from "../planes/moves.js";
import { planeOf } from "../planes/parts.js";
import { goesOn, planesAt } from "./cine/playing.js";
import { bring, membersOf, shiftsOf } from "./link.js";
import { together as cellsTogether } from "./mosaic/cells.js";
import { isSubtracted, places, steppedTime } from "./series.js";
import { atPlace, placeOf, seriesShown, stackOf, stepTime, timeOf } from "./shows.js";
import { windowFor } from "./windows.js";

/** @typedef {NonNullable<Viewport["without"]>[number]} Part of the file's own presentation */
/** @typedef {{kase: Case, rects: Map<string, Rect>}} Scene */

/** @param {View} view @param {string} id @returns {Viewport | null} */
export const viewportOf = (view, id) => view.viewports.find((v) => v.id === id) ?? null;

/** @param {Case} kase @param {string | undefined} key @returns {Series | null} */
export const seriesOf = (kase, key) => kase.series.find((s) => s.key === key) ?? null;

/** @param {View} view @param {Viewport} viewport @returns {View} */
export const withViewport = (view, viewport) => ({
  ...view,
  viewports: view.viewports.map((v) => (v.id === viewport.id ? viewport : v)),
});

/** What of a view the page's controls show: changes where they must be drawn anew. @param {View} view */
export const chromeKey = ({ layout, active, link, viewports, mosaic, uptake }) =>
  JSON.stringify([
    layout,
    mosaic?.step ?? 0,
    active,
    uptake,
    link ? (link.offset_mm ?? 0) : null,
    viewports.map(
      ({ id, shows, window, playing, segmentations, palette = "", presentation_state = "", mask_frames }) => [
        id,
        shows.type === "stack" ? shows.series : shows,
        window,
        playing ? [playing.rate, playing.first, playing.last] : null,
        segmentations,
        palette,
        presentation_state,
        mask_frames,
      ],
    ),
  ]);

/** Whether a viewport shows a plane. @param {View} view @param {string} id */
const showsPlane = (view, id) => planeOf(viewportOf(view, id)?.shows) !== null;

/**
 * Change one viewport, and bring along the linked one, or the other cells of a mosaic.
 * @param {View} view @param {string} id @param {Scene} scene
 * @param {(viewport: Viewport, series: Series) => Viewport} how
 * @returns {View}
 */
export function change(view, id, scene, how) {
  const viewport = viewportOf(view, id);
  const series = viewport && seriesShown(scene.kase, viewport.shows);
  if (!viewport || !series) return view;
  const changed = how(viewport, series);
  if (changed === viewport) return view;
  if (view.mosaic) return inCells(withViewport(view, changed), id, scene);
  const shifts = shiftsOf(membersOf(view, scene.kase), id);
  return bring(withViewport(view, changed), id, scene.kase, shifts);
}

/** The other cells of a mosaic as the one that was changed. @param {View} view @param {string} id
 * @param {Scene} scene */
export const inCells = (view, id, { kase }) => cellsTogether(view, id, kase, windowAt);

/** Of a clip from which a mask is subtracted: whether it is, at an image of it.
 * @param {Series} series @param {Pick<Viewport, "without">} viewport @param {Shown} shows */
export const subtractedAt = (series, { without = [] }, shows) =>
  !without.includes("mask") && isSubtracted(series, placeOf(shows), timeOf(shows));

/** The window at another image: where the mask comes or goes, values lie elsewhere, and so does the window.
 * @param {Series} series @param {Viewport} viewport @param {Shown} shows @returns {Window | null} */
export function windowAt(series, viewport, shows) {
  const now = viewport.window ?? null;
  if (!series.subtracted?.length) return now;
  const there = subtractedAt(series, viewport, shows);
  return there === subtractedAt(series, viewport, viewport.shows) ? now : windowFor(series, there);
}

/**
 * Show something else of a series in a viewport, as it is turned and windowed; its matrix stays where it is.
 * @param {View} view
 * @param {string} id
 * @param {Scene} scene
 * @param {(shows: Shown, series: Series) => Shown} how
 */
export function show(view, id, scene, how) {
  return change(view, id, scene, (v, series) => {
    const shows = how(v.shows, series);
    if (shows === v.shows) return v;
    const camera = cameras.carried(v.camera, series.grid, placeOf(v.shows), placeOf(shows));
    return { ...v, shows, camera, window: windowAt(series, v, shows), ...goesOn(v, shows) };
  });
}

/**
 * Go to a place; never round the ends. Where there is one place alone (a cine of one slice), to a time; of planes to
 * the first or the last layer of voxels.
 * @param {View} view
 * @param {string} id
 * @param {Scene} scene
 * @param {number} place
 */
export const goTo = (view, id, scene, place) =>
  showsPlane(view, id)
    ? planes.scrollLayers(view, scene.kase, id, place > 0 ? ALL : -ALL)
    : goToPlace(view, id, scene, place);

/** Layers of voxels: more than any volume has. */
const ALL = 1e5;

/** @param {View} view @param {string} id @param {Scene} scene @param {number} place */
const goToPlace = (view, id, scene, place) =>
  show(view, id, scene, (shows, series) =>
    places(series) > 1 ? atPlace(series, shows, place) : stepTime(series, shows, place - timeOf(shows)),
  );

/**
 * Scroll by places; where there is one place alone, by times; planes by layers of voxels.
 * @param {View} view
 * @param {string} id
 * @param {Scene} scene
 * @param {number} by
 */
export const scroll = (view, id, scene, by) =>
  showsPlane(view, id)
    ? planes.scrollLayers(view, scene.kase, id, by)
    : show(view, id, scene, (shows, series) =>
        places(series) > 1 ? atPlace(series, shows, placeOf(shows) + by) : stepTime(series, shows, by),
      );

/**
 * Step along the second axis: place, camera and window stay.
 * @param {View} view
 * @param {string} id
 * @param {Scene} scene
 * @param {number} by
 */
export const scrollTime = (view, id, scene, by) =>
  showsPlane(view, id)
    ? scrollPlanesTime(view, id, scene, by)
    : show(view, id, scene, (shows, series) => stepTime(series, shows, by));

/** All planes of a volume, to a time that has images. @param {View} view @param {string} id @param {Scene} scene
 * @param {number} by @returns {View} */
function scrollPlanesTime(view, id, scene, by) {
  const viewport = viewportOf(view, id);
  const series = viewport && seriesShown(scene.kase, viewport.shows);
  if (!viewport || !series || planeOf(viewport.shows)?.whole) return view;
  const time = timeOf(viewport.shows);
  const next = steppedTime(series, Math.floor(places(series) / 2), time, by);
  return next === time ? view : planesAt(view, id, next);
}

/**
 * Go to an image of the series that is shown.
 * @param {View} view
 * @param {string} id
 * @param {Scene} scene
 * @param {number} image
 */
export const goToImage = (view, id, scene, image) => show(view, id, scene, (_, series) => stackOf(series, image));

/** The crosshair's point to what lies under a device pixel.
 * @param {View} view @param {string} id @param {Scene} scene @param {readonly [number, number]} at */
export function pointTo(view, id, scene, at) {
  const rect = scene.rects.get(id);
  return rect ? planes.pointTo(view, scene.kase, { id, rect, at }) : view;
}

/** @param {View} view @param {string} id @param {Scene} scene @param {Window} window */
export const setWindow = (view, id, scene, window) =>
  together(
    change(view, id, scene, (v, series) => (series.colour ? v : { ...v, window })),
    id,
  );

/** @param {View} view @param {string} id @param {Scene} scene */
export const invert = (view, id, scene) =>
  together(
    change(view, id, scene, (v) => ({ ...v, invert: !v.invert })),
    id,
  );

/** Planes of one volume have one window. @param {View} view @param {string} id of the one that was changed */
function together(view, id) {
  const changed = viewportOf(view, id);
  return changed && planeOf(changed.shows) ? planes.windowed(view, changed) : view;
}

/** @typedef {(camera: Camera, rect: Rect, series: Series, place: number) => Camera} AimImage */
/** @typedef {(viewport: Viewport, rect: Rect) => Camera} AimPlane */

/** Aim the camera, of an image or of a plane. @param {View} view @param {string} id @param {Scene} scene
 * @param {AimImage} image @param {AimPlane} plane */
function aim(view, id, scene, image, plane) {
  const rect = scene.rects.get(id);
  const viewport = viewportOf(view, id);
  if (!rect || !viewport || !seriesShown(scene.kase, viewport.shows)) return view;
  if (planeOf(viewport.shows)) return planes.aimed(view, viewport, plane(viewport, rect));
  return aimImage(view, id, scene, rect, image);
}

/** The same for both. @param {View} view @param {string} id @param {Scene} scene
 * @param {(camera: Camera, rect: Rect) => Camera} how */
const aimAny = (view, id, scene, how) => aim(view, id, scene, how, ({ camera }, rect) => how(camera, rect));

/** At one to one it keeps to the pixels.
 * @param {View} view
 * @param {string} id
 * @param {Scene} scene
 * @param {Rect} rect
 * @param {AimImage} how */
const aimImage = (view, id, scene, rect, how) =>
  change(view, id, scene, (v, series) => ({
    ...v,
    camera: cameras.snap(how(v.camera, rect, series, placeOf(v.shows)), series.grid, placeOf(v.shows), rect),
  }));

/** The picture goes with the pointer. @param {View} view @param {string} id @param {Scene} scene
 * @param {number} dx @param {number} dy device pixels */
export const panBy = (view, id, scene, dx, dy) =>
  aimAny(view, id, scene, (camera, rect) => cameras.pan(camera, rect, dx, dy));

/** @param {View} view @param {string} id @param {Scene} scene @param {number} factor
 * @param {[number, number]} [about] device pixels on the canvas */
export const zoomBy = (view, id, scene, factor, about) =>
  aimAny(view, id, scene, (camera, rect) => cameras.zoom(camera, rect, factor, about));

/** @param {View} view @param {string} id @param {Scene} scene */
export const fit = (view, id, scene) =>
  wholePair(
    aim(
      view,
      id,
      scene,
      (camera, _, series, place) => cameras.fit(camera, series.grid, place),
      (plane) => planes.wholePlane(scene.kase, plane, view.crosshair),
    ),
    scene.kase,
  );

/** Linked viewports have one scale: where all are to be seen whole, the circle is as large as the largest needs.
 * @param {View} view @param {Case} kase @returns {View} */
export function wholePair(view, kase) {
  const members = membersOf(view, kase);
  if (members.length === 0) return view;
  const radius = Math.max(
    ...members.map(({ viewport: { camera, shows }, series }) =>
      cameras.wholeRadius(camera, series.grid, placeOf(shows)),
    ),
  );
  const ids = new Set(members.map(({ viewport }) => viewport.id));
  const whole = (/** @type {Viewport} */ v) => (ids.has(v.id) ? { ...v, camera: { ...v.camera, radius } } : v);
  return { ...view, viewports: view.viewports.map(whole) };
}

/** @param {View} view @param {string} id @param {Scene} scene */
export const oneToOne = (view, id, scene) =>
  aim(
    view,
    id,
    scene,
    (camera, rect, series) => cameras.oneToOne(camera, series.grid, rect),
    (plane, rect) => planes.planeOneToOne(scene.kase, plane, rect),
  );

/** @param {View} view @param {string} id @param {Scene} scene @param {Turn} how */
export const turn = (view, id, scene, how) => aimAny(view, id, scene, (camera) => cameras.turn(camera, how));

/** As it was opened, at the same image; planes straight, through the same point.
 * @param {View} view @param {string} id @param {Scene} scene */
export const reset = (view, id, scene) =>
  showsPlane(view, id) ? planes.resetPlanes(view, scene.kase) : resetImage(view, id, scene);

/** @param {View} view @param {string} id @param {Scene} scene */
const resetImage = (view, id, scene) =>
  change(view, id, scene, (v, series) => ({
    ...v,
    camera: cameras.fitted(series.grid, placeOf(v.shows)),
    window: windowFor(series, subtractedAt(series, {}, v.shows)),
    invert: opensInverted(series),
    without: [],
    mask_shift: [0, 0],
    mask_frames: [],
    palette: "",
    presentation_state: "",
  }));

/** By which mass PET is read, in all of it. @param {View} view @param {Uptake} uptake @returns {View} */
export const readUptake = (view, uptake) => ({ ...view, uptake });

/** PET is read dark on white. @param {Series} series */
export const opensInverted = (series) => series.modality === "PT" && !series.colour;

/** Leave out a part of the file's own presentation, or apply it again; without a mask values lie elsewhere.
 * @param {View} view @param {string} id @param {Scene} scene @param {Part} part */
export const togglePart = (view, id, scene, part) =>
  change(view, id, scene, (v, series) => {
    const before = v.without ?? [];
    const without = before.includes(part) ? before.filter((p) => p !== part) : [...before, part];
    const there = subtractedAt(series, { without }, v.shows);
    const moves = there !== subtractedAt(series, v, v.shows);
    return { ...v, without, window: moves ? windowFor(series, there) : (v.window ?? null) };
  });

/** @param {View} view @param {string} id @returns {View} */
export const activate = (view, id) => (viewportOf(view, id) && view.active !== id ? { ...view, active: id } : view);

/** The next viewport becomes the active one, the first after the last. @param {View} view */
export function activateOther(view) {
  const i = view.viewports.findIndex((v) => v.id === view.active);
  const next = view.viewports[(i + 1) % view.viewports.length];
  return next ? activate(view, next.id) : view;
}

/** The next or previous viewport becomes the active one; none beyond the ends. @param {View} view @param {number} by */
export function activateNext(view, by) {
  const i = view.viewports.findIndex((v) => v.id === view.active);
  const next = view.viewports[Math.min(Math.max(i + by, 0), view.viewports.length - 1)];
  return next ? activate(view, next.id) : view;
}
