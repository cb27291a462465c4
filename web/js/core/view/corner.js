/** What is written in the corners of a viewport: of the picture that is painted, never of another. */
/** @import {Case, Mosaic, Plane, Series, StampedViewport, Study} from "../../wire.js" */
/** @import {PlaneName} from "../planes/parts.js" */
import { ageAndSex, formatDate, formatNumber, formatPerson, formatTime, formatWindow, formatZoom } from "../format.js";
import { ofServer, t } from "../language.js";
import { caseNumber, identityParts, idText, knownPatients, namesakes, patientName } from "../patient.js";
import { studyDate, studyLabel, studyRole } from "../study-label.js";
import { fusionWords, kindOf, overName, overOf } from "../planes/fusion.js";
import { planeOf } from "../planes/parts.js";
import { crosshairValues, uptakeWindow } from "../planes/uptake.js";
import { turnWords } from "../planes/whole/turning.js";
import { wholeName } from "../planes/whole/rendered.js";
import { PLANE_NAMES, planeName, planePosition, slabName } from "../planes/words.js";
import { stateLine, stateWords } from "../presentation-states/states.js";
import { alignedWords } from "../alignment/alignment.js";
import { calibrationOf } from "../marks/calibrations.js";
import { segmentationLine, segmentationWords } from "../segmentations/segmentations.js";
import { imageValue } from "./image-values.js";
import { imageAt, places, timeLabel } from "./series.js";
import { locationOf, placeOf, timeOf } from "./shows.js";
import { lifeScale } from "./true-size.js";
import { isMeasured } from "./windows.js";

/** @typedef {{text: string, strong?: boolean, warn?: boolean, plane?: PlaneName, colour?: string}} Line plane, colour:
 * of what it names */
/** @typedef {{topLeft: Line[], topRight: Line[], bottomLeft: Line[], bottomRight: Line[]}} Corners */
/**
 * @typedef {object} Shown
 * @property {Case} kase
 * @property {StampedViewport} viewport
 * @property {Series} series
 * @property {boolean} comparing the view has more than one viewport, be they shown or not
 * @property {readonly Case[]} [cases] of the consult: which of them this is
 * @property {Series | null} [next] what a swipe shows, where one viewport of several is shown alone
 * @property {boolean} [identity] of planes and of a mosaic: whether this one says who it is
 * @property {boolean} [crowded] there are many viewports: planes say little, however large they are
 * @property {boolean} [valued] of planes that say little: whether this one says what lies at the crosshair
 * @property {Mosaic | null} [mosaic] that it is a cell of
 * @property {number} [ratio] device pixels per CSS pixel
 * @property {number} [pixelsPerMm] of this screen, device pixels; 0: not measured
 */

/** Viewports narrower than this many CSS pixels say less. */
export const COMPACT_PX = 400;
/** Below this height a cell has room for three lines. */
const LOW_PX = 180;

/** @param {(Line | string | false | undefined | null)[]} lines @returns {Line[]} */
const only = (...lines) =>
  lines.map((line) => (typeof line === "string" ? { text: line } : line || { text: "" })).filter(({ text }) => text);

/** @param {Pick<Shown, "kase" | "series">} shown */
const studyOf = ({ kase, series }) => kase.studies.find((s) => s.key === series.study);

/** @param {Shown} shown @returns {Corners} */
export function corners(shown) {
  const study = studyOf(shown);
  const { kase, viewport, series } = shown;
  const plane = planeOf(viewport.shows);
  if (plane) return shown.crowded ? compactPlaneCorners(shown, plane) : planeCorners(shown, plane);
  if (isFurtherCell(shown)) return cellCorners(shown);
  return {
    topLeft: only(...identity(shown), study?.description),
    topRight: shown.comparing
      ? comparedHead(study, shown)
      : only(study?.institution, acquiredAt(study, shown), priorOf(kase, study)),
    bottomLeft: only(
      ...stateWords(kase, viewport, shown.pixelsPerMm),
      ...segmentationWords(kase, viewport),
      calibrationLine(shown),
      windowAndZoom(shown),
      fusionWords(kase, viewport.shows),
    ),
    bottomRight: only(
      seriesLine(series),
      overName(kase, viewport.shows),
      { text: alignedWords(viewport.shows), warn: true },
      projectionOf(series, imageAt(series, placeOf(viewport.shows), timeOf(viewport.shows))),
      place(viewport, series),
      [imageNumber(viewport, series), ...contrast(viewport, series)].join(" · "),
    ),
  };
}

