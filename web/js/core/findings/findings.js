/** The findings of a case, and what they are made of. Pure. */
/** @import {Finding, Mark, Snapshot} from "../../wire.js" */

/** As they stand in the note, the others behind them. @param {Snapshot} doc @param {string} of id of a case
 * @returns {Finding[]} */
export function findingsOf(doc, of) {
  const order = doc.notes.find((note) => note.case === of)?.order ?? [];
  const place = (/** @type {Finding} */ f) => (order.includes(f.id) ? order.indexOf(f.id) : order.length);
  return doc.findings.filter((f) => f.case === of).sort((a, b) => place(a) - place(b));
}

/** The marks of these ids that are there, of one case. @param {Snapshot} doc
 * @param {{case: string, marks: readonly string[]}} finding @returns {Mark[]} */
export const marksOf = (doc, finding) =>
  finding.marks.flatMap((id) => doc.marks.find((mark) => mark.id === id && mark.case === finding.case) ?? []);

/** What is in use in a case for a field, each once: it is offered where that field is written.
 * @param {readonly Finding[]} findings @param {"label" | "category"} field */
export const inUse = (findings, field) => [...new Set(findings.map((f) => f[field]).filter(Boolean))].sort();

/** A title for a new one: the words of its first mark, or its number. @param {Snapshot} doc @param {Mark | undefined} mark
 * @param {(n: number) => string} numbered */
export function firstTitle(doc, mark, numbered) {
  const titles = new Set(doc.findings.map((f) => f.title));
  if (mark?.label) return mark.label;
  let n = findingsOf(doc, doc.current).length + 1;
  while (titles.has(numbered(n))) n += 1;
  return numbered(n);
}
