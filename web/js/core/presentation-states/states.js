/**
 * Presentation states: which are for a series, what choosing one makes of a view, and what the picture says of it.
 * Window, inversion and camera are put into the view as they are; what is drawn over the image is the server's. Pure.
 */
/** @import {Camera, Case, Grid, Look, NamedWindow, PresentationState, Series} from "../../wire.js" */
/** @import {StampedViewport, View, Viewport} from "../../wire.js" */
/** @import {Rect} from "../view/camera.js" */
/** @import {Shown} from "../view/shows.js" */
/** @import {Scene} from "../view/view.js" */
/** @import {Preset} from "../view/windows.js" */
import { formatDate } from "../format.js";
import { point } from "../geometry.js";
import { ofServer, t } from "../language.js";
import { planeOf } from "../planes/parts.js";
import { personName } from "../patient.js";
import { carried } from "../segmentations/carried.js";
import { add, dot, scale } from "../vec.js";
import { clampRadius, snap } from "../view/camera.js";
import { followerOf, linked } from "../view/link.js";
import { opened } from "../view/opening/series.js";
import { imageOf, placeOf, seriesShown, stackOf } from "../view/shows.js";
import { isInMm, isScreen, lifeScale } from "../view/true-size.js";
import { change, reset, seriesOf, viewportOf, withViewport } from "../view/view.js";
import { sameWindow, windowFor } from "../view/windows.js";

/** As large as life, within what nobody can measure with a ruler. */
const AS_LARGE = 0.01;
/** Cosine of a turn that is none. */
const STRAIGHT = 0.999;

/** Those of a case that are for images of a series. @param {Case} kase @param {string} key */
export const statesOf = (kase, key) =>
  (kase.presentation_states ?? []).filter(({ looks = [] }) => looks.some((look) => look.series === key));

/** The one of that key. @param {Case} kase @param {string | undefined} key */
export const findState = (kase, key) =>
  (key && (kase.presentation_states ?? []).find((state) => state.key === key)) || null;

/** "Presentation state: LUNG". @param {PresentationState} state */
export const stateName = ({ name }) => (name ? `${t("Presentation state")}: ${name}` : t("Presentation state"));

/** When and by whom it was made, and what for: "25 Nov 2026 · READER, Rita", "For the meeting".
 * @param {PresentationState} state */
export const stateLines = ({ created, creator, description = "" }) =>
  [[formatDate(created), creator ? personName(creator) : ""].filter(Boolean).join(" · "), description].filter(Boolean);

/** How a state asks for an image; null where it is not for that one, and of planes and fusions.
 * @param {PresentationState} state @param {Series} series @param {Shown} shows @returns {Look | null} */
export function lookOf({ looks = [] }, series, shows) {
  if (shows.type !== "stack") return null;
  const image = imageOf(series, shows);
  const shown = (/** @type {Look} */ look) => look.images.some(([first, last]) => first <= image && image <= last);
  return looks.find((look) => look.series === series.key && shown(look)) ?? null;
}

/**
 * Where a look puts the camera. What is to be as large as life, or magnified, is so on the screen of who chooses it;
 * every other shows the same circle.
 * @param {Look} look @param {Grid} grid @param {number} place
 * @param {{rect: Rect | undefined, pixelsPerMm: number}} screen @returns {Camera}
 */
export function lookCamera(look, grid, place, { rect, pixelsPerMm }) {
  const [left, top, right, bottom] = look.area ?? [-0.5, -0.5, grid.columns - 0.5, grid.rows - 0.5];
  const axis = ([x, y] = [0, 0]) => add(scale(grid.right, x), scale(grid.down, y));
  const longer = Math.max((right - left) * grid.column_spacing, (bottom - top) * grid.row_spacing);
  const camera = {
    center: point(grid, place, (left + right) / 2, (top + bottom) / 2),
    radius: clampRadius(longer / 2),
    right: axis(look.right ?? [1, 0]),
    down: axis(look.down ?? [0, 1]),
  };
  if (!rect) return camera;
  const half = Math.min(rect[2], rect[3]) / 2;
  const sized = (/** @type {number} */ radius) => snap({ ...camera, radius: clampRadius(radius) }, grid, place, rect);
  if (look.sizing === "magnify")
    return sized((half * Math.min(grid.row_spacing, grid.column_spacing)) / (look.magnification ?? 1));
  if (look.sizing === "true" && isScreen(pixelsPerMm) && isInMm(grid.unit)) return sized(half / pixelsPerMm);
  return camera;
}

/**
 * Choose one: for the image that is shown, if it is for that, else for the first that it is for.
 * @param {View} view @param {Scene} scene @param {string} key @param {number} [pixelsPerMm] of this screen
 * @returns {View}
 */
