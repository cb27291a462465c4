/** What of a series can be shown: runs of images, both ends inclusive. */
/** @import {Loading} from "../wire.js" */

/** @param {Loading} loading */
export const readyCount = (loading) => loading.ready.reduce((n, [first, last]) => n + last - first + 1, 0);

/** Runs as parts of the scrubber's length, 0 to 1. @param {Loading} loading @returns {{from: number, to: number}[]} */
export const readyParts = (loading) =>
  loading.ready.map(([first, last]) => ({ from: first / loading.images, to: (last + 1) / loading.images }));

/** Why an image cannot be shown, or "". @param {Loading | null | undefined} loading @param {number} image */
export const failure = (loading, image) =>
  loading?.failed?.includes(image) ? loading.sentence || "This image cannot be shown." : "";
