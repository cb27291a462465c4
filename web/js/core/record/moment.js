/** Moments of the record: by the server's clock, with its zone, the same for whoever reads them. Pure. */
import { formatDate } from "../format.js";

/** "(UTC+1)", "(UTC−3:30)", "(UTC)". @param {number} offset_min of the server's zone then */
export function zoneWords(offset_min) {
  if (offset_min === 0) return "(UTC)";
  const [hours, minutes] = [Math.floor(Math.abs(offset_min) / 60), Math.abs(offset_min) % 60];
  const parted = minutes > 0 ? `${hours}:${String(minutes).padStart(2, "0")}` : String(hours);
  return `(UTC${offset_min < 0 ? "\u2212" : "+"}${parted})`;
}

/** "24 Nov 2026 14:05 (UTC+1)". @param {number} at seconds since 1970 @param {number} offset_min */
export function momentWords(at, offset_min) {
  const iso = new Date((at + offset_min * 60) * 1000).toISOString();
  return `${formatDate(iso)} ${iso.slice(11, 16)} ${zoneWords(offset_min)}`;
}