/** Who has said how long something on it is. @param {Shown} shown */
function calibrationLine({ viewport, series }) {
  const byHand = calibrationOf(series, imageAt(series, placeOf(viewport.shows), timeOf(viewport.shows)));
  return byHand && t("Calibrated by {name}: {mm} mm", { name: byHand.name, mm: formatNumber(byHand.mm, 1) });
}

/** A cell of a mosaic beside the one that says who it is, which series and how: it says which image it is.
 * @param {Shown} shown */
const isFurtherCell = ({ mosaic, identity }) => !!mosaic && identity === false;

/** A cell of a mosaic in which who it is reaches to the letters. @param {Shown} shown */
const isLow = ({ mosaic, viewport, ratio = 1 }) => !!mosaic && viewport.rect_px[3] / ratio < LOW_PX;

/** @type {Corners} */
const NOTHING = { topLeft: [], topRight: [], bottomLeft: [], bottomRight: [] };

/** @param {Shown} shown @returns {Corners} */
const cellCorners = ({ kase, viewport, series, pixelsPerMm }) => ({
  ...NOTHING,
  bottomLeft: only(...stateWords(kase, viewport, pixelsPerMm).filter(({ warn }) => warn)),
  bottomRight: only(
    projectionOf(series, imageAt(series, placeOf(viewport.shows), timeOf(viewport.shows))),
    place(viewport, series),
    [imageNumber(viewport, series), ...contrast(viewport, series)].join(" · "),
  ),
});

/** For a phone: who, what and when; window and image. @param {Shown} shown @returns {Corners} */
export function compactCorners(shown) {
  const study = studyOf(shown);
  const { kase, viewport, series } = shown;
  const plane = planeOf(viewport.shows);
  if (plane) return compactPlaneCorners(shown, plane);
  if (isFurtherCell(shown)) return { ...NOTHING, topRight: only(imageNumber(viewport, series)) };
  const when = shown.comparing ? [] : [spaced(studyDate(study, kase.studies)), priorOf(kase, study)];
  return {
    topLeft: only(
      ...compactIdentity(shown),
      shown.comparing && { text: roleAndDate(kase, study), strong: true },
      shown.next && swipeWords(shown, shown.next),
      isLow(shown) ? "" : [seriesName(series), ...when].filter(Boolean).join(", "),
      segmentationLine(kase, viewport),
      { text: alignedWords(viewport.shows), warn: true },
      ...stateLine(kase, viewport),
    ),
    topRight: only(windowOf(viewport, series), imageNumber(viewport, series)),
    bottomLeft: [],
    bottomRight: [],
  };
}

/** What a swipe leads to: another study, or another image of a mosaic. @param {Shown} shown @param {Series} next */
const swipeWords = ({ kase, mosaic }, next) =>
  mosaic
    ? t("Swipe for the next image")
    : t("Swipe for {study}", { study: roleAndDate(kase, studyOf({ kase, series: next })) });

/** What a plane is called: "CT axial", "PET/CT axial". @param {Shown} shown @param {Plane} plane */
function planeTitle({ kase, series, viewport }, plane) {
  if (plane.whole) return `${kindOf(series)} ${wholeName(plane)}`;
  const all = [overOf(kase, viewport.shows), series].flatMap((of) => (of ? [kindOf(of)] : []));
  return `${all.join("/")} ${PLANE_NAMES[plane.name]}`;
}

/** What is said of the plane itself: its name, its slab, what was interpolated. @param {Shown} shown
 * @param {Plane} plane */
const planeLines = (shown, plane) => [
  { text: planeTitle(shown, plane), strong: true, ...(plane.whole ? {} : { plane: plane.name }) },
  slabName(plane),
];

/** @param {Series} series @returns {Line} */
const interpolatedLine = ({ interpolated = "" }) => ({ text: ofServer(interpolated), warn: true });

/** Of planes: which, where, how thick; who it is. @param {Shown} shown @param {Plane} plane @returns {Corners} */
function planeCorners(shown, plane) {
  const { kase, viewport, series } = shown;
  return {
    topLeft: only(...planeLines(shown, plane), ...identity(shown)),
    topRight: comparedHead(studyOf(shown), shown),
    bottomLeft: only(
      ...stateWords(kase, viewport),
      ...segmentationWords(kase, viewport),
      crosshairLine(shown),
      windowAndZoom(shown),
      fusionWords(kase, viewport.shows),
    ),
    bottomRight: only(
      seriesLine(series),
      overName(kase, viewport.shows),
      { text: alignedWords(viewport.shows), warn: true },
      interpolatedLine(series),
      positionOf(viewport.camera, plane),
    ),
  };
}

