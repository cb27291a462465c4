/**
 * Findings of one label on studies of different dates: what became of a length. Pure; the twin of
 * consult/sessions/features/findings/comparison.py, and tests/comparisons.json holds both.
 */
/** @import {Case, Comparison, Finding, Number as Measured, Snapshot} from "../../wire.js" */
import { counted, formatDate, formatNumber } from "../format.js";
import { t } from "../language.js";
import { marksOf, numbersOf } from "./marks-of.js";
import { amount, counts } from "./numbers.js";

/** Quantities that can be compared, the first that a finding has. @type {readonly Measured["quantity"][]} */
const COMPARED = ["length", "area", "mean", "value", "angle", "velocity", "depth", "time"];
/** Of a lymph node its short axis counts (RECIST 1.1 4.1.1), as in the table of lesions. */
const COMPARED_OF_NODE = [/** @type {const} */ ("short_axis"), ...COMPARED];
const DAY_MS = 86_400_000;
const DAYS_A_MONTH = 30.4375;
const DAYS_A_YEAR = 365.25;
/** From so many days on an interval is said in weeks, months, years. */
const [AS_WEEKS, AS_MONTHS, AS_YEARS] = [14, 60, 731];

/** @typedef {{finding: Finding, date: string}} Dated */

/** Of each label of a case its values at successive dates, two by two, the earliest first.
 * @param {Snapshot} doc @param {Case} kase @returns {Comparison[]} */
export function comparisonsOf(doc, kase) {
  const of = doc.findings.filter((finding) => finding.case === kase.id);
  return byLabel(doc, kase, of).flatMap((same) =>
    same.slice(1).flatMap((now, i) => compared(doc, /** @type {Dated} */ (same[i]), now) ?? []),
  );
}

/** "14 mm on 19 May 2026 → 22 mm, +57 %, in 6 months". @param {Comparison} row */
export function comparisonWords({ before, now, change_percent, days }) {
  const was = t("{amount} on {date}", { amount: amount(before.number), date: formatDate(before.date) });
  const change = change_percent === null ? "" : `, ${signed(change_percent)} %`;
  return t("{was} → {now}{change}, in {interval}", {
    was,
    now: amount(now.number),
    change,
    interval: intervalWords(days),
  });
}

/** "9 days", "3 weeks", "6 months", "2 years". @param {number} days */
export function intervalWords(days) {
  if (days < AS_WEEKS) return counted(days, "day");
  if (days < AS_MONTHS) return counted(Math.round(days / 7), "week");
  return days < AS_YEARS
    ? counted(Math.round(days / DAYS_A_MONTH), "month")
    : counted(Math.round(days / DAYS_A_YEAR), "year");
}

/** Labels that differ in case and spaces alone are one. @param {string} label */
const plainLabel = (label) => label.trim().replace(/\s+/g, " ").toLowerCase();

/** Findings with their dates, those of one label together, the earliest first. @param {Snapshot} doc @param {Case} kase
 * @param {readonly Finding[]} findings */
function byLabel(doc, kase, findings) {
  /** @type {Map<string, Dated[]>} */
  const same = new Map();
  for (const finding of findings) {
    const date = dateOf(doc, kase, finding);
    const label = plainLabel(finding.label);
    if (label && date) same.set(label, [...(same.get(label) ?? []), { finding, date }]);
  }
  return [...same.values()].map((found) => found.sort((a, b) => a.date.localeCompare(b.date)));
}

/** The date of the one study on which all of its marks lie; "" where they lie on several, or it is not known.
 * @param {Snapshot} doc @param {Case} kase @param {Finding} finding */
function dateOf(doc, kase, finding) {
  const studies = marksOf(doc, finding).map((mark) => kase.series.find((s) => s.key === mark.series)?.study);
  const dates = new Set(studies.map((key) => kase.studies.find((study) => study.key === key)?.date ?? ""));
  return dates.size === 1 ? ([...dates][0] ?? "") : "";
}

/** @param {Snapshot} doc @param {Dated} before @param {Dated} now @returns {Comparison | null} */
function compared(doc, before, now) {
  const [earlier, later] = [mainNumbers(doc, before.finding), mainNumbers(doc, now.finding)];
  const isNode = [before, now].some(({ finding }) => finding.lesion === "target_node");
  const quantity = (isNode ? COMPARED_OF_NODE : COMPARED).find((q) => earlier.has(q) && later.has(q));
  const [was, is] = [quantity && earlier.get(quantity), quantity && later.get(quantity)];
  if (!was || !is || was.unit !== is.unit || before.date >= now.date) return null;
  return {
    label: now.finding.label,
    before: { finding: before.finding.id, date: before.date, number: was },
    now: { finding: now.finding.id, date: now.date, number: is },
    change_percent: was.value === 0 ? null : (100 * (is.value - was.value)) / Math.abs(was.value),
    days: Math.round((Date.parse(now.date) - Date.parse(before.date)) / DAY_MS),
  };
}

/** Of each quantity the first number that may be said. @param {Snapshot} doc @param {Finding} finding */
function mainNumbers(doc, finding) {
  /** @type {Map<Measured["quantity"], Measured>} */
  const found = new Map();
  for (const mark of marksOf(doc, finding))
    for (const number of numbersOf(doc, mark)?.numbers ?? [])
      if (counts(number) && !found.has(number.quantity)) found.set(number.quantity, number);
  return found;
}

/** @param {number} percent */
const signed = (percent) => (Math.round(percent) > 0 ? "+" : "") + formatNumber(Math.round(percent));
