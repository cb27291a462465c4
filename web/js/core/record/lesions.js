/**
 * The table of lesions after RECIST 1.1: what of target lesions was measured when, and their sums. Pure; the twin of
 * consult/sessions/features/findings/lesions.py, which has the rules, and tests/lesions.json holds both.
 */
/** @import {Finding, Number as Measured, Series, Study} from "../../wire.js" */
/** @import {ReadFinding} from "./note/content.js" */
import { counts } from "./numbers.js";
import { seriesKey } from "../view/shows.js";

const TOO_SMALL_MM = 5;
const MOST_TARGETS = 5;
/** Of a target lesion at baseline. @type {Record<string, number>} */
const LEAST_MM = { target: 10, target_node: 15 };
const MEASURED_KINDS = ["length", "bidirectional"];
const TARGETS = ["target", "target_node"];

/** @typedef {NonNullable<Finding["lesion"]>} Kind */
/** @typedef {NonNullable<Finding["lesion_state"]>} State */
/**
 * @typedef {{finding: string, title: string, label: string, kind: Kind, date: string, state: State,
 *   number: Pick<Measured, "value" | "unit"> | null}} Entry a finding that is a lesion, on a date
 */
/** @typedef {{finding: string, value: number | null, unit: string, state: State}} Cell */
/** @typedef {{label: string, kind: Kind, cells: (Cell | null)[]}} Row */
/** @typedef {{mm: number, percent: number | null}} Change */
/**
 * @typedef {{value: number | null, unit: string, missing: string[], nadir: number | null,
 *   from_baseline: Change | null, from_nadir: Change | null}} Sum
 */
/** @typedef {"too_many" | "too_small" | "unlabelled" | "kinds" | "units" | "undated" | "twice"} Rule */
/** @typedef {{rule: Rule, label: string, number: number}} Doubt */
/** @typedef {{dates: string[], rows: Row[], sums: Sum[], doubts: Doubt[]}} LesionTable */

/** Labels that differ in case and spaces alone are one. @param {string} label */
const plain = (label) => label.trim().replace(/\s+/g, " ").toLowerCase();

/** Of all findings of a case that are lesions.
 * @param {readonly ReadFinding[]} findings @param {readonly Study[]} studies @param {readonly Series[]} series */
export const lesionsOf = (findings, studies, series) =>
  lesionTable(
    findings.filter(({ finding }) => finding.lesion).map((read) => entryOf(read, dateOf(read, studies, series))),
  );

/** The date of the one study on which all its marks lie, or without marks its key views; "" where that is not one.
 * @param {ReadFinding} read @param {readonly Study[]} studies @param {readonly Series[]} series */
function dateOf({ finding, marks }, studies, series) {
  const shown = finding.views.map(({ view }) => view.viewports.find((v) => v.id === view.active));
  const keys = marks.length > 0 ? marks.map((mark) => mark.series) : shown.map((v) => (v ? seriesKey(v.shows) : ""));
  const found = keys.map((key) => series.find((s) => s.key === key)?.study);
  const dates = new Set(found.map((key) => studies.find((study) => study.key === key)?.date ?? ""));
  return dates.size === 1 ? ([...dates][0] ?? "") : "";
}

/** What a finding says of its lesion on a date. @param {ReadFinding} read @param {string} date @returns {Entry} */
export function entryOf({ finding, marks, numbers }, date) {
  const kinds = new Map(marks.map((mark) => [mark.id, mark.kind]));
  const known = numbers.filter(({ mark }) => MEASURED_KINDS.includes(kinds.get(mark) ?? ""));
  const counting = known.flatMap((one) => one.numbers.filter(counts));
  const wanted = finding.lesion === "target_node" ? ["short_axis", "length"] : ["length"];
  const number = wanted.flatMap((quantity) => counting.filter((n) => n.quantity === quantity))[0] ?? null;
  const { id, title, label, lesion: kind = "", lesion_state: state = "" } = finding;
  return { finding: id, title, label, kind, date, state, number };
}

/** @param {readonly Entry[]} entries @returns {LesionTable} */
export function lesionTable(entries) {
  const lesions = entries.filter((entry) => entry.kind);
  const dated = lesions.filter((entry) => entry.date);
  const dates = [...new Set(dated.map((entry) => entry.date))].sort();
  /** @type {Map<string, Entry[]>} */
  const same = new Map();
  for (const entry of dated) {
    const key = plain(entry.label) || `\n${entry.finding}`;
    same.set(key, [...(same.get(key) ?? []), entry]);
  }
  const rows = [...same.values()].map((found) => rowOf(found, dates)).sort((a, b) => place(a) - place(b));
  const targets = rows.filter((row) => TARGETS.includes(row.kind));
  const sums = targets.length > 0 ? sumsOf(targets, dates) : [];
  return { dates, rows, sums, doubts: [...doubtsOf(lesions, same, targets), ...small(targets, dates)] };
}

