/** Which studies are shown, in which order. Pure. */
/** @import {Patient} from "../core/patient.js" */
import { formatDate } from "../core/format.js";
import { personName } from "../core/patient.js";

/**
 * @typedef {object} Study one line of GET /api/studies
 * @property {string} uid
 * @property {string} key
 * @property {Patient} patient
 * @property {string} description
 * @property {string} date ISO date, or empty
 * @property {string} time
 * @property {string[]} modalities
 * @property {number} series
 * @property {number} images
 * @property {string} [institution]
 * @property {string} [accession_number]
 */
/** @typedef {"patient" | "study" | "modality" | "acquired" | "series" | "images"} Column */
/** @typedef {{text: string, modality: string, days: number, column: Column, falling: boolean}} Wish */

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/** A whole date as people type it: 24 Nov 1962, 24.11.1962, 24/11/1962, 24-11-1962. */
const DAY_MONTH_YEAR = new RegExp(
  `(\\d{1,2})[\\s./-]+(\\d{1,2}|${MONTHS.join("|")})[a-z]*[\\s./-]+(\\d{4})(?!\\d)`,
  "g",
);
const DAY_MS = 86_400_000;

/** The modalities of a filter: radiographs have two. @type {Record<string, string[]>} */
export const MODALITIES = { CT: ["CT"], MR: ["MR"], PET: ["PT"], "X-ray": ["CR", "DX"], US: ["US"], MG: ["MG"] };

/** Whether every word is found in what a study says of itself. @param {Study} study @param {string} text */
export function matches(study, text) {
  const there = haystack(study);
  return withIsoDates(fold(text))
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => there.includes(word));
}

/**
 * The studies that are wished for, in the wished order.
 * @param {Study[]} studies
 * @param {Wish} wish
 * @param {number} now ms
 */
export function find(studies, wish, now) {
  const modalities = MODALITIES[wish.modality];
  const since = wish.days > 0 ? isoDay(now - (wish.days - 1) * DAY_MS) : "";
  const found = studies.filter(
    (study) =>
      (!modalities || study.modalities.some((m) => modalities.includes(m))) &&
      (!since || study.date >= since) &&
      matches(study, wish.text),
  );
  const sign = wish.falling ? -1 : 1;
  return found.sort(
    (a, b) =>
      sign * compare(VALUES[wish.column](a), VALUES[wish.column](b)) ||
      compare(moment(b), moment(a)) ||
      compare(a.uid, b.uid),
  );
}

/** A filter is offered for what is here. @param {Study[]} studies */
export const offered = (studies) =>
  Object.keys(MODALITIES).filter((name) =>
    studies.some((s) => s.modalities.some((m) => MODALITIES[name]?.includes(m))),
  );

/** @type {Record<Column, (study: Study) => string | number>} */
const VALUES = {
  patient: (s) => fold(s.patient.name),
  study: (s) => fold(s.description),
  modality: (s) => s.modalities.join(" "),
  acquired: (s) => moment(s),
  series: (s) => s.series,
  images: (s) => s.images,
};

/** @param {Study} study */
const moment = (study) => `${study.date}T${study.time}`;

/** @param {string | number} a @param {string | number} b */
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Lower case, without accents; a name's ^ parts its words. @param {string} text */
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("^", " ");

/** Dates that are typed whole become ISO dates: only that day is meant. @param {string} text in small letters */
const withIsoDates = (text) =>
  text.replace(DAY_MONTH_YEAR, (typed, day, month, year) => {
    const [d, m] = [Number(day), MONTHS.indexOf(month) + 1 || Number(month)];
    const iso = (/** @type {number} */ mm, /** @type {number} */ dd) => `${year}-${two(mm)}-${two(dd)}`;
    if (m <= 12) return iso(m, d);
    return d <= 12 ? iso(d, m) : typed; // the month first
  });

/** @param {number} n */
const two = (n) => String(n).padStart(2, "0");

/** A date in the forms that are typed. @param {string | undefined} iso */
const dates = (iso = "") => [iso, iso.replaceAll("-", ""), formatDate(iso)];

/** @param {Study} study */
function haystack(study) {
  const { name, id, birth_date, issuer } = study.patient;
  const parts = [
    name,
    name.replaceAll("^", ""),
    personName(name),
    id,
    issuer ?? "",
    study.description,
    ...dates(study.date),
    ...dates(birth_date),
    study.modalities.join(" "),
    study.modalities.includes("PT") ? "pet" : "",
    study.accession_number ?? "",
  ];
  return fold(parts.join(" | "));
}

/** @param {number} ms */
function isoDay(ms) {
  const at = new Date(ms);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