export function chosen(view, scene, key, pixelsPerMm = 0) {
  const { kase } = scene;
  const [state, here] = [findState(kase, key), viewportOf(view, view.active)];
  const series = here && seriesShown(kase, here.shows);
  if (!state || !here || !series) return view;
  const screen = { rect: scene.rects.get(here.id), pixelsPerMm };
  const look = lookOf(state, series, here.shows);
  if (look) return change(view, here.id, scene, (v) => shownBy(state, look, series, v, screen));
  const first = state.looks?.find((l) => l.series === series.key) ?? state.looks?.[0];
  const other = first && seriesOf(kase, first.series);
  if (!first || !other) return view;
  const shows = stackOf(other, first.images[0]?.[0] ?? 0);
  const fresh = carried(kase, { ...opened(here.id, other, null, null), shows }, here);
  const next = withViewport(view, shownBy(state, first, other, fresh, screen));
  return next.link ? linked(next, kase, followerOf(next, here.id)) : next;
}

/** @param {PresentationState} state @param {Look} look @param {Series} series @param {Viewport} viewport
 * @param {{rect: Rect | undefined, pixelsPerMm: number}} screen @returns {Viewport} */
function shownBy({ key, without = [] }, look, series, viewport, screen) {
  const own = series.colour ? null : windowFor(series, false);
  return {
    ...viewport,
    camera: lookCamera(look, series.grid, placeOf(viewport.shows), screen),
    window: look.window ?? own,
    invert: look.invert ?? false,
    without: (series.presents ?? []).filter((part) => without.includes(part)),
    palette: "",
    playing: null,
    presentation_state: key,
  };
}

/** The active image as it was opened, without one. @param {View} view @param {Scene} scene */
export const left = (view, scene) => reset(view, view.active, scene);

/** All windows that a look offers, its own first. @param {Look} look
 * @returns {Pick<NamedWindow, "window" | "explanation">[]} */
const windowsOf = ({ window = null, windows = [] }) =>
  windows.length > 0 ? windows : window ? [{ window, explanation: "" }] : [];

/** Windows of the state that is chosen, where it has several for this image, as the menu of presets names them.
 * @param {Case} kase @param {Viewport} viewport @param {Series} series @returns {Preset[]} */
export function statePresets(kase, viewport, series) {
  const state = findState(kase, viewport.presentation_state);
  const windows = (state && lookOf(state, series, viewport.shows)?.windows) ?? [];
  return windows.map(({ window, explanation }, i) => ({
    name: `${t("Presentation state")}: ${explanation || t("Window {n}", { n: i + 1 })}`,
    window,
    key: "",
  }));
}

/** Whether greys and turn are still what a state asks for. @param {Look} look @param {Series} series
 * @param {Pick<Viewport, "window" | "invert" | "camera">} viewport */
function isAsAsked(look, series, viewport) {
  const { right, down } = lookCamera(look, series.grid, 0, { rect: undefined, pixelsPerMm: 0 });
  const turned = dot(right, viewport.camera.right) < STRAIGHT || dot(down, viewport.camera.down) < STRAIGHT;
  const greys = !look.window || windowsOf(look).some(({ window }) => sameWindow(window, viewport.window));
  return !turned && greys && (look.invert ?? false) === (viewport.invert ?? false);
}

/** @param {string} name @param {Shown} shows a plane or a fusion */
const undrawn = (name, shows) => [
  {
    text: planeOf(shows) ? t("{name}: not drawn on planes", { name }) : t("{name}: not drawn on fusions", { name }),
    warn: true,
  },
];

/**
 * What the picture says of the state that is chosen: which, whether it is for this image, what it asks for and is not
 * done.
 * @param {Case} kase @param {StampedViewport} viewport @param {number} [pixelsPerMm] of this screen
 * @returns {{text: string, warn?: boolean}[]}
 */
export function stateWords(kase, viewport, pixelsPerMm = 0) {
  const [state, series] = [findState(kase, viewport.presentation_state), seriesShown(kase, viewport.shows)];
  if (!state || !series) return [];
  const name = stateName(state);
  if (viewport.shows.type !== "stack")
    return (state.looks ?? []).some((l) => l.series === series.key) ? undrawn(name, viewport.shows) : [];
  const look = lookOf(state, series, viewport.shows);
  if (!look) return [{ text: t("{name}: not for this image", { name }), warn: true }];
  const said = isAsAsked(look, series, viewport) ? name : t("{name}, changed since", { name });
  const life = lifeScale(viewport, series.grid.unit, pixelsPerMm);
  const small = look.sizing === "true" && (life === null || Math.abs(life - 1) >= AS_LARGE);
  return [
    { text: [said, stateLines({ ...state, description: "" })].flat().join(" · ") },
    ...(state.notes ?? []).map((note) => ({ text: ofServer(note), warn: true })),
    ...(small ? [{ text: t("It asks for true size, which this is not."), warn: true }] : []),
  ];
}

/** Where there is little space. @param {Case} kase @param {StampedViewport} viewport */
export const stateLine = (kase, viewport) => stateWords(kase, viewport).slice(0, 1);
