/**
 * A series as a volume: where its voxels lie. The twin of consult/model/planes/volume.py; whether it is one at all, the
 * catalogue says (`no_planes`). What was found is kept with each series object: a drag asks for it many times a second.
 */
/** @import {Series} from "../../wire.js" */
/** @import {Vec} from "../vec.js" */
import { add, cross, dot, norm, scale, subtract } from "../vec.js";
import { imageAt, places } from "../view/series.js";

/** How far an image may lie off its even place, in steps and in mm: files write few digits. */
const [EVEN_STEPS, EVEN_MM] = [0.02, 0.01];
/** Voxels that a point may lie outside of a volume by rounding. */
const INSIDE = 1e-3;

/** @typedef {[number, number]} Range */

/** Voxel (column, row, layer) lies at origin + column x across + row x along + layer x through, LPS mm. */
export class VolumeGeometry {
  /**
   * @param {{origin: Vec, across: Vec, along: Vec, through: Vec}} affine
   * @param {{layers: number, rows: number, columns: number}} counts
   * @param {number[]} steps where each layer lies, in steps of `through`; empty where layer i lies at i
   */
  constructor({ origin, across, along, through }, counts, steps) {
    this.origin = origin;
    /** Of a column, a row and a step. @type {[Vec, Vec, Vec]} */
    this.sides = [across, along, through];
    this.counts = counts;
    this.steps = steps;
    const volume = dot(cross(across, along), through);
    const gradient = (/** @type {Vec} */ a, /** @type {Vec} */ b) => scale(cross(a, b), 1 / volume);
    /** Gradients of column, row and step: their scalar product with a vector counts voxels. @type {[Vec, Vec, Vec]} */
    this.inverse = [gradient(along, through), gradient(through, across), gradient(across, along)];
  }

  /** (column, row, step) of a point. @param {Vec} point @returns {Vec} */
  voxel(point) {
    const offset = subtract(point, this.origin);
    const [column, row, step] = this.inverse;
    return [dot(offset, column), dot(offset, row), dot(offset, step)];
  }

  /** The point of (column, row, step). @param {Vec} voxel @returns {Vec} */
  point([column, row, step]) {
    const [across, along, through] = this.sides;
    return add(add(this.origin, scale(across, column)), add(scale(along, row), scale(through, step)));
  }

  /** Of column, row and step: half a voxel beyond the first and the last. @returns {[Range, Range, Range]} */
  get limits() {
    const { layers, rows, columns } = this.counts;
    const last = this.steps[this.steps.length - 1] ?? layers - 1;
    return [
      [-0.5, columns - 0.5],
      [-0.5, rows - 0.5],
      [-0.5, last + 0.5],
    ];
  }

  /** Whether a point lies in it. @param {Vec} point */
  holds(point) {
    const at = this.voxel(point);
    return this.limits.every(([low, high], i) => {
      const value = at[i] ?? 0;
      return low - INSIDE <= value && value <= high + INSIDE;
    });
  }

  /** The point, or where it would leave the volume, its edge. @param {Vec} point @returns {Vec} */
  clamped(point) {
    if (this.holds(point)) return point;
    const at = this.voxel(point);
    const [column = 0, row = 0, step = 0] = this.limits.map(([low, high], i) =>
      Math.min(Math.max(at[i] ?? 0, low), high),
    );
    return this.point([column, row, step]);
  }

  /** The point in its middle. @returns {Vec} */
  get middle() {
    const [column = 0, row = 0, step = 0] = this.limits.map(([low, high]) => (low + high) / 2);
    return this.point([column, row, step]);
  }

  /** How far apart layers of voxels lie along a direction: the longest step that passes over none.
   * @param {Vec} normal */
  layerMm(normal) {
    return 1 / Math.max(...this.inverse.map((gradient) => Math.abs(dot(normal, gradient))));
  }

  /** How long it is along a direction, mm. @param {Vec} side */
  extent(side) {
    const { layers, rows, columns } = this.counts;
    const [across, along, through] = this.sides.map((step) => Math.abs(dot(step, side)));
    return (through ?? 0) * layers + (along ?? 0) * rows + (across ?? 0) * columns;
  }

  /** The smallest side of a voxel, mm. */
  get finestMm() {
    return Math.min(...this.sides.map(norm));
  }
}

/** The places that have an image at that time. @param {Series} series @param {number} time */
const placesAt = (series, time) =>
  Array.from({ length: places(series) }, (_, place) => place).filter((place) => imageAt(series, place, time) >= 0);

/** @type {WeakMap<Series, Map<number, VolumeGeometry>>} */
const found = new WeakMap();

/** Whether there are planes of a series, as far as it is known here: its lists have come. @param {Series} series */
export const isVolume = (series) => !series.unlisted && !series.no_planes;

/** Where the voxels of a series lie, which must be a volume. @param {Series} series @param {number} [time] */
export function volumeGeometry(series, time = 0) {
  const known = found.get(series) ?? new Map();
  found.set(series, known);
  const geometry = known.get(time) ?? measure(series, placesAt(series, time));
  known.set(time, geometry);
  return geometry;
}

/** @param {Series} series @param {number[]} at places @returns {VolumeGeometry} */
function measure({ grid }, at) {
  const positions = /** @type {Vec[]} */ (at.map((place) => grid.positions[place]));
  /** @type {Vec} */
  const nowhere = [0, 0, 0];
  const [first, last] = [positions[0] ?? nowhere, positions[positions.length - 1] ?? nowhere];
  const through = scale(subtract(last, first), 1 / (positions.length - 1));
  const square = dot(through, through);
  const steps = positions.map((position) => dot(subtract(position, first), through) / square);
  const allowed = EVEN_STEPS + EVEN_MM / norm(through);
  const even = steps.every((step, layer) => Math.abs(step - layer) <= allowed);
  const [across, along] = [scale(grid.right, grid.column_spacing), scale(grid.down, grid.row_spacing)];
  const counts = { layers: positions.length, rows: grid.rows, columns: grid.columns };
  return new VolumeGeometry({ origin: first, across, along, through }, counts, even ? [] : steps);
}
