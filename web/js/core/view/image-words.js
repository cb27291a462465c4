/** Where something lies, as a row of a list says it: study with date and role, series, image. */
/** @import {Case, Series} from "../../wire.js" */
import { t } from "../language.js";
import { studyLine } from "../study-label.js";
import { planeOf } from "../planes/parts.js";
import { wholeName } from "../planes/whole/rendered.js";
import { planeName, pointWords } from "../planes/words.js";
import { seriesName } from "./corner.js";
import { imageName, locate } from "./series.js";
import { placeOf, timeOf } from "./shows.js";

/** @typedef {{place: number, time: number}} At */

/** "19 May 2026, PRIOR, 6 months before". @param {Case} kase @param {Series} series */
export const studyWords = (kase, series) =>
  studyLine(
    kase.studies.find((s) => s.key === series.study),
    kase.studies,
  );

/** "CT lung, image 39 · series 3". @param {Series} series @param {At} at */
export const imageWords = (series, at) =>
  `${seriesName(series)}, ${imageName(series, at)} · ${t("series {number}", { number: series.number })}`;

/** The image that a viewport shows. @param {Series} series @param {import("../../wire.js").Viewport["shows"]} shows */
export function shownWords(series, shows) {
  const plane = planeOf(shows);
  if (!plane) return imageWords(series, { place: placeOf(shows), time: timeOf(shows) });
  const words = plane.whole ? `${seriesName(series)}, ${wholeName(plane)}` : planeWords(series, plane.name);
  return `${words} · ${t("series {number}", { number: series.number })}`;
}

/** "CT lung, axial plane". @param {Series} series @param {import("../planes/parts.js").PlaneName} name */
const planeWords = (series, name) => `${seriesName(series)}, ${planeName(name)}`;

/** A place in space: "CT lung, sagittal plane, R 101.1, A 164.7, F 893.0 mm · series 3".
 * @param {Series} series @param {Pick<import("../../wire.js").Shape, "plane" | "points">} shape */
export function wordsOfPlane(series, { plane, points }) {
  const name = plane ? planeWords(series, plane) : seriesName(series);
  return `${name}, ${pointWords(points[0] ?? [])} · ${t("series {number}", { number: series.number })}`;
}

/** The image of that index. @param {Series} series @param {number} image */
export const wordsOfImage = (series, image) => imageWords(series, locate(series, image));
