/** The findings of a case as they stand in its note: in its order, others behind, as they were made. Pure. */
/** @import {Finding, Note} from "../../../wire.js" */

/** @param {readonly Finding[]} findings @param {string} kase id @param {Note | null} note @returns {Finding[]} */
export function findingsOf(findings, kase, note) {
  const place = new Map((note?.order ?? []).map((id, i) => [id, i]));
  const last = place.size;
  return findings
    .filter((finding) => finding.case === kase)
    .sort((a, b) => (place.get(a.id) ?? last) - (place.get(b.id) ?? last));
}

/** Ids, with one moved up or down by so many places. @param {readonly {id: string}[]} findings @param {string} id
 * @param {number} by @returns {string[]} */
export function moved(findings, id, by) {
  const ids = findings.map((finding) => finding.id);
  const from = ids.indexOf(id);
  const to = Math.max(0, Math.min(ids.length - 1, from + by));
  if (from < 0 || to === from) return ids;
  ids.splice(from, 1);
  ids.splice(to, 0, id);
  return ids;
}
