/** Which of the page's forms a window of that size has (ui: Layout). CSS pixels. */
/** @typedef {"wide" | "middle" | "tablet" | "phone" | "landscape"} Form */

export const WIDE_PX = 1360;
export const MIDDLE_PX = 1024;
export const TABLET_PX = 768;
export const LOW_PX = 540;
/** So many viewports take the place of the list of people beside them. */
export const MANY_VIEWPORTS = 6;

/** @param {number} width @param {number} height @param {number} [viewports] that are shown @returns {Form} */
export function formOf(width, height, viewports = 1) {
  if (height < LOW_PX) return "landscape";
  if (width < TABLET_PX) return "phone";
  if (width < MIDDLE_PX) return "tablet";
  return width < WIDE_PX || viewports >= MANY_VIEWPORTS ? "middle" : "wide";
}
