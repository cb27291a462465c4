/** Numbers, times and reasons in words. Pure. */
import { count, counted } from "../core/format.js";

const UNITS = ["B", "kB", "MB", "GB"];

/**
 * The first lines; the others are counted.
 * @param {string[]} lines @param {number} most @param {string} one what a line is about
 */
export const firstOf = (lines, most, one) =>
  lines.length > most ? [...lines.slice(0, most), `and ${counted(lines.length - most, one)} more`] : lines;

/** "318 MB". @param {number} bytes */
export function size(bytes) {
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < UNITS.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

/** "318 of 512 MB": both in the unit of the whole. @param {number} part @param {number} whole */
export function sizeOf(part, whole) {
  const [, unit = "B"] = size(whole).split(" ");
  const value = part / 1000 ** UNITS.indexOf(unit);
  return `${value < 10 && unit !== "B" ? value.toFixed(1) : Math.round(value)} of ${size(whole)}`;
}

/** "1 min left". @param {number} seconds */
export function left(seconds) {
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 50) return `${Math.max(5, Math.ceil(seconds / 5) * 5)} s left`;
  if (seconds < 3500) return `${Math.round(seconds / 60)} min left`;
  return `${Math.round(seconds / 3600)} h left`;
}

/** "34 min", "2 h". @param {number} seconds */
export function lasting(seconds) {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  if (minutes < 1) return "just now";
  if (minutes < 90) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`;
}

/** @type {Record<string, string>} */
const REASONS = {
  not_dicom: "not DICOM",
  no_pixels: "no images in them",
  transfer_syntax: "encoding not known",
  bad_zip: "broken zip",
  encrypted: "encrypted zip",
  too_large: "too large",
  bomb: "unpacks to too much",
  not_sent: "not readable here",
  no_access: "not readable",
  other_content: "another file of the same name is here",
  worker_died: "cannot be read",
  processor_time: "take too long to read",
  too_many: "too many parts",
  out_of_range: "a number out of range",
  other_patient: "another patient’s",
  fault: "a fault of the server",
  truncated: "cut short",
};

/** "3 files refused: not DICOM". @param {Record<string, number>} refused files by code */
export function refusedWords(refused) {
  const codes = Object.keys(refused);
  const n = codes.reduce((sum, code) => sum + (refused[code] ?? 0), 0);
  if (n === 0) return "";
  const why =
    codes.length === 1
      ? (REASONS[codes[0] ?? ""] ?? "see why")
      : codes.map((c) => REASONS[c]).includes(undefined)
        ? "several reasons"
        : codes.map((c) => REASONS[c]).join(", ");
  return `${counted(n, "file")} refused: ${why}`;
}

/** "12 imported, 3 were here already". @param {{taken: number, duplicates: number, skipped: number}} upload */
export function takenWords({ taken, duplicates, skipped }) {
  const parts = [];
  if (taken) parts.push(`${counted(taken, "file")} imported`);
  if (duplicates) parts.push(`${counted(duplicates, "file")} ${duplicates === 1 ? "was" : "were"} here already`);
  if (skipped) parts.push(`${count(skipped)} DICOMDIR skipped`);
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