/** @param {Row} row */
const place = ({ kind }) => (TARGETS.includes(kind) ? 0 : kind === "non_target" ? 1 : 2);

/** @param {readonly Entry[]} found @param {readonly string[]} dates @returns {Row} */
function rowOf(found, dates) {
  const [first] = found;
  const cells = dates.map((date) => {
    const entry = found.find((one) => one.date === date);
    return entry ? cellOf(entry) : null;
  });
  return { label: first?.label || first?.title || "", kind: first?.kind ?? "", cells };
}

/** @param {Entry} entry @returns {Cell} */
function cellOf({ finding, state, number }) {
  if (state) return { finding, value: state === "absent" ? 0 : TOO_SMALL_MM, unit: "mm", state };
  return { finding, value: number?.value ?? null, unit: number?.unit ?? "", state: "" };
}

/** @param {readonly Row[]} targets @param {readonly string[]} dates @returns {Sum[]} */
function sumsOf(targets, dates) {
  const all = dates.map((_, i) => sumOf(targets.map((row) => ({ label: row.label, cell: row.cells[i] ?? null }))));
  const baseline = all[0]?.value ?? null;
  return all.map((one, i) => {
    const before = all.slice(0, i).flatMap(({ value }) => value ?? []);
    if (one.value === null || i === 0) return one;
    const nadir = before.length > 0 ? Math.min(...before) : null;
    return { ...one, nadir, from_baseline: change(one.value, baseline), from_nadir: change(one.value, nadir) };
  });
}

/** @param {readonly {label: string, cell: Cell | null}[]} cells @returns {Sum} */
function sumOf(cells) {
  const missing = cells.filter(({ cell }) => (cell?.value ?? null) === null).map(({ label }) => label);
  const units = new Set(cells.flatMap(({ cell }) => (cell && !cell.state && cell.unit ? [cell.unit] : [])));
  const none = { missing, nadir: null, from_baseline: null, from_nadir: null };
  if (missing.length > 0 || units.size > 1) return { value: null, unit: "", ...none };
  return { value: cells.reduce((sum, { cell }) => sum + (cell?.value ?? 0), 0), unit: [...units][0] ?? "mm", ...none };
}

/** @param {number} value @param {number | null} other @returns {Change | null} */
const change = (value, other) =>
  other === null ? null : { mm: value - other, percent: other === 0 ? null : (100 * (value - other)) / other };

/** @param {readonly Entry[]} lesions @param {ReadonlyMap<string, Entry[]>} same @param {readonly Row[]} targets
 * @returns {Doubt[]} */
function doubtsOf(lesions, same, targets) {
  const doubt = (/** @type {Rule} */ rule, label = "", number = 0) => ({ rule, label, number });
  const found = lesions.filter((one) => !one.date).map((one) => doubt("undated", one.label || one.title));
  for (const one of lesions) if (one.date && !plain(one.label)) found.push(doubt("unlabelled", one.title));
  for (const entries of same.values()) {
    const label = entries[0]?.label || entries[0]?.title || "";
    if (new Set(entries.map((entry) => entry.kind)).size > 1) found.push(doubt("kinds", label));
    if (new Set(entries.map((entry) => entry.date)).size < entries.length) found.push(doubt("twice", label));
  }
  if (targets.length > MOST_TARGETS) found.push(doubt("too_many", "", targets.length));
  const cells = targets.flatMap((row) => row.cells);
  const units = new Set(cells.flatMap((cell) => (cell && !cell.state && cell.unit ? [cell.unit] : [])));
  return units.size > 1 ? [...found, doubt("units")] : found;
}

/** Target lesions that are smaller at baseline than RECIST 1.1 asks for.
 * @param {readonly Row[]} targets @param {readonly string[]} dates @returns {Doubt[]} */
const small = (targets, dates) =>
  targets.flatMap((row) => {
    const value = dates.length > 0 ? (row.cells[0]?.value ?? null) : null;
    const least = LEAST_MM[row.kind] ?? 0;
    return value !== null && value < least ? [{ rule: "too_small", label: row.label, number: least }] : [];
  });
