/**
 * When a study was, what it is beside the others of its case (CURRENT, PRIOR and how long before), and what it holds
 * that is not shown. Pure. Its twin
 * for the role is consult/model/study_role.py; tests/study-labels.json holds both.
 */
/** @import {Case, Series, Unshown} from "../wire.js" */
import { counted, formatDate, formatTime } from "./format.js";
import { t } from "./language.js";

/** @typedef {{key?: string, date?: string, time?: string}} Dated a study */
/** @typedef {"CURRENT" | "PRIOR" | "SAME DAY" | ""} Role */

const DAY_MS = 86_400_000;
const ISO = /^(\d{4})-(\d{2})-(\d{2})/;

/**
 * CURRENT is the newest of several, SAME DAY another of its day; "" where there is one study, or no date.
 * @param {Dated | undefined} study @param {readonly Dated[]} studies of its case
 * @returns {Role}
 */
export function studyRole(study, studies) {
  const newest = newestOf(studies);
  if (!study?.date || !newest || studies.length < 2) return "";
  if (study.date < (newest.date ?? "")) return "PRIOR";
  return isNewest(study, newest) ? "CURRENT" : "SAME DAY";
}

/** Of the study of a series. @param {Case} kase @param {Series} series */
export const roleOf = (kase, series) =>
  studyRole(
    kase.studies.find((s) => s.key === series.study),
    kase.studies,
  );

const ROLES = { CURRENT: t("CURRENT"), PRIOR: t("PRIOR"), "SAME DAY": t("SAME DAY"), "": "" };

/** A role as the picture says it. @param {Role} role */
export const roleWord = (role) => ROLES[role];

/** How long between two ISO dates: "3 days", "5 months", "2 years"; "" where one is unknown.
 * @param {string | undefined} earlier @param {string | undefined} later */
export function interval(earlier, later) {
  const [a, b] = [earlier, later].map((iso) =>
    ISO.exec(iso ?? "")
      ?.slice(1)
      .map(Number),
  );
  if (!a || !b) return "";
  const [ay = 0, am = 0, ad = 0] = a;
  const [by = 0, bm = 0, bd = 0] = b;
  const months = (by - ay) * 12 + (bm - am) - (bd < ad ? 1 : 0);
  if (months >= 24) return counted(Math.floor(months / 12), "year");
  if (months >= 1) return counted(months, "month");
  return counted(Math.round((Date.UTC(by, bm - 1, bd) - Date.UTC(ay, am - 1, ad)) / DAY_MS), "day");
}

/**
 * "PRIOR, 6 months before", "CURRENT", "SAME DAY"; "" where there is nothing to say.
 * @param {Dated | undefined} study @param {readonly Dated[]} studies of its case
 */
export function studyLabel(study, studies) {
  const role = studyRole(study, studies);
  if (role !== "PRIOR") return roleWord(role);
  return `${roleWord(role)}, ${t("{interval} before", { interval: interval(study?.date, newestOf(studies)?.date) })}`;
}

/**
 * "19 May 2026"; with the time ("19 May 2026 10:31") where another study of the case is of that day.
 * @param {Dated | undefined} study @param {readonly Dated[]} studies of its case
 */
export function studyDate(study, studies) {
  const day = formatDate(study?.date);
  if (!day) return t("Date unknown");
  const alone = studies.filter((other) => other.date === study?.date).length < 2;
  return [day, alone ? "" : formatTime(study?.time, true)].filter(Boolean).join(" ");
}

/** "19 May 2026, PRIOR, 6 months before": both in one line.
 * @param {Dated | undefined} study @param {readonly Dated[]} studies of its case */
export const studyLine = (study, studies) =>
  [studyDate(study, studies), studyLabel(study, studies)].filter(Boolean).join(", ");

/** @param {readonly Dated[]} studies @returns {Dated | undefined} the first of the newest */
const newestOf = (studies) =>
  studies.reduce(
    (/** @type {Dated | undefined} */ best, s) => (best && moment(best) >= moment(s) ? best : s),
    undefined,
  );

/** @param {Dated} study @param {Dated} newest */
const isNewest = (study, newest) => (newest.key === undefined ? study === newest : study.key === newest.key);

/** @param {Dated} study */
const moment = ({ date = "", time = "" }) => `${date} ${time}`;

/** "Segmentation: Liver (3)"; where others of the study are called the same, by the number of its series.
 * @param {Unshown} what @param {readonly Unshown[]} all of the study */
export function unshownWords({ kind, name, count = 1, number = 0 }, all) {
  const called = name && name !== kind ? `${kind}: ${name}` : kind;
  const alike = all.filter((other) => other.kind === kind && other.name === name).length > 1;
  const series = alike && number ? t("Series {number}", { number }) : "";
  return [series, count > 1 ? `${called} (${count})` : called].filter(Boolean).join(" · ");
}
