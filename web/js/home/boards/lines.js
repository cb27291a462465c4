/** The lines of a board that is about to be opened: from a selection, from a list as CSV, from boards before. Pure. */
/** @import {Study} from "../search.js" */
/** @import {Patient} from "../../core/patient.js" */
import { counted } from "../../core/format.js";
import { ofServer, t } from "../../core/language.js";
import { identityParts, patientKey, personName } from "../../core/patient.js";

/**
 * @typedef {object} Row of a list, as it stands there
 * @property {number} number
 * @property {string} [name]
 * @property {string} [patient_id]
 * @property {string} [question]
 * @property {string} [history]
 * @property {string} [pathology]
 * @property {number} [minutes]
 */
/** @typedef {{row: Row, state: "found" | "nothing" | "doubtful", studies: string[], sentence: string}} Matched */
/** @typedef {{rows: Matched[], unknown: string[]}} BoardList */
/**
 * @typedef {{consult: string, title: string, case: string, patient: Patient | null, why: string, at: number,
 *   views: number, studies: string[]}} DeferredCase
 */
/**
 * @typedef {object} Line
 * @property {string} key
 * @property {string} who
 * @property {string} about under the name
 * @property {"found" | "nothing" | "doubtful" | "deferred"} state
 * @property {string[]} studies
 * @property {boolean} taken
 * @property {Row | null} row
 * @property {DeferredCase | null} deferred
 */
/**
 * @typedef {{studies: string[], question?: string, history?: string, pathology?: string, minutes?: number,
 *   deferred?: {consult: string, case: string}}} CaseWish
 */

/** A line for each patient of a selection, in the order of the list. @param {readonly Study[]} studies
 * @returns {Line[]} */
export function linesOfSelection(studies) {
  /** @type {Map<string, Study[]>} */
  const found = new Map();
  for (const study of studies) {
    const key = patientKey(study.patient);
    found.set(key, [...(found.get(key) ?? []), study]);
  }
  return [...found].map(([key, all]) => ({ ...emptyLine(`patient ${key}`), ...chosen(all), taken: true }));
}

/** A line for each row; only what was found without doubt is taken. @param {BoardList} list
 * @param {readonly Study[]} studies all that are here @returns {Line[]} */
export const linesOfList = ({ rows }, studies) =>
  rows.map(({ row, state, studies: uids, sentence }) => {
    const found = studies.filter((study) => uids.includes(study.uid));
    const who = row.name ? personName(row.name) : row.patient_id ? t("ID {id}", { id: row.patient_id }) : "";
    return {
      ...emptyLine(`row ${row.number}`),
      who: who || t("Row {n}", { n: row.number }),
      about: [ofServer(sentence), row.question].filter(Boolean).join(" · "),
      ...(state === "found" ? { ...chosen(found), about: aboutRow(found, row) } : {}),
      state,
      studies: uids,
      taken: state === "found",
      row,
    };
  });

/** A line for each case that a board has put off. @param {readonly DeferredCase[]} cases @returns {Line[]} */
export const linesOfDeferred = (cases) =>
  cases.map((one) => ({
    ...emptyLine(`deferred ${one.consult} ${one.case}`),
    who: one.patient ? personName(one.patient.name) : "",
    about: [t("Put off by “{title}”: {why}", { title: one.title, why: one.why }), viewsWords(one.views)]
      .filter(Boolean)
      .join(" · "),
    state: /** @type {const} */ ("deferred"),
    studies: one.studies,
    deferred: one,
  }));

/** The same line, once a person has said whose studies it means. @param {Line} line @param {readonly Study[]} studies
 * of one patient @returns {Line} */
export const withStudies = (line, studies) => ({
  ...line,
  ...chosen(studies),
  about: line.row ? aboutRow(studies, line.row) : chosen(studies).about,
  state: "found",
  taken: true,
});

/** What the server is asked for. @param {readonly Line[]} lines @returns {CaseWish[]} */
export const wishesOf = (lines) =>
  lines
    .filter((line) => line.taken && line.studies.length > 0)
    .map(({ studies, row, deferred }) => ({
      studies,
      ...(row
        ? {
            question: row.question ?? "",
            history: row.history ?? "",
            pathology: row.pathology ?? "",
            minutes: row.minutes ?? 0,
          }
        : {}),
      ...(deferred ? { deferred: { consult: deferred.consult, case: deferred.case } } : {}),
    }));

/** @param {string} key @returns {Line} */
const emptyLine = (key) => ({
  key,
  who: "",
  about: "",
  state: "found",
  studies: [],
  taken: false,
  row: null,
  deferred: null,
});

/** @param {readonly Study[]} studies of one patient */
function chosen(studies) {
  const [first] = studies;
  return {
    who: first ? personName(first.patient.name) : "",
    about: first ? [...identityParts(first.patient), counted(studies.length, "study", "studies")].join(" · ") : "",
    studies: studies.map((study) => study.uid),
  };
}

/** @param {readonly Study[]} studies @param {Row} row */
const aboutRow = (studies, row) => [chosen(studies).about, row.question].filter(Boolean).join(" · ");

/** @param {number} n */
const viewsWords = (n) => (n > 0 ? counted(n, "prepared view", "prepared views") : "");
