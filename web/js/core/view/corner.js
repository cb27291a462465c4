/** What is written in the corners of a viewport: of the picture that is painted, never of another. */
/** @import {Case, Series, StampedViewport, Study} from "../../wire.js" */
import { ageAndSex, formatDate, formatNumber, formatPerson, formatTime, formatWindow, formatZoom } from "../format.js";

import { imageAt, imageName, places, timeLabel } from "./series.js";
import { locationOf, placeOf, timeOf } from "./shows.js";
import { isMeasured } from "./windows.js";

/** @typedef {{text: string, strong?: boolean}} Line */
/** @typedef {{topLeft: Line[], topRight: Line[], bottomLeft: Line[], bottomRight: Line[]}} Corners */
/**
 * @typedef {object} Shown
 * @property {Case} kase
 * @property {StampedViewport} viewport
 * @property {Series} series
 * @property {boolean} comparing more than one viewport is shown
 */

/** Viewports narrower than this many CSS pixels say less. */
export const COMPACT_PX = 400;

/** @param {(Line | string | false | undefined | null)[]} lines @returns {Line[]} */
const only = (...lines) =>
  lines.map((line) => (typeof line === "string" ? { text: line } : line || { text: "" })).filter(({ text }) => text);

/** @param {Shown} shown */
const studyOf = ({ kase, series }) => kase.studies.find((s) => s.key === series.study);

/** @param {Shown} shown @returns {Corners} */
export function corners(shown) {
  const study = studyOf(shown);
  const { kase, viewport, series } = shown;
  return {
    topLeft: only(
      { text: kase.patient.name || "Name unknown", strong: true },
      kase.patient.id && `ID ${kase.patient.id}`,
      formatPerson(kase, study),
      study?.description,
    ),
    topRight: shown.comparing ? comparedHead(study, series) : only(study?.institution, acquiredAt(study, series)),
    bottomLeft: only(
      [windowOf(viewport, series), `Zoom\u00a0${formatZoom(viewport.scale)}`].filter(Boolean).join("\u2003"),
    ),
    bottomRight: only(
      `${seriesName(series)} · series ${series.number}`,
      projectionOf(series, imageAt(series, placeOf(viewport.shows), timeOf(viewport.shows))),
      place(viewport, series),
      imageNumber(viewport, series),
    ),
  };
}

/** For a phone: who, what and when; window and image. @param {Shown} shown @returns {Corners} */
export function compactCorners(shown) {
  const study = studyOf(shown);
  const { kase, viewport, series } = shown;
  const who = [kase.patient.name || "Name unknown", ageAndSex(kase, study)].filter(Boolean).join(" · ");
  return {
    topLeft: only(
      { text: who, strong: true },
      [seriesName(series), formatDate(study?.date)].filter(Boolean).join(", "),
    ),
    topRight: only(windowOf(viewport, series), imageNumber(viewport, series)),
    bottomLeft: [],
    bottomRight: [],
  };
}

/** @param {Study | undefined} study @param {Series} series @returns {Line[]} */
function comparedHead(study, series) {
  const when =
    `${formatDate(study?.date || series.acquired)} ${formatTime(series.acquired || study?.time, true)}`.trim();
  return only({ text: study?.prior ? `PRIOR ${when}` : when, strong: true }, study?.institution);
}

/** @param {Study | undefined} study @param {Series} series */
const acquiredAt = (study, series) =>
  [formatDate(series.acquired || study?.date), formatTime(series.acquired || study?.time)].filter(Boolean).join(" ");

/** What a series is called; a projection with side and view: "Mammography, R MLO". @param {Series} series */
export function seriesName(series) {
  const name = series.description || `${series.modality} ${series.number}`;
  const [view = "", ...more] = series.projections ?? [];
  return view && more.length === 0 && !says(name, view) ? `${name}, ${view}` : name;
}

/** @param {string} name @param {string} view */
const says = (name, view) =>
  view.split(" ").every((word) => ` ${name} `.toLowerCase().includes(` ${word.toLowerCase()} `));

/** Side and view of one image, where those of a series differ. @param {Series} series @param {number} image */
const projectionOf = ({ projections = [] }, image) => (projections.length > 1 ? (projections[image] ?? "") : "");

/** "W 400 L 40"; whether it was measured, and by which VOI LUT of the file it is bent.
 * @param {StampedViewport} viewport @param {Series} series */
function windowOf({ window }, series) {
  if (!window) return "";
  const lut = (series.windows ?? []).find((w) => window.lut && w.window.lut === window.lut);
  return [formatWindow(window), isMeasured(series, window) && "measured", lut && `LUT ${lut.explanation}`.trim()]
    .filter(Boolean)
    .join(" ");
}

/** "Loc −893.0 mm · 2.5 mm"; nothing where the image has no place in the patient.
 * @param {StampedViewport} viewport @param {Series} series */
function place(viewport, series) {
  const parts = [
    series.grid.space === "patient" && `Loc\u00a0${formatNumber(locationOf(series, viewport.shows), 1)}\u00a0mm`,
    (series.slice_thickness_mm ?? 0) > 0 && `${formatNumber(series.slice_thickness_mm ?? 0, 1)}\u00a0mm`,
  ];
  return parts.filter(Boolean).join(" · ");
}

/**
 * "Image 3 / 40"; with a second axis also which: "Image 3 / 40 · b 1000".
 * @param {StampedViewport} viewport
 * @param {Series} series
 */
function imageNumber({ shows }, series) {
  const image = `Image\u00a0${placeOf(shows) + 1}\u00a0/\u00a0${places(series)}`;
  const label = timeLabel(series, timeOf(shows)).replaceAll(" ", "\u00a0");
  return label ? `${image} · ${label}` : image;
}

/** What is shown, in words: "CT lung, image 39". @param {Series} series @param {StampedViewport["shows"]} shows */
export const shownName = (series, shows) =>
  `${seriesName(series)}, ${imageName(series, { place: placeOf(shows), time: timeOf(shows) })}`;

/**
 * What a screen reader says of the stage: "CT lung, image 39 of 90, window 1500 level −600, exact".
 * @param {StampedViewport} viewport @param {Series} series @param {string} fidelity
 */
export function spoken(viewport, series, fidelity) {
  const window =
    viewport.window && `window ${formatNumber(viewport.window.width)} level ${formatNumber(viewport.window.center)}`;
  const image = `image ${placeOf(viewport.shows) + 1} of ${places(series)}`;
  return [seriesName(series), image, timeLabel(series, timeOf(viewport.shows)), window, fidelity]
    .filter(Boolean)
    .join(", ");
}