/** What the voxels at the crosshair say. @param {Shown} shown */
function crosshairLine({ kase, viewport }) {
  const values = crosshairValues(kase, viewport);
  return values && t("Crosshair: {values}", { values });
}

/** Where a plane lies; from where a whole volume is seen. @param {import("../../wire.js").Camera} camera
 * @param {Plane} plane */
const positionOf = (camera, plane) => (plane.whole ? turnWords(camera) : planePosition(camera));

/** Where there is little space, or many stand beside each other: who it is in one of them, or where one alone is shown.
 * @param {Shown} shown @param {Plane} plane @returns {Corners} */
function compactPlaneCorners(shown, plane) {
  const { kase, viewport, series } = shown;
  const who =
    shown.identity === false
      ? []
      : [...compactIdentity(shown), { text: roleAndDate(kase, studyOf(shown)), strong: true }];
  return {
    topLeft: only(...planeLines(shown, plane), ...who),
    topRight: [],
    bottomLeft: only(
      ...stateLine(kase, viewport),
      segmentationLine(kase, viewport),
      shown.valued !== false && crosshairLine(shown),
      fusionWords(kase, viewport.shows) || windowOf(viewport, series),
      plane.whole && positionOf(viewport.camera, plane), // too long to stand beside the badge
    ),
    bottomRight: only(
      { text: alignedWords(viewport.shows), warn: true },
      interpolatedLine(series),
      !plane.whole && positionOf(viewport.camera, plane),
    ),
  };
}

/** Who it is: name, ID and number of the case, age and sex, and whoever has the same name. @param {Shown} shown
 * @returns {(Line | string)[]} */
const identity = (shown) => [
  { text: patientName(shown.kase.patient), strong: true },
  [idText(shown.kase.patient), numberOf(shown)].filter(Boolean).join(" · "),
  formatPerson(shown.kase, studyOf(shown)),
  { text: alikeOf(shown), warn: true },
];

/** The same where there is little space. @param {Shown} shown @returns {(Line | string)[]} */
const compactIdentity = (shown) => [
  {
    text: [patientName(shown.kase.patient), ageAndSex(shown.kase, studyOf(shown))].filter(Boolean).join(" · "),
    strong: true,
  },
  [...identityParts(shown.kase.patient), numberOf(shown)].filter(Boolean).map(spaced).join(" · "),
  { text: alikeOf(shown), warn: true },
];

/** @param {Shown} shown */
const windowAndZoom = ({ viewport, series, pixelsPerMm = 0 }) =>
  [
    windowOf(viewport, series),
    spaced(t("Zoom {scale}", { scale: formatZoom(viewport.scale) })),
    lifeWords(lifeScale(viewport, series.grid.unit, pixelsPerMm)),
  ]
    .filter(Boolean)
    .join("\u2003");

/** As large as life counts what nobody can measure with a ruler. */
const AS_LARGE = 0.01;

/** How large it is on this screen, where that was measured. @param {number | null} scale */
function lifeWords(scale) {
  if (scale === null) return "";
  return Math.abs(scale - 1) < AS_LARGE ? t("true size") : spaced(t("{scale} life", { scale: formatZoom(scale) }));
}

/** "CT lung · series 3". @param {Series} series */
const seriesLine = (series) => `${seriesName(series)} · ${t("series {number}", { number: series.number })}`;

/** "case 2 of 5". @param {Shown} shown */
const numberOf = ({ kase, cases = [] }) =>
  caseNumber({ n: cases.findIndex((c) => c.id === kase.id) + 1, of: cases.length });

/** What is said where another case's patient has this name. @param {Shown} shown */
const alikeOf = ({ kase, cases = [] }) => namesakes(kase.patient, knownPatients(cases));

/** "PRIOR, 6 months before"; nothing of the newest. @param {Case} kase @param {Study | undefined} study */
const priorOf = (kase, study) => (studyRole(study, kase.studies) === "PRIOR" ? studyLabel(study, kase.studies) : "");

/** "PRIOR 19 May 2026, 6 months before". @param {Case} kase @param {Study | undefined} study */
function roleAndDate(kase, study) {
  const [role, before] = studyLabel(study, kase.studies).split(", ");
  return [[role, studyDate(study, kase.studies)].filter(Boolean).join(" "), before].filter(Boolean).join(", ");
}

/** @param {Study | undefined} study @param {Shown} shown @returns {Line[]} */
function comparedHead(study, shown) {
  const { kase, series } = shown;
  const [role, before] = studyLabel(study, kase.studies).split(", ");
  const when = `${formatDate(study?.date || series.acquired)} ${formatTime(timeOfImage(study, shown), true)}`;
  return only({ text: [role, when.trim()].filter(Boolean).join(" "), strong: true }, before, study?.institution);
}

