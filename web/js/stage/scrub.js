/** Where on the scrubber a place of the stack lies, and which place lies where. Lengths in CSS pixels. */

/** Of the handle, whose middle is the place. */
export const HANDLE_PX = 28;

/** How far down the stack a place lies, 0 to 1. @param {number} place @param {number} count places */
export const partOf = (place, count) => (count > 1 ? place / (count - 1) : 0);

/** CSS `top` of the handle at a part. @param {number} part */
export const handleTop = (part) => `calc(${part * 100}% - ${part * HANDLE_PX}px)`;

/** CSS `top` of what points at the handle's middle there. @param {number} part */
export const tickTop = (part) => `calc(${part * 100}% + ${(0.5 - part) * HANDLE_PX}px)`;

/**
 * The place under a pointer; beyond the ends the first or last one.
 * @param {number} y of the pointer
 * @param {{top: number, height: number}} box of the scrubber
 * @param {number} count places
 */
export function placeAt(y, { top, height }, count) {
  const part = (y - top - HANDLE_PX / 2) / Math.max(1, height - HANDLE_PX);
  return Math.round(Math.min(Math.max(part, 0), 1) * (count - 1));
}
