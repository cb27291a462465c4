/** What is written in the corners of a viewport: of the picture that is painted, never of another. */
/** @import {Case, Series, StampedViewport, Study} from "../../wire.js" */
import { ageAndSex, formatDate, formatNumber, formatPerson, formatTime, formatWindow, formatZoom } from "../format.js";
import { caseNumber, identityParts, namesakes, personName } from "../patient.js";
import { studyDate, studyLabel, studyRole } from "../study-label.js";
import { places, timeLabel } from "./series.js";
import { locationOf, placeOf, timeOf } from "./shows.js";

/** @typedef {{text: string, strong?: boolean, warn?: boolean}} Line */
/** @typedef {{topLeft: Line[], topRight: Line[], bottomLeft: Line[], bottomRight: Line[]}} Corners */
/**
 * @typedef {object} Shown
 * @property {Case} kase
 * @property {StampedViewport} viewport
 * @property {Series} series
 * @property {boolean} comparing the view has more than one viewport, be they shown or not
 * @property {readonly Case[]} [cases] of the consult: which of them this is
 * @property {Series | null} [next] what a swipe shows, where one viewport of several is shown alone
 */

/** Viewports narrower than this many CSS pixels say less. */
export const COMPACT_PX = 400;

/** @param {(Line | string | false | undefined | null)[]} lines @returns {Line[]} */
const only = (...lines) =>
  lines.map((line) => (typeof line === "string" ? { text: line } : line || { text: "" })).filter(({ text }) => text);

/** @param {Pick<Shown, "kase" | "series">} shown */
const studyOf = ({ kase, series }) => kase.studies.find((s) => s.key === series.study);

/** @param {Shown} shown @returns {Corners} */
export function corners(shown) {
  const study = studyOf(shown);
  const { kase, viewport, series } = shown;
  return {
    topLeft: only(
      { text: personName(kase.patient.name), strong: true },
      [kase.patient.id ? `ID ${kase.patient.id}` : "no ID", numberOf(shown)].filter(Boolean).join(" · "),
      formatPerson(kase, study),
      { text: alikeOf(shown), warn: true },
      study?.description,
    ),
    topRight: shown.comparing
      ? comparedHead(kase, study, series)
      : only(study?.institution, acquiredAt(study, series), priorOf(kase, study)),
    bottomLeft: only([windowOf(viewport), `Zoom\u00a0${formatZoom(viewport.scale)}`].filter(Boolean).join("\u2003")),
    bottomRight: only(
      `${seriesName(series)} · series ${series.number}`,
      place(viewport, series),
      imageNumber(viewport, series),
    ),
  };
}

/** For a phone: who, what and when; window and image. @param {Shown} shown @returns {Corners} */
export function compactCorners(shown) {
  const study = studyOf(shown);
  const { kase, viewport, series } = shown;
  const who = [personName(kase.patient.name), ageAndSex(kase, study)].filter(Boolean).join(" · ");
  const when = shown.comparing ? [] : [studyDate(study, kase.studies), priorOf(kase, study)];
  return {
    topLeft: only(
      { text: who, strong: true },
      [...identityParts(kase.patient), numberOf(shown)].filter(Boolean).join(" · "),
      { text: alikeOf(shown), warn: true },
      shown.comparing && { text: roleAndDate(kase, study), strong: true },
      shown.next && `Swipe for ${roleAndDate(kase, studyOf({ kase, series: shown.next }))}`,
      [seriesName(series), ...when].filter(Boolean).join(", "),
    ),
    topRight: only(windowOf(viewport), imageNumber(viewport, series)),
    bottomLeft: [],
    bottomRight: [],
  };
}

/** "case 2 of 5". @param {Shown} shown */
const numberOf = ({ kase, cases = [] }) =>
  caseNumber({ n: cases.findIndex((c) => c.id === kase.id) + 1, of: cases.length });

/** What is said where another case's patient has this name. @param {Shown} shown */
const alikeOf = ({ kase, cases = [] }) =>
  namesakes(
    kase.patient,
    cases.map((c) => c.patient),
  );

/** "PRIOR, 6 months before"; nothing of the newest. @param {Case} kase @param {Study | undefined} study */
const priorOf = (kase, study) => (studyRole(study, kase.studies) === "PRIOR" ? studyLabel(study, kase.studies) : "");

/** "PRIOR 19 May 2026, 6 months before". @param {Case} kase @param {Study | undefined} study */
function roleAndDate(kase, study) {
  const [role, before] = studyLabel(study, kase.studies).split(", ");
  return [[role, studyDate(study, kase.studies)].filter(Boolean).join(" "), before].filter(Boolean).join(", ");
}

/** @param {Case} kase @param {Study | undefined} study @param {Series} series @returns {Line[]} */
function comparedHead(kase, study, series) {
  const [role, before] = studyLabel(study, kase.studies).split(", ");
  const when = `${formatDate(study?.date || series.acquired)} ${formatTime(series.acquired || study?.time, true)}`;
  return only({ text: [role, when.trim()].filter(Boolean).join(" "), strong: true }, before, study?.institution);
}

/** @param {Study | undefined} study @param {Series} series */
const acquiredAt = (study, series) =>
  [formatDate(series.acquired || study?.date), formatTime(series.acquired || study?.time)].filter(Boolean).join(" ");

/** @param {Series} series */
export const seriesName = (series) => series.description || `${series.modality} ${series.number}`;

/** @param {StampedViewport} viewport */
const windowOf = (viewport) => (viewport.window ? formatWindow(viewport.window) : "");

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
