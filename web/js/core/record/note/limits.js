/**
 * What a reader of a note must know of what there was to see. The server puts it into each signed version by itself;
 * its twin is `limits` in consult/sessions/features/note/signing.py, and tests/limits.json holds both. Pure.
 */
/** @import {Case, Loading, Series, Study} from "../../../wire.js" */
import { ofServer, t } from "../../language.js";
import { deletedCount, readyCount } from "../../loading.js";
import { studyRole } from "../../study-label.js";
import { seriesName } from "../../view/corner.js";

/** As the server writes it. @param {Pick<Case, "studies" | "series">} kase @returns {string[]} */
export function limitsOf({ studies, series }) {
  const lossy = new Set(series.filter((s) => s.source_lossy).map((s) => s.description || "series"));
  return [
    ...(studies.some((study) => studyRole(study, studies) === "PRIOR") ? [] : ["No prior study."]),
    ...(lossy.size > 0 ? [`Lossy source: ${[...lossy].join(", ")}.`] : []),
    ...series.map((s) => incomplete(s, studies)).filter(Boolean),
    ...series.filter((s) => s.note).map((s) => `${s.description || "Series"}: ${s.note}.`),
    ...studies.filter((s) => s.deleted).map((s) => `Images deleted since: ${s.description || "study"}.`),
  ];
}

/** Of a series that has fewer images than it should; "" of any other, and of what a deleted study had.
 * @param {Series} series @param {readonly Study[]} studies */
function incomplete(series, studies) {
  const gone = studies.some((study) => study.key === series.study && study.deleted) ? 0 : deletedCount(series);
  const here = series.images - gone;
  const expected = Math.max(series.expected ?? 0, series.images);
  if (here >= expected) return "";
  const name = series.description ? ` (${series.description})` : "";
  return `Incomplete: ${here} of ${expected} images of series ${series.number}${name}.`;
}

/** In the language of who reads it: "CT cor 3.0: not for reading, spacing uneven." The twin of `Words.limit` in
 * consult/documents/words.py. @param {string} sentence */
export function limitWords(sentence) {
  const whole = ofServer(sentence);
  const noted = /^(.+?: )(.+)\.$/s.exec(sentence);
  return whole !== sentence || !noted ? whole : `${noted[1]}${notesOf(noted[2] ?? "")}.`;
}

/** One note of a series, or several, parted by commas. @param {string} joined */
function notesOf(joined) {
  const whole = ofServer(joined);
  return whole === joined ? joined.split(", ").map(ofServer).join(", ") : whole;
}

/** What is offered for the field besides: series of which not all images are here now.
 * @param {Case} kase @param {ReadonlyMap<string, Loading>} loadings @param {string} text of the field */
export const offeredLimits = (kase, loadings, text) =>
  kase.series
    .flatMap((series) => {
      const loading = loadings.get(series.key);
      if (!loading || readyCount(loading) >= loading.images) return [];
      const values = { series: seriesName(series), ready: readyCount(loading), all: loading.images };
      return [t("Only {ready} of {all} images of {series} were loaded.", values)];
    })
    .filter((sentence) => !text.includes(sentence));
