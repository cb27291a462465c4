/** The levels of the spine, in the order in which they are following. Pure. */

const count = (/** @type {string} */ letter, /** @type {number} */ to) =>
  Array.from({ length: to }, (_, i) => `${letter}${i + 1}`);
/** From the head on. */
const LEVELS = [...count("C", 7), ...count("T", 12), ...count("L", 5), "S1"];

/** @typedef {{next: string, by: 1 | -1}} Counting next: the level that is placed next; by: 1 towards the feet */

/** Where one begins to count. @type {Counting[]} */
export const STARTS = [
  { next: "C1", by: 1 },
  { next: "C2", by: 1 },
  { next: "T1", by: 1 },
  { next: "L1", by: 1 },
  { next: "L5", by: -1 },
  { next: "S1", by: -1 },
];

/** What comes next; null behind the last. @param {Counting} counting @returns {Counting | null} */
export function following({ next, by }) {
  const level = LEVELS[LEVELS.indexOf(next) + by];
  return level ? { next: level, by } : null;
}
