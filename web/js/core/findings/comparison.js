/**
 * Findings of one label on studies of different dates: what became of a number. The twin of
 * consult/sessions/features/findings/comparison.py (tests/findings.json holds examples for both).
 */
/** @import {Compared, Comparison, Finding, Mark, Number as Figure, Snapshot} from "../../wire.js" */
import { counted, formatDate } from "../format.js";
import { t } from "../language.js";
import { marksOf } from "./findings.js";
import { amount, counts, numbersOf } from "./numbers.js";

/** Quantities that can be compared, the first that a finding has. @type {readonly Figure["quantity"][]} */
const COMPARED = ["length", "area", "mean", "value", "angle"];
const DAY_MS = 86_400_000;
const DAYS_A_MONTH = 30.4375;
const DAYS_A_YEAR = 365.25;
/** From so many days on an interval is said in weeks, months, years. */
const [AS_WEEKS, AS_MONTHS, AS_YEARS] = [14, 60, 731];

/** @typedef {{finding: Finding, date: string}} Dated */

/** Of each label of a case its values at successive dates, two by two, the earliest first.
 * @param {Snapshot} doc @param {string} of id of the case @returns {Comparison[]} */
export function comparisons(doc, of) {
  /** @type {Map<string, Dated[]>} */
  const same = new Map();
  for (const finding of doc.findings.filter((f) => f.case === of && f.label)) {
    const date = dateOf(doc, finding);
    const label = plainLabel(finding.label);
    if (date) same.set(label, [...(same.get(label) ?? []), { finding, date }]);
  }
  return [...same.values()].flatMap((group) => rowsOf(doc, group));
}

/** @param {Snapshot} doc @param {Dated[]} group @returns {Comparison[]} */
function rowsOf(doc, group) {
  const dated = [...group].sort((a, b) => (a.date < b.date ? -1 : Number(a.date > b.date)));
  return dated.slice(1).flatMap((now, i) => {
    const before = dated[i];
    return (before && compare(doc, before, now)) ?? [];
  });
}

/** @param {Snapshot} doc @param {Dated} before @param {Dated} now @returns {Comparison | null} */
function compare(doc, before, now) {
  const [earlier, later] = [mainNumbers(doc, before.finding), mainNumbers(doc, now.finding)];
  const quantity = COMPARED.find((q) => earlier.has(q) && later.has(q));
  const was = quantity && earlier.get(quantity);
  const is = quantity && later.get(quantity);
  if (before.date >= now.date || !was || !is || was.unit !== is.unit) return null;
  return {
    label: now.finding.label,
    before: compared(before, was),
    now: compared(now, is),
    change_percent: was.value === 0 ? null : (100 * (is.value - was.value)) / Math.abs(was.value),
    days: Math.round((Date.parse(now.date) - Date.parse(before.date)) / DAY_MS),
  };
}

/** @param {Dated} dated @param {Figure} number @returns {Compared} */
const compared = ({ finding, date }, number) => ({ finding: finding.id, date, number });

/** Of each quantity the first number that may be said. @param {Snapshot} doc @param {Finding} finding */
function mainNumbers(doc, finding) {
  /** @type {Map<Figure["quantity"], Figure>} */
  const found = new Map();
  for (const number of marksOf(doc, finding).flatMap((mark) => numbersOf(doc, mark)?.numbers ?? []))
    if (counts(number) && !found.has(number.quantity)) found.set(number.quantity, number);
  return found;
}

/** The date of the one study that all marks of a finding lie on; "" where there is none. @param {Snapshot} doc
 * @param {Finding} finding */
export function dateOf(doc, finding) {
  const dates = new Set(marksOf(doc, finding).map((mark) => markDate(doc, mark)));
  const [date = ""] = dates;
  return dates.size === 1 ? date : "";
}

/** @param {Snapshot} doc @param {Mark} mark */
function markDate(doc, mark) {
  const of = doc.cases.find((c) => c.id === mark.case);
  const study = of?.series.find((s) => s.key === mark.series)?.study;
  return of?.studies.find((s) => s.key === study)?.date ?? "";
}

/** Labels that differ in case and spaces alone are one. @param {string} label */
export const plainLabel = (label) => label.replace(/\s+/g, " ").trim().toLowerCase().replaceAll("ß", "ss");

/** "14 mm on 19 May 2026 -> 22 mm, +57 %, in 6 months". @param {Comparison} row */
export function comparisonWords({ before, now, change_percent: change, days }) {
  const values = {
    before: amount(before.number),
    date: formatDate(before.date),
    now: amount(now.number),
    interval: intervalWords(days),
  };
  if (change === null) return t("{before} on {date} -> {now}, in {interval}", values);
  return t("{before} on {date} -> {now}, {change} %, in {interval}", { ...values, change: signed(change) });
}

/** "9 days", "3 weeks", "6 months", "2 years". @param {number} days */
export function intervalWords(days) {
  if (days < AS_WEEKS) return counted(days, "day");
  if (days < AS_MONTHS) return counted(Math.round(days / 7), "week");
  if (days < AS_YEARS) return counted(Math.round(days / DAYS_A_MONTH), "month");
  return counted(Math.round(days / DAYS_A_YEAR), "year");
}

/** @param {number} percent */
function signed(percent) {
  const whole = Math.round(percent);
  return whole > 0 ? `+${whole}` : whole < 0 ? `\u2212${-whole}` : "0";
}
