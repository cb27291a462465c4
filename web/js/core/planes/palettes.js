/** Greys of an image or a plane in colours. Pure. */
/** @import {View} from "../../wire.js" */
/** @import {Palette} from "./colours.js" */
/** @import {Scene} from "../view/view.js" */
import { change, opensInverted, viewportOf } from "../view/view.js";
import { windowed } from "./moves.js";
import { planeOf } from "./parts.js";
import { presetOf } from "./whole/rendered.js";

/** A palette begins with black: greys that were upside down are not, and come back as the series opens.
 * @param {View} view @param {string} id @param {Scene} scene @param {Palette | ""} palette "": greys @returns {View} */
export function inPalette(view, id, scene, palette) {
  const next = change(view, id, scene, (viewport, series) =>
    series.colour || viewport.shows.type === "fusion" || presetOf(viewport.shows)
      ? viewport
      : { ...viewport, palette, invert: palette === "" && opensInverted(series) },
  );
  const changed = viewportOf(next, id);
  return changed && next !== view && planeOf(changed.shows) ? windowed(next, changed) : next;
}
