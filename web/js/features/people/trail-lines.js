/**
 * Trails of the laser as lines over the picture: the person's colour over black, each stroke where its place is seen.
 */
/** @import {Spot} from "../../wire.js" */
/** @import {Place} from "../../core/people/pointing.js" */
/** @import {Trails} from "../../core/people/trails.js" */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @typedef {object} How
 * @property {number} now
 * @property {boolean} still no fading
 * @property {(seat: string) => number} colour
 * @property {(spot: Spot) => Place[]} places
 */

/** @param {SVGSVGElement} svg @param {Trails} trails @param {How | null} how null: there is no picture */
export function drawTrails(svg, trails, how) {
  if (!how || trails.trails.size === 0) {
    if (svg.firstChild) svg.replaceChildren();
    return;
  }
  svg.replaceChildren(
    ...[...trails.trails].map(([seat, trail]) => {
      const group = document.createElementNS(SVG, "g");
      group.dataset.trail = seat;
      group.dataset.colour = String(how.colour(seat));
      group.setAttribute("opacity", String(trails.strength(trail, how.now, how.still)));
      const paths = trail.strokes.flatMap((stroke) => pathsOf(stroke, how));
      group.append(...paths.map((d) => line("under", d)), ...paths.map((d) => line("over", d)));
      return group;
    }),
  );
}

/** @param {string} name @param {string} d */
function line(name, d) {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("class", name);
  path.setAttribute("d", d);
  return path;
}

/** One path for each viewport in which a stroke is seen. @param {Spot[]} stroke @param {How} how @returns {string[]} */
function pathsOf(stroke, how) {
  /** @type {Map<string, string[]>} */
  const points = new Map();
  for (const spot of stroke) {
    for (const { viewport, at } of how.places(spot)) {
      const list = points.get(viewport) ?? [];
      list.push(`${at[0] / devicePixelRatio} ${at[1] / devicePixelRatio}`);
      points.set(viewport, list);
    }
  }
  return [...points.values()].map((list) => `M${list.join("L")}${list.length === 1 ? "h0.01" : ""}`);
}
