/** The colours of planes: on dark, and on white. */
/** @import {PlaneName} from "./parts.js" */

/** @type {Record<PlaneName, [string, string]>} */
export const PLANE_COLOURS = {
  axial: ["#ff6b6b", "#d23b3b"],
  sagittal: ["#f5d547", "#a88600"],
  coronal: ["#54d17a", "#1b8f4a"],
};
