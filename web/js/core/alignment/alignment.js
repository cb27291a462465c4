/**
 * Two series put over each other by hand: what lies over an image is turned about its own middle, then shifted, mm and
 * degrees in the patient (`Alignment` of consult/model/view.py). Pure.
 */
/** @import {Alignment, Camera, Case, Fusion, Series, View, Viewport} from "../../wire.js" */
/** @import {Vec} from "../vec.js" */
/** @import {Shown} from "../view/shows.js" */
import { centre } from "../geometry.js";
import { t } from "../language.js";
import { rotation, sameSpace } from "../planes/parts.js";
import { isVolume, volumeGeometry } from "../planes/volume.js";
import { add, cross, dot, norm, scale, subtract } from "../vec.js";
import { seriesKey } from "../view/shows.js";

/** @typedef {{shift_mm: Vec, turn_deg: Vec}} Placed */

/** @type {Placed} */
export const NOT_MOVED = { shift_mm: [0, 0, 0], turn_deg: [0, 0, 0] };
/** As the server allows (consult/sessions/features/view/planes.py). */
export const MAX_SHIFT_MM = 2000;
export const MAX_TURN_DEG = 180;
const DEGREE = Math.PI / 180;

/** @param {Alignment | null | undefined} alignment @returns {Placed} */
export const placed = (alignment) => ({
  shift_mm: alignment?.shift_mm ?? NOT_MOVED.shift_mm,
  turn_deg: alignment?.turn_deg ?? NOT_MOVED.turn_deg,
});

/** @param {Placed} a @param {Placed} b */
export const samePlace = (a, b) =>
  norm(subtract(a.shift_mm, b.shift_mm)) === 0 && norm(subtract(a.turn_deg, b.turn_deg)) === 0;

/** In how far a fusion is said to be aligned by hand; null where it is not. @param {Shown} shows */
export const alignmentOf = (shows) => (shows.type === "fusion" ? (shows.alignment ?? null) : null);

/** "aligned by hand, Dr. Host"; "" where both have one frame of reference. @param {Shown} shows */
export function alignedWords(shows) {
  const alignment = alignmentOf(shows);
  if (!alignment) return "";
  return alignment.by ? t("aligned by hand, {name}", { name: alignment.by }) : t("aligned by hand");
}

/** Where a series without a common frame of reference is put first: the middles on each other.
 * @param {Series} base @param {Series} over @returns {Placed} */
export const middles = (base, over) => ({ ...NOT_MOVED, shift_mm: subtract(middle(base), middle(over)) });

/** @param {Series} series @returns {Vec} */
function middle(series) {
  if (isVolume(series)) return volumeGeometry(series).middle;
  const place = Math.floor(series.grid.positions.length / 2);
  return centre(series.grid, place);
}

/** Moved by so many mm. @param {Placed} at @param {Vec} by @returns {Placed} */
export const shifted = (at, by) => ({ ...at, shift_mm: limited(add(at.shift_mm, by), MAX_SHIFT_MM) });

/** Turned further about a unit vector. @param {Placed} at @param {Vec} about @param {number} degrees
 * @returns {Placed} */
export const turned = (at, about, degrees) => ({ ...at, turn_deg: composed(at.turn_deg, about, degrees) });

/** With one number of it set. @param {Placed} at @param {keyof Placed} what @param {number} axis @param {number} value
 * @returns {Placed} */
export function withNumber(at, what, axis, value) {
  /** @type {Vec} */
  const next = [...at[what]];
  next[axis] = value;
  return { ...at, [what]: limited(next, what === "shift_mm" ? MAX_SHIFT_MM : MAX_TURN_DEG) };
}

/** No longer than that. @param {Vec} vector @param {number} most @returns {Vec} */
function limited(vector, most) {
  const long = norm(vector);
  return long > most ? scale(vector, most / long) : vector;
}

