/**
 * What gestures do to a view. Pure: (view, where, how) -> view; the linked viewport comes along.
 * `Scene` is what they stand on: the case that is shown and where each viewport lies on this page's screen.
 */
/** @import {Camera, Case, Link, Series, View, Viewport, Window} from "../../wire.js" */
/** @import {Rect, Turn} from "./camera.js" */
/** @import {Shown} from "./shows.js" */
import * as cameras from "./camera.js";
import { nearest, normal, parallel } from "../geometry.js";
import { oneUp, openPlanes } from "../planes/layouts.js";
import { movePoint } from "../planes/acts.js";
import * as planes from "../planes/moves.js";
import { planeOf, sameSpace } from "../planes/parts.js";
import { isVolume } from "../planes/volume.js";
import { studyRole } from "../study-label.js";
import { follow, initialOffset, linkAsItIs, linkable, pairOf, shiftOf } from "./link.js";
import { firstTime, isSubtracted, places } from "./series.js";
import { atPlace, locationOf, placeOf, seriesKey, seriesShown, stack, stackOf, stepTime, timeOf } from "./shows.js";
import { windowFor } from "./windows.js";
import { dot } from "../vec.js";

/** @typedef {NonNullable<Viewport["without"]>[number]} Part of the file's own presentation */
/** @typedef {{kase: Case, rects: Map<string, Rect>}} Scene */

export const ONE = { rows: 1, columns: 1 };
export const TWO = { rows: 1, columns: 2 };
export const FOUR = { rows: 2, columns: 2 };
const FOUR_IDS = ["a", "b", "c", "d"];

/** @param {View} view @param {string} id @returns {Viewport | null} */
export const viewportOf = (view, id) => view.viewports.find((v) => v.id === id) ?? null;

/** @param {Case} kase @param {string | undefined} key @returns {Series | null} */
export const seriesOf = (kase, key) => kase.series.find((s) => s.key === key) ?? null;

/** @param {View} view @param {Viewport} viewport @returns {View} */
const withViewport = (view, viewport) => ({
  ...view,
  viewports: view.viewports.map((v) => (v.id === viewport.id ? viewport : v)),
});

/** What of a view the page's controls show: changes where they must be drawn anew. @param {View} view */
export const chromeKey = ({ layout, active, link, viewports }) =>
  JSON.stringify([
    layout,
    active,
    link ? (link.offset_mm ?? 0) : null,
    viewports.map(({ id, shows, window }) => [id, shows.type === "stack" ? shows.series : shows, window]),
  ]);

/** Whether a viewport shows a plane. @param {View} view @param {string} id */
const showsPlane = (view, id) => planeOf(viewportOf(view, id)?.shows) !== null;

/**
 * Change one viewport, and bring the linked one along.
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
  const pair = view.link ? pairOf(view, scene.kase) : null;
  const next = withViewport(view, changed);
  return pair ? follow(next, id, scene.kase, shiftOf(pair.a, pair.b, pair.seriesA)) : next;
}

/** Of a clip from which a mask is subtracted: whether it is, at an image of it.
 * @param {Series} series @param {Pick<Viewport, "without">} viewport @param {Shown} shows */
const subtractedAt = (series, { without = [] }, shows) =>
  !without.includes("mask") && isSubtracted(series, placeOf(shows), timeOf(shows));

/** The window at another image: where the mask comes or goes, values lie elsewhere, and so does the window.
 * @param {Series} series @param {Viewport} viewport @param {Shown} shows @returns {Window | null} */
