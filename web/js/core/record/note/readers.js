/** Who has read a signed version, and who has opened it and not said so. Who only watches is in neither. Pure. */
/** @import {Seen, SignedNote} from "../../../wire.js" */
import { t } from "../../language.js";
import { momentWords } from "../moment.js";

/** Those who say that they have read it, then those who have opened it, each in the order of time.
 * @param {readonly Seen[]} seen @param {string} version id */
export function readersOf(seen, version) {
  const of = seen.filter((reader) => reader.version === version);
  const confirmed = of.filter((reader) => reader.seen_at !== null);
  return {
    seen: confirmed.sort((a, b) => (a.seen_at ?? 0) - (b.seen_at ?? 0)),
    opened: of.filter((reader) => reader.seen_at === null).sort((a, b) => a.opened_at - b.opened_at),
  };
}

/** "Seen by Thoracic surgeon, 24 Nov 2026 14:05 (UTC+1)". @param {Seen} reader */
export function readerWords({ name, seen_at, opened_at, utc_offset_min }) {
  return seen_at === null
    ? t("Opened by {name}, not said to be read, {moment}", { name, moment: momentWords(opened_at, utc_offset_min) })
    : t("Seen by {name}, {moment}", { name, moment: momentWords(seen_at, utc_offset_min) });
}

/**
 * What somebody may still say of a version.
 * @param {readonly Seen[]} seen @param {SignedNote} version @param {string} me seat
 * @returns {"own" | "confirmed" | "opened" | "new"} own: who signed it does not confirm having read it
 */
export function readingOf(seen, version, me) {
  if (version.signature.seat === me) return "own";
  const mine = seen.find((reader) => reader.version === version.id && reader.seat === me);
  return !mine ? "new" : mine.seen_at === null ? "opened" : "confirmed";
}
