/** Vectors of three numbers, as consult/model/geometry.py has them. */
/** @typedef {[number, number, number]} Vec */

/** Scalar product. @param {Vec} a @param {Vec} b */
export const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** Vector product. @param {Vec} a @param {Vec} b @returns {Vec} */
export const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];

/** a + b. @param {Vec} a @param {Vec} b @returns {Vec} */
export const add = (a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];

/** a - b. @param {Vec} a @param {Vec} b @returns {Vec} */
export const subtract = (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

/** a * factor. @param {Vec} a @param {number} factor @returns {Vec} */
export const scale = (a, factor) => [a[0] * factor, a[1] * factor, a[2] * factor];

/** The opposite; no negative zeros. @param {Vec} a @returns {Vec} */
export const negate = (a) => [0 - a[0], 0 - a[1], 0 - a[2]];

/** Euclidean length. @param {Vec} a */
export const norm = (a) => Math.hypot(a[0], a[1], a[2]);

/** A vector of length 1 in the same direction. @param {Vec} a */
export const unit = (a) => scale(a, 1 / norm(a));
