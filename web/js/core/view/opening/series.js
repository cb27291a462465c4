/** What a viewport shows once a series is opened in it: its image, or its plane where a plane was. Pure. */
/** @import {Case, Link, Series, View, Viewport} from "../../../wire.js" */
/** @import {Scene} from "../view.js" */
import { nearest, normal, parallel } from "../../geometry.js";
import { movePoint } from "../../planes/acts.js";
import { openPlanes } from "../../planes/layouts.js";
import { openingWindow } from "../../planes/moves.js";
import { planeOf, sameSpace } from "../../planes/parts.js";
import { readingCamera } from "../../papers.js";
import { isVolume } from "../../planes/volume.js";
import { stateCarried } from "../../presentation-states/carried.js";
import { carried } from "../../segmentations/carried.js";
import { dot } from "../../vec.js";
import { fitted } from "../camera.js";
import { followerOf, linked } from "../link.js";
import { firstTime, places } from "../series.js";
import { locationOf, placeOf, seriesKey, seriesShown, stack } from "../shows.js";
import { inCells, opensInverted, seriesOf, subtractedAt, viewportOf, withViewport } from "../view.js";
import { windowFor } from "../windows.js";

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
  const whole = fitted(series.grid, place);
  const camera = same ? before.camera : series.document ? readingCamera(series, whole) : whole;
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
  const fresh = opened(id, series, before, seriesShown(scene.kase, before.shows));
  const next = withViewport(view, carried(scene.kase, fresh, before));
  if (next.mosaic) return inCells(next, id, scene);
  return next.link ? linked(next, scene.kase, followerOf(next, id), links) : next;
}

/** Another series where a plane is: its plane where that lies in the same space; all planes of it where the view has
 * nothing else; else its image. @param {View} view @param {Viewport} before @param {Series} series @param {Scene} scene
 * @returns {View} */
function openPlaneOf(view, before, series, { kase }) {
  const plane = planeOf(before.shows);
  const [has, old] = [!series.no_planes && !series.colour, plane?.volume.series ?? ""];
  if (!plane || !has || !isVolume(series)) return withViewport(view, opened(before.id, series, null, null));
  const window = openingWindow(series);
  if (view.viewports.every((v) => planeOf(v.shows) && seriesKey(v.shows) === old)) {
    const all = { ...view, ...openPlanes(series, { window }) };
    const viewports = all.viewports.map((v) => carried(kase, v, before));
    const same = sameSpace(kase, old, series.key) ? view.crosshair : null;
    return same ? movePoint({ ...all, viewports }, kase, same.point) : { ...all, viewports };
  }
  if (!sameSpace(kase, old, series.key)) return withViewport(view, opened(before.id, series, null, null));
  const shows = { ...plane, volume: { series: series.key, time: 0 } };
  return withViewport(view, { ...before, shows, window, invert: opensInverted(series), playing: null });
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
  const there = { ...image, shows, camera: fitted(series.grid, at), window: viewport.window ?? null };
  return stateCarried(kase, carried(kase, there, viewport), viewport);
}