function windowAt(series, viewport, shows) {
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
    return { ...v, shows, camera, window: windowAt(series, v, shows) };
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
  show(view, id, scene, (shows, series) => stepTime(series, shows, by));

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

/** Aim the camera; at one to one it keeps to the pixels.
 * @param {View} view
 * @param {string} id
 * @param {Scene} scene
 * @param {(camera: Camera, rect: Rect, series: Series, place: number) => Camera} how */
function aim(view, id, scene, how) {
  const rect = scene.rects.get(id);
  if (!rect) return view;
  const plane = viewportOf(view, id);
  if (plane && planeOf(plane.shows)) {
    const series = seriesShown(scene.kase, plane.shows);
    return series ? planes.aimed(view, plane, how(plane.camera, rect, series, -1)) : view;
  }
  return change(view, id, scene, (v, series) => ({
    ...v,
    camera: cameras.snap(how(v.camera, rect, series, placeOf(v.shows)), series.grid, placeOf(v.shows), rect),
  }));
}

/** The picture goes with the pointer. @param {View} view @param {string} id @param {Scene} scene
 * @param {number} dx @param {number} dy device pixels */
export const panBy = (view, id, scene, dx, dy) =>
  aim(view, id, scene, (camera, rect) => cameras.pan(camera, rect, dx, dy));

/** @param {View} view @param {string} id @param {Scene} scene @param {number} factor
 * @param {[number, number]} [about] device pixels on the canvas */
export const zoomBy = (view, id, scene, factor, about) =>
  aim(view, id, scene, (camera, rect) => cameras.zoom(camera, rect, factor, about));

/** @param {View} view @param {string} id @param {Scene} scene */
export const fit = (view, id, scene) =>
  wholePair(
    aim(view, id, scene, (camera, _, series, place) => {
      const plane = place < 0 ? viewportOf(view, id) : null;
      return plane ? planes.wholePlane(scene.kase, plane, view.crosshair) : cameras.fit(camera, series.grid, place);
    }),
    scene.kase,
  );

/** Linked viewports have one scale: where both are to be seen whole, the circle is as large as the larger needs.
 * @param {View} view @param {Case} kase @returns {View} */
function wholePair(view, kase) {
  const pair = view.link ? pairOf(view, kase) : null;
  if (!pair) return view;
  const needed = [
    cameras.wholeRadius(pair.a.camera, pair.seriesA.grid, placeOf(pair.a.shows)),
    cameras.wholeRadius(pair.b.camera, pair.seriesB.grid, placeOf(pair.b.shows)),
  ];
  const radius = Math.max(...needed);
  return {
    ...view,
    viewports: view.viewports.map((v) => ({ ...v, camera: { ...v.camera, radius } })),
  };
}

/** @param {View} view @param {string} id @param {Scene} scene */
export const oneToOne = (view, id, scene) =>
  aim(view, id, scene, (camera, rect, series, place) => {
    const plane = place < 0 ? viewportOf(view, id) : null;
    return plane ? planes.planeOneToOne(scene.kase, plane, rect) : cameras.oneToOne(camera, series.grid, rect);
  });

/** @param {View} view @param {string} id @param {Scene} scene @param {Turn} how */
export const turn = (view, id, scene, how) => aim(view, id, scene, (camera) => cameras.turn(camera, how));

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
  }));

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

/** A series as it opens in a viewport: at the same place where that has a meaning.
 * @param {string} id
 * @param {Series} series
 * @param {Viewport | null} before
 * @param {Series | null} seriesBefore
 * @returns {Viewport} */
export function opened(id, series, before, seriesBefore) {
  const same =
    before &&
    !planeOf(before.shows) &&
    seriesBefore &&
    seriesBefore.frame_of_reference !== "" &&
    seriesBefore.frame_of_reference === series.frame_of_reference &&
    parallel(seriesBefore.grid, series.grid);
  const middle = series.grid.space === "patient" ? Math.floor(places(series) / 2) : 0;
  const place = same ? nearest(series.grid, locationOf(seriesBefore, before.shows)) : middle;
  const camera = same ? before.camera : cameras.fitted(series.grid, place);
  const shows = stack(series, place, firstTime(series, place));
  const window = windowFor(series, subtractedAt(series, {}, shows));
  return { id, shows, camera, window, invert: opensInverted(series) };
}

