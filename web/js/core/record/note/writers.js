/** Who writes which field just now, with the text as it grows. Pure. */
/** @import {Snapshot, Writing, Writings} from "../../../wire.js" */
/** @import {Field} from "./fields.js" */
import { seatOf } from "../../session/document.js";

/** @typedef {{seat: import("../../../wire.js").Seat, text: string}} Writer */

/** Texts that the others write now, by their field; none of another case, none of this page's own.
 * @param {Writings | null} writings the newest @param {Snapshot} doc @param {string} tab of this page
 * @returns {Map<Field, Writer[]>} */
export function writersOf(writings, doc, tab) {
  /** @type {Map<Field, Writer[]>} */
  const found = new Map();
  if (writings?.case !== doc.case) return found;
  for (const writing of writings.writings) {
    const seat = seatOf(doc, writing.seat);
    if (!seat || writing.tab === tab) continue;
    found.set(writing.field, [...(found.get(writing.field) ?? []), { seat, text: writing.text }]);
  }
  return found;
}

/** Those of other seats.
 * @param {Writings | null} writings @param {number} kase epoch @param {string} me seat @returns {Writing[]} */
export const othersWriting = (writings, kase, me) =>
  writings?.case === kase ? writings.writings.filter((writing) => writing.seat !== me) : [];
