/** How dates, ages, numbers and times are written. Dates are unambiguous: 24 Nov 2026. Minus is a minus sign. */
/** @import {Case, Study, Window} from "../wire.js" */
import { language, plural, t } from "./language.js";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** How other languages write a date: "24.11.2026". Made when it is first asked for, as the sign: Intl takes long. */
/** @type {Intl.DateTimeFormat | undefined} */
let days;
/** "," in German; thousands are parted by a space, so that neither is taken for the other. */
const decimalSign = () =>
  new Intl.NumberFormat(language).formatToParts(0.5).find((part) => part.type === "decimal")?.value ?? ".";
const DECIMAL = language === "en" ? "." : decimalSign();
const MINUS = "\u2212";
const NBSP = "\u00a0";

/**
 * "2026-11-24" or a longer ISO 8601 text to "24 Nov 2026"; "" where there is no date.
 * @param {string | undefined} iso
 */
export function formatDate(iso) {
  const found = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso ?? "");
  const month = found && MONTHS[Number(found[2]) - 1];
  return found && month ? dayText(Number(found[1]), Number(found[2]) - 1, Number(found[3])) : "";
}

/** @param {number} year @param {number} month from 0 @param {number} day */
function dayText(year, month, day) {
  if (language === "en") return `${day} ${MONTHS[month]} ${year}`;
  days ??= new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
  return days.format(new Date(Date.UTC(year, month, day)));
}

/**
 * "2026-11-24T09:12:40" to "09:12:40" (or "09:12"); "" where there is no time.
 * @param {string | undefined} iso
 * @param {boolean} [short]
 */
export function formatTime(iso, short = false) {
  const found = /(?:^|T)(\d{2}):(\d{2})(?::(\d{2}))?/.exec(iso ?? "");
  if (!found) return "";
  return short || found[3] === undefined ? `${found[1]}:${found[2]}` : `${found[1]}:${found[2]}:${found[3]}`;
}

/** DICOM's age string (PS3.5 6.2, AS) to "65 y"; "" where it is none, as 000Y is. @param {string | undefined} age */
export function formatAge(age) {
  const found = /^(\d{3})([DWMY])$/.exec(age ?? "");
  return found && Number(found[1]) > 0
    ? `${Number(found[1])}${NBSP}${{ D: t("d"), W: t("w"), M: t("m"), Y: t("y") }[found[2] ?? "Y"]}`
    : "";
}

/** A number with a minus sign. @param {number} value @param {number} digits */
export function formatNumber(value, digits = 0) {
  const text = Math.abs(value).toFixed(digits);
  return (value < 0 && Number(text) !== 0 ? MINUS : "") + text.replace(".", DECIMAL);
}

/** As many digits as a window needs. @param {number} width */
const windowDigits = (width) => (width >= 10 ? 0 : Math.min(6, Math.ceil(-Math.log10(width)) + 2));

/** "0:42", "12:05": minutes and seconds. @param {number} seconds */
export const minutesText = (seconds) =>
  `${Math.floor(Math.max(0, seconds) / 60)}:${String(Math.floor(Math.max(0, seconds)) % 60).padStart(2, "0")}`;

/** "W 1500 L −600". @param {Window} window */
export function formatWindow({ center, width }) {
  const digits = windowDigits(width);
  const level = formatNumber(center, digits === 0 && !Number.isInteger(center) ? 1 : digits);
  return `W${NBSP}${formatNumber(width, digits)} L${NBSP}${level}`;
}

/** "2.8×": device pixels per image pixel. @param {number} scale */
export const formatZoom = (scale) =>
  `${formatNumber(scale, scale < 0.1 ? 3 : scale < 1 ? 2 : scale >= 10 ? 0 : 1).replace(/[.,]0$/, "")}×`;

/** Percent of the image's own size, never rounded up to 100. @param {number} scale */
export const formatPercent = (scale) => `${Math.min(99, Math.max(1, Math.round(scale * 100)))}${NBSP}%`;

/** "born 14 Mar 1961 · 65 y F"; what is unknown is left out. @param {Case} kase @param {Study | undefined} study */
export function formatPerson(kase, study) {
  const born = formatDate(kase.patient.birth_date);
  return [born && t("born {date}", { date: born }), ageAndSex(kase, study)].filter(Boolean).join(" · ");
}

/** "65 y F". @param {Case} kase @param {Study | undefined} study */
export const ageAndSex = (kase, study) => [formatAge(study?.age), kase.patient.sex].filter(Boolean).join(" ");

/** Initials for an avatar: of the first and the last word, or two letters of one; titles count. @param {string} name */
export function initials(name) {
  const words = name
    .split(/[\s,.]+/)
    .map((word) => word.replace(/^[^\p{L}\p{N}]+/u, ""))
    .filter(Boolean);
  const first = words[0] ?? "?";
  const last =
    words.length > 1
      ? [...(words[words.length - 1] ?? "")][0]
      : [...first].slice(1).find((letter) => /[\p{L}\p{N}]/u.test(letter));
  return ([...first][0] ?? "?").toUpperCase() + (last ?? "").toUpperCase();
}

/** A moment (seconds since 1970) as the reader's clock shows it: "13:04". @param {number} seconds */
export function clockTime(seconds) {
  const at = new Date(seconds * 1000);
  return `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
}

/** An ISO moment in the reader's own time: "24 Nov 2026, 12:00". @param {string} iso */
export function formatMoment(iso) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  return `${dayText(at.getFullYear(), at.getMonth(), at.getDate())}, ${clockTime(at.getTime() / 1000)}`;
}

/** "1 204". @param {number} n */
export const count = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, NBSP);

/** "3 files", "1 file". @param {number} n @param {string} one @param {string} [many] */
export const counted = (n, one, many = `${one}s`) => plural(n, `{n} ${one}`, `{n} ${many}`, { n: count(n) });

/** Where the small picture of a series is. @param {string} base URL of the seat @param {string} series */
export const thumbnailUrl = (base, series) => `${base}thumbnails/${encodeURIComponent(series)}`;

/** How long something has lasted: "4 s", "12 min", "3 h". @param {number} ms */
export function ageText(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 120) return `${s} s`;
  return s < 7200 ? `${Math.floor(s / 60)} min` : `${Math.floor(s / 3600)} h`;
}