/** Show another series in a viewport. @param {View} view @param {string} id @param {Scene} scene @param {string} key
 * @param {Map<string, Link>} links remembered, by pair */
export function openSeries(view, id, scene, key, links = new Map()) {
  const series = seriesOf(scene.kase, key);
  const before = viewportOf(view, id);
  if (!series || !before || seriesKey(before.shows) === key) return view;
  if (planeOf(before.shows)) return openPlaneOf(view, before, series, scene);
  const next = withViewport(view, opened(id, series, before, seriesShown(scene.kase, before.shows)));
  return next.link ? linked(next, scene.kase, id === next.viewports[0]?.id ? 1 : 0, links) : next;
}

/** Another series where a plane is: its plane where that lies in the same space; all planes of it where the view has
 * nothing else; else its image. @param {View} view @param {Viewport} before @param {Series} series @param {Scene} scene
 * @returns {View} */
function openPlaneOf(view, before, series, { kase }) {
  const plane = planeOf(before.shows);
  const [has, old] = [!series.no_planes && !series.colour, plane?.volume.series ?? ""];
  if (!plane || !has || !isVolume(series)) return withViewport(view, opened(before.id, series, null, null));
  const window = planes.openingWindow(series);
  if (view.viewports.every((v) => planeOf(v.shows) && seriesKey(v.shows) === old)) {
    const all = openPlanes(series, { window });
    return sameSpace(kase, old, series.key) && view.crosshair ? movePoint(all, kase, view.crosshair.point) : all;
  }
  if (!sameSpace(kase, old, series.key)) return withViewport(view, opened(before.id, series, null, null));
  const shows = { ...plane, volume: { series: series.key, time: 0 } };
  return withViewport(view, { ...before, shows, window, invert: opensInverted(series) });
}

/** @param {View} view */
export const pairKey = (view) =>
  view.viewports
    .slice(0, 2)
    .map((v) => seriesKey(v.shows))
    .join(" ");

/**
 * Link the two viewports from what is known of the pair; the viewport at `follower` comes to the other.
 * @param {View} view @param {Case} kase @param {0 | 1} follower @param {Map<string, Link>} links @returns {View}
 */
export function linked(view, kase, follower, links = new Map()) {
  const pair = pairOf(view, kase);
  if (!pair) return { ...view, link: null };
  const kept = links.get(pairKey(view));
  const { offset, shift } = initialOffset(pair.seriesA, pair.seriesB);
  const link = kept ?? { offset_mm: offset, pan_mm: [0, 0] };
  const leader = follower === 1 ? pair.a : pair.b;
  return follow({ ...view, link }, leader.id, kase, kept ? keptShift(pair.a, kept) : shift);
}

/** @param {Viewport} a @param {Link} link @returns {import("../vec.js").Vec} */
function keptShift(a, link) {
  const { right, down } = a.camera;
  const [x, y] = link.pan_mm ?? [0, 0];
  return [right[0] * x + down[0] * y, right[1] * x + down[1] * y, right[2] * x + down[2] * y];
}

/** Link as the viewports lie now, or let go. @param {View} view @param {Case} kase */
export const toggleLink = (view, kase) => ({ ...view, link: view.link ? null : linkAsItIs(view, kase) });

/** One picture: the active viewport's. @param {View} view @returns {View} */
export function single(view) {
  const active = viewportOf(view, view.active) ?? view.viewports[0];
  return active ? oneUp(view, active.id) : view;
}

/** Where a plane is, the image of its series nearest to the crosshair's point. @param {View} view
 * @param {Viewport} viewport @param {Case} kase @returns {Viewport} */
export function asImage(view, viewport, kase) {
  const series = planeOf(viewport.shows) ? seriesShown(kase, viewport.shows) : null;
  if (!series) return viewport;
  const image = opened(viewport.id, series, null, null);
  const at = view.crosshair
    ? nearest(series.grid, dot(view.crosshair.point, normal(series.grid)))
    : placeOf(image.shows);
  const shows = stack(series, at, firstTime(series, at));
  return { ...image, shows, camera: cameras.fitted(series.grid, at), window: viewport.window ?? null };
}

