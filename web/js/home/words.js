/** Numbers, times and reasons in words. Pure. */
import { count, counted, formatNumber } from "../core/format.js";
import { plural, t } from "../core/language.js";

const UNITS = ["B", "kB", "MB", "GB"];

/**
 * The first lines; the others are counted.
 * @param {string[]} lines @param {number} most @param {(n: number) => string} more counts the others
 */
export const firstOf = (lines, most, more) =>
  lines.length > most ? [...lines.slice(0, most), more(lines.length - most)] : lines;

/** "318 MB". @param {number} bytes */
export function size(bytes) {
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < UNITS.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${value < 10 && unit > 0 ? formatNumber(value, 1) : Math.round(value)} ${UNITS[unit]}`;
}

/** "318 of 512 MB": both in the unit of the whole. @param {number} part @param {number} whole */
export function sizeOf(part, whole) {
  const [, unit = "B"] = size(whole).split(" ");
  const value = part / 1000 ** UNITS.indexOf(unit);
  return t("{part} of {whole}", {
    part: value < 10 && unit !== "B" ? formatNumber(value, 1) : Math.round(value),
    whole: size(whole),
  });
}

/** "1 min left". @param {number} seconds */
export function left(seconds) {
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 50) return t("{n} s left", { n: Math.max(5, Math.ceil(seconds / 5) * 5) });
  if (seconds < 3500) return t("{n} min left", { n: Math.round(seconds / 60) });
  return t("{n} h left", { n: Math.round(seconds / 3600) });
}

/** "34 min", "2 h". @param {number} seconds */
export function lasting(seconds) {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  if (minutes < 1) return t("just now");
  if (minutes < 90) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : counted(Math.round(minutes / 1440), "day");
}

/** @type {Record<string, string>} */
const REASONS = {
  not_dicom: t("not DICOM"),
  no_pixels: t("no images in them"),
  transfer_syntax: t("encoding not known"),
  bad_zip: t("broken zip"),
  encrypted: t("encrypted zip"),
  too_large: t("too large"),
  bomb: t("unpacks to too much"),
  not_sent: t("not readable here"),
  no_access: t("not readable"),
  other_content: t("another file of the same name is here"),
  worker_died: t("cannot be read"),
  processor_time: t("take too long to read"),
  too_many: t("too many parts"),
  out_of_range: t("a number out of range"),
  other_patient: t("another patient’s"),
  fault: t("a fault of the server"),
  truncated: t("cut short"),
};

/** "3 files refused: not DICOM". @param {Record<string, number>} refused files by code */
export function refusedWords(refused) {
  const codes = Object.keys(refused);
  const n = codes.reduce((sum, code) => sum + (refused[code] ?? 0), 0);
  if (n === 0) return "";
  const why =
    codes.length === 1
      ? (REASONS[codes[0] ?? ""] ?? t("see why"))
      : codes.map((c) => REASONS[c]).includes(undefined)
        ? t("several reasons")
        : codes.map((c) => REASONS[c]).join(", ");
  return t("{files} refused: {why}", { files: counted(n, "file"), why });
}

/** "12 imported, 3 were here already". @param {{taken: number, duplicates: number, skipped: number}} upload */
export function takenWords({ taken, duplicates, skipped }) {
  const parts = [];
  if (taken) parts.push(t("{files} imported", { files: counted(taken, "file") }));
  if (duplicates) parts.push(plural(duplicates, "{n} file was here already", "{n} files were here already"));
  if (skipped) parts.push(t("{skipped} DICOMDIR skipped", { skipped: count(skipped) }));
  return parts.join(", ");
}

/** The rate of something that comes, over the last seconds. */
export class Rate {
  /** @param {number} [windowS] */
  constructor(windowS = 8) {
    this.windowS = windowS;
    /** @type {{at: number, value: number}[]} */
    this.seen = [];
  }

  /** @param {number} value so far @param {number} now seconds */
  add(value, now) {
    this.seen.push({ at: now, value });
    while (this.seen.length > 2 && (this.seen[1]?.at ?? now) < now - this.windowS) this.seen.shift();
  }

  /** Per second; 0 where nothing is known. */
  get perSecond() {
    const [first, last] = [this.seen[0], this.seen[this.seen.length - 1]];
    return first && last && last.at > first.at ? Math.max(0, (last.value - first.value) / (last.at - first.at)) : 0;
  }
}