/** @param {Study | undefined} study @param {Shown} shown */
const acquiredAt = (study, shown) =>
  [formatDate(shown.series.acquired || study?.date), formatTime(timeOfImage(study, shown))].filter(Boolean).join(" ");

/** When the image was acquired, else its series; a document was not, and its study's time is not its own.
 * @param {Study | undefined} study @param {Shown} shown */
const timeOfImage = (study, { series, viewport }) =>
  series.document ? "" : imageValue(series, viewport.shows, "acquired") || series.acquired || study?.time;

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
  if (series.modality === "PT") return uptakeWindow(series, window);
  const lut = (series.windows ?? []).find((w) => window.lut && w.window.lut === window.lut);
  return [formatWindow(window), isMeasured(series, window) && t("measured"), lut && `LUT ${lut.explanation}`.trim()]
    .filter(Boolean)
    .join(" ");
}

/** "Loc −893.0 mm (file 12.5) · 2.5 mm", the file's SliceLocation where that differs; nothing where the image has no
 * place in the patient.
 * @param {StampedViewport} viewport @param {Series} series */
function place({ shows }, series) {
  const inHeader = imageValue(series, shows, "slice_location_mm");
  const inFile = inHeader === null ? "" : spaced(` (${t("file {mm}", { mm: formatNumber(inHeader, 1) })})`);
  const thickness = imageValue(series, shows, "slice_thickness_mm") ?? series.slice_thickness_mm ?? 0;
  const parts = [
    series.grid.space === "patient" &&
      !series.unlisted &&
      `${spaced(t("Loc {mm} mm", { mm: formatNumber(locationOf(series, shows), 1) }))}${inFile}`,
    thickness > 0 && `${formatNumber(thickness, 1)}\u00a0mm`,
  ];
  return parts.filter(Boolean).join(" · ");
}

/** Of MR, what of its contrast the second axis does not say already: "b 1000", "TE 90 ms".
 * @param {StampedViewport} viewport @param {Series} series */
function contrast({ shows }, series) {
  if (series.modality !== "MR") return [];
  const [b, echo] = [imageValue(series, shows, "b_value"), imageValue(series, shows, "echo_time_ms")];
  const label = timeLabel(series, timeOf(shows));
  const words = [b !== null && `b ${short(b)}`, echo !== null && `TE ${short(echo)} ms`];
  return words.filter((word) => word && !label.split(", ").includes(word)).map((word) => spaced(String(word)));
}

/** At most two digits behind the point. @param {number} value */
const short = (value) => String(Math.round(value * 100) / 100);

/** @param {string} words */
const spaced = (words) => words.replaceAll(" ", "\u00a0");

/**
 * "I: 38 (3/40)": InstanceNumber, by which a report calls it, and where in the stack; "Image 3 / 40" where it has none.
 * With a second axis also which: "I: 38 (3/40) · b 1000".
 * @param {StampedViewport} viewport
 * @param {Series} series
 */
function imageNumber({ shows }, series) {
  const [number, count] = [imageValue(series, shows, "instance_number"), places(series)];
  const at = placeOf(shows) + 1;
  if (series.document) return spaced(t("Page {at} / {count}", { at, count }));
  const image =
    number === null
      ? spaced(t("Image {at} / {count}", { at, count }))
      : spaced(t("I: {number} ({at}/{count})", { number, at, count }));
  const label = spaced(timeLabel(series, timeOf(shows)));
  return label ? `${image} · ${label}` : image;
}

/**
 * What a screen reader says of the stage: "CT lung, image 39 of 90, window 1500 level −600, exact".
 * @param {StampedViewport} viewport @param {Series} series @param {string} fidelity
 */
export function spoken(viewport, series, fidelity) {
  const window =
    viewport.window &&
    t("window {width} level {center}", {
      width: formatNumber(viewport.window.width),
      center: formatNumber(viewport.window.center),
    });
  const plane = planeOf(viewport.shows);
  const of = { n: placeOf(viewport.shows) + 1, count: places(series) };
  const image = plane
    ? [plane.whole ? wholeName(plane) : planeName(plane.name), positionOf(viewport.camera, plane), slabName(plane)]
        .filter(Boolean)
        .join(", ")
    : series.document
      ? t("page {n} of {count}", of)
      : t("image {n} of {count}", of);
  return [seriesName(series), image, timeLabel(series, timeOf(viewport.shows)), window, fidelity]
    .filter(Boolean)
    .join(", ");
}