/**
 * Current left, prior right, linked where that is possible.
 * @param {View} view @param {Scene} scene @param {Map<string, Link>} [links] @returns {View}
 */
export function compare(view, scene, links) {
  const chosen = viewportOf(view, view.active) ?? view.viewports[0];
  const active = chosen && asImage(view, chosen, scene.kase);
  const shown = active && seriesShown(scene.kase, active.shows);
  if (!active || !shown) return view;
  const partner = partnerOf(scene.kase, shown) ?? shown;
  const left = isNewer(scene.kase, partner, shown) ? partner : shown;
  const right = left === shown ? partner : shown;
  const viewport = (/** @type {string} */ id, /** @type {Series} */ s) =>
    s === shown ? { ...active, id } : opened(id, s, active, shown);
  /** @type {View} */
  const next = {
    layout: TWO,
    viewports: [viewport("a", left), viewport("b", right)],
    active: left === shown ? "a" : "b",
    link: null,
  };
  if (!linkable(left, right)) return next;
  const whole = active.camera.radius >= cameras.fitRadius(shown.grid) * (1 - 1e-9);
  const together = linked(next, scene.kase, left === shown ? 1 : 0, links);
  return whole ? wholePair(together, scene.kase) : together;
}

/**
 * Two by two: what is shown already, then the case's next series. Nothing is linked.
 * @param {View} view @param {Scene} scene @returns {View}
 */
export function four(view, scene) {
  const active = viewportOf(view, view.active) ?? view.viewports[0];
  const shown = active && seriesShown(scene.kase, active.shows);
  if (!active || !shown) return view;
  const here = view.viewports.slice(0, FOUR_IDS.length);
  const all = scene.kase.series;
  const from = all.indexOf(shown) + 1;
  const next = [...all.slice(from), ...all.slice(0, from)];
  const fresh = next.filter((s) => !here.some((v) => seriesKey(v.shows) === s.key));
  const viewports = FOUR_IDS.map((id, i) => {
    const kept = here[i];
    const more = i - here.length;
    const series = fresh[more] ?? next[(more - fresh.length) % next.length] ?? shown;
    return kept ? { ...kept, id } : opened(id, series, active, shown);
  });
  const { crosshair = null } = view;
  return { layout: FOUR, viewports, active: FOUR_IDS[here.indexOf(active)] ?? "a", link: null, crosshair };
}

/** @param {Case} kase @param {Series} series */
export const roleOf = (kase, series) =>
  studyRole(
    kase.studies.find((s) => s.key === series.study),
    kase.studies,
  );

/** @param {Case} kase @param {Series} series */
const isPrior = (kase, series) => roleOf(kase, series) === "PRIOR";

/** Which of two studies is the newer. @param {Case} kase @param {Series} a @param {Series} b */
const isNewer = (kase, a, b) =>
  kase.studies.findIndex((s) => s.key === a.study) < kase.studies.findIndex((s) => s.key === b.study);

/**
 * What to compare a series with: of another study, the same modality, parallel, most alike in name and thickness.
 * @param {Case} kase @param {Series} series @returns {Series | null}
 */
export function partnerOf(kase, series) {
  const prior = isPrior(kase, series);
  const rank = (/** @type {Series} */ s) =>
    (isPrior(kase, s) !== prior ? 8 : 0) +
    (s.description === series.description ? 4 : 0) +
    (parallel(s.grid, series.grid) ? 2 : 0) -
    Math.min(1, Math.abs((s.slice_thickness_mm ?? 0) - (series.slice_thickness_mm ?? 0)));
  const others = kase.series.filter((s) => s.study !== series.study && s.modality === series.modality);
  return others.sort((x, y) => rank(y) - rank(x))[0] ?? null;
}
