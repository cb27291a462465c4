/** What a value from outside is tried for: shapes, and shapes made of shapes. */

/** @typedef {(value: unknown) => boolean} Shape */

/** @type {Shape} */
export const text = (value) => typeof value === "string";
/** @type {Shape} */
export const number = (value) => typeof value === "number" && Number.isFinite(value);
/** @type {Shape} */
export const whole = (value) => Number.isSafeInteger(value);
/** @type {Shape} */
export const flag = (value) => typeof value === "boolean";
/** @param {Shape} shape @returns {Shape} */
export const list = (shape) => (value) => Array.isArray(value) && value.every(shape);
/** @param {number} n @param {Shape} shape @returns {Shape} */
export const exactly = (n, shape) => (value) => Array.isArray(value) && value.length === n && value.every(shape);
/** @param {...string} words @returns {Shape} */
export const oneOf =
  (...words) =>
  (value) =>
    typeof value === "string" && words.includes(value);
/** @param {Shape} shape @returns {Shape} */
export const orNull = (shape) => (value) => value === null || shape(value);
/** @param {Shape} shape @returns {Shape} */
export const maybe = (shape) => (value) => value === undefined || value === null || shape(value);
/** @param {Record<string, Shape>} shapes @returns {Shape} */
export const record = (shapes) => (value) =>
  typeof value === "object" &&
  value !== null &&
  Object.entries(shapes).every(([name, shape]) => shape(/** @type {Record<string, unknown>} */ (value)[name]));
/** @param {string} key @param {Record<string, Shape>} kinds @returns {Shape} */
export const tagged = (key, kinds) => (value) => {
  const tag =
    typeof value === "object" && value !== null ? /** @type {Record<string, unknown>} */ (value)[key] : undefined;
  const shape = typeof tag === "string" && Object.hasOwn(kinds, tag) ? kinds[tag] : undefined;
  return !!shape && shape(value);
};
