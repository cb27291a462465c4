/** The plot of a curve: the mean as a line, one standard deviation around it, and where the picture stands. */
/** @import {Curve, Plot} from "../../core/marks/curve.js" */
/** @import {Series} from "../../wire.js" */
import {
  AXES,
  acrossName,
  bandPath,
  meanPath,
  nearest,
  PLOT,
  plotOf,
  SIZE,
  stepName,
  stepValue,
  upName,
} from "../../core/marks/curve.js";
import { t } from "../../core/language.js";
import { html, nothing, svg } from "../../kit/html.js";

const { left: LEFT, right: RIGHT, top: TOP, bottom: BOTTOM } = PLOT;
/** Between a tick and its number. */
const GAP = 5;
/** Above this many steps dots would be a second line. */
const MOST_DOTS = 60;

/**
 * @param {Curve} curve @param {Series} series
 * @param {{now: number, colour: unknown, go: (index: number) => void}} how now: the index that is shown, -1: none;
 *   colour: of the mark's author; go: show a step
 */
export function curvePlot(curve, series, { now, colour, go }) {
  const plot = plotOf(curve, series);
  if (!plot) return nothing;
  const at = plot.dots.find(({ index }) => index === now);
  const names = { up: upName(series), across: acrossName(curve, series), n: curve.steps.length };
  return html`<svg
    class="curve-plot"
    viewBox=${`0 0 ${SIZE.width} ${SIZE.height}`}
    role="img"
    aria-label=${t("{up} over {across}, {n} steps", names)}
    data-colour=${colour}
    @click=${(/** @type {PointerEvent & {currentTarget: SVGSVGElement}} */ event) => go(stepUnder(plot, event))}
  ><path class="grid" d=${gridPath(plot)}></path><path class="axes" d=${AXES}></path><path
    class="band"
    d=${bandPath(plot)}
  ></path><path class="mean" d=${meanPath(plot)}></path>${dotsOf(plot)}${
    at
      ? svg`<path class="now" d=${`M${at.x} ${TOP}V${BOTTOM}`}></path><circle
      class="now" cx=${at.x} cy=${at.mean} r="3.5"></circle>`
      : nothing
  }${numbersOf(plot)}${namesOf(names)}</svg>`;
}

/** @param {Plot} plot @param {PointerEvent & {currentTarget: SVGSVGElement}} event */
function stepUnder(plot, { clientX, currentTarget }) {
  const box = currentTarget.getBoundingClientRect();
  return nearest(plot, ((clientX - box.x) / box.width) * SIZE.width).index;
}

/** @param {Plot} plot */
const dotsOf = ({ dots }) =>
  dots.length <= MOST_DOTS
    ? dots.map(({ x, mean }) => svg`<circle class="dot" cx=${x} cy=${mean} r="2"></circle>`)
    : nothing;

/** @param {Plot} plot */
const gridPath = ({ up }) => up.map(({ at }) => `M${LEFT} ${at}H${RIGHT}`).join("");

/** @param {Plot} plot */
const numbersOf = ({ across, up }) => [
  up.map(({ at, text }) => svg`<text class="tick" x=${LEFT - GAP} y=${at + 4} text-anchor="end">${text}</text>`),
  across.map(({ at, text }) => svg`<text class="tick" x=${at} y=${BOTTOM + 16} text-anchor="middle">${text}</text>`),
];

/** @param {{up: string, across: string}} names */
const namesOf = ({ up, across }) => [
  svg`<text class="name" x=${(LEFT + RIGHT) / 2} y=${SIZE.height - 6} text-anchor="middle">${across}</text>`,
  svg`<text
    class="name" transform=${`translate(11 ${(TOP + BOTTOM) / 2}) rotate(-90)`} text-anchor="middle"
  >${up}</text>`,
];

/** The same as a table. @param {Curve} curve @param {Series} series @param {number} now */
export const curveTable = (curve, series, now) =>
  html`<details class="curve-values"><summary>${t("Values")}</summary><table><thead><tr><th scope="col">${acrossName(
    curve,
    series,
  )}</th><th scope="col">${upName(series)}</th></tr></thead><tbody>${curve.steps.map(
    (step) =>
      html`<tr aria-current=${step.index === now ? "true" : nothing}><th scope="row">${stepName(
        curve,
        series,
        step,
      )}</th><td>${stepValue(step, series)}</td></tr>`,
  )}</tbody></table></details>`;