/** A rotation vector, then a turn about a unit vector, as one rotation vector of at most half a turn.
 * @param {Vec} first @param {Vec} about @param {number} degrees @returns {Vec} */
function composed(first, about, degrees) {
  const long = norm(first);
  const one = long > 0 ? rotation(scale(first, 1 / long), long) : (/** @type {Vec} */ v) => v;
  const then = rotation(about, degrees);
  const [x, y, z] = /** @type {Vec[]} */ ([
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ]).map((v) => then(one(v)));
  return x && y && z ? rotationVector(x, y, z) : first;
}

/** Of a rotation, by where it turns the axes to: the columns of its matrix.
 * @param {Vec} x @param {Vec} y @param {Vec} z @returns {Vec} */
function rotationVector(x, y, z) {
  /** @type {Vec} */
  const double = [y[2] - z[1], z[0] - x[2], x[1] - y[0]];
  const [cosine, sine] = [(x[0] + y[1] + z[2] - 1) / 2, norm(double) / 2];
  const angle = Math.atan2(sine, cosine);
  if (angle < 1e-9) return [0, 0, 0];
  const towards = sine > 1e-6 ? scale(double, 0.5 / sine) : halfTurn(x, y, z);
  return scale(towards, angle / DEGREE);
}

/** The axis of half a turn: the longest column of (matrix + 1). @param {Vec} x @param {Vec} y @param {Vec} z
 * @returns {Vec} */
function halfTurn(x, y, z) {
  const columns = /** @type {Vec[]} */ ([add(x, [1, 0, 0]), add(y, [0, 1, 0]), add(z, [0, 0, 1])]);
  const [longest] = columns.sort((a, b) => norm(b) - norm(a));
  return longest ? scale(longest, 1 / norm(longest)) : [0, 0, 1];
}

/** Dragged over a picture, in its plane: shifted, or turned about the middle of what is dragged.
 * @param {Placed} at @param {Series} over what is dragged @param {Camera} camera
 * @param {{from: Vec, to: Vec, turn: boolean}} move points of the patient @returns {Placed} */
export function draggedTo(at, over, { right, down }, { from, to, turn }) {
  if (!turn) return shifted(at, subtract(to, from));
  const about = cross(right, down);
  const pivot = add(middle(over), at.shift_mm);
  const [a, b] = /** @type {[Vec, Vec]} */ (
    [from, to].map((point) => {
      const away = subtract(point, pivot);
      return subtract(away, scale(about, dot(away, about)));
    })
  );
  return turned(at, about, Math.atan2(dot(cross(a, b), about), dot(a, b)) / DEGREE);
}

/** All fusions of the view that have the series of one viewport, over and below, aligned alike.
 * @param {View} view @param {string} id @param {Case} kase @param {Placed} to @param {string} by @returns {View} */
export function aligned(view, id, kase, to, by) {
  const model = view.viewports.find((v) => v.id === id)?.shows;
  if (model?.type !== "fusion") return view;
  const is = sameSpace(kase, seriesKey(model), model.over.series) && samePlace(to, NOT_MOVED);
  const alignment = is
    ? null
    : { ...to, by: samePlace(placed(model.alignment), to) ? (model.alignment?.by ?? by) : by };
  const viewports = view.viewports.map((v) => (isPair(v, model, kase) ? withAlignment(v, alignment) : v));
  return { ...view, viewports };
}

/** Whether it fuses the same: what lies over is one series, what lies below is of one space.
 * @param {Viewport} viewport @param {Fusion} model @param {Case} kase */
const isPair = ({ shows }, model, kase) =>
  shows.type === "fusion" &&
  shows.over.series === model.over.series &&
  sameSpace(kase, seriesKey(shows), seriesKey(model));

/** @param {Viewport} viewport @param {Alignment | null} alignment @returns {Viewport} */
const withAlignment = (viewport, alignment) =>
  viewport.shows.type === "fusion" ? { ...viewport, shows: { ...viewport.shows, alignment } } : viewport;
