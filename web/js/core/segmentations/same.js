/** Whether two pictures show the same segmentations in the same way. Pure. */
/** @import {ShownSegmentation} from "../../wire.js" */

/** How opaque regions are where nothing else is said (consult/model/view.py). */
export const OPACITY = 0.4;

/** @param {readonly ShownSegmentation[]} a @param {readonly ShownSegmentation[]} b */
export const sameSegmentations = (a, b) =>
  a.length === b.length && JSON.stringify(a.map(listed)) === JSON.stringify(b.map(listed));

/** @param {ShownSegmentation} shown */
const listed = ({ key, opacity = OPACITY, hidden = [], style = "fill" }) => [key, opacity, hidden, style];
