/**
 * What stops a note from being signed, each as a sentence with the place where it is mended. The server decides; this
 * says it before somebody has typed their name. Pure.
 */
/** @import {Finding, Snapshot, Writings} from "../../../wire.js" */
/** @import {Field} from "./fields.js" */
import { t } from "../../language.js";
import { seatOf } from "../../session/document.js";
import { marksOf, numbersOf } from "../marks-of.js";
import { counts } from "../numbers.js";
import { FIELD_NAMES, noteOf, writtenIn } from "./fields.js";
import { findingsOf } from "./order.js";
import { MAX_VERSIONS, versionsOf } from "./versions.js";
import { othersWriting } from "./writers.js";

/** @typedef {{field: Field} | {finding: string} | null} Place where it is mended; null: nowhere in the note */
/** @typedef {{code: string, sentence: string, place: Place}} Stop */

/**
 * @typedef {object} Signing
 * @property {Snapshot} doc
 * @property {string} me seat
 * @property {boolean} live
 * @property {Writings | null} writings
 * @property {readonly Field[]} unstored fields of this page that the server does not have
 */

/** @param {Signing} signing @returns {Stop[]} */
export function stopsOf(signing) {
  const { doc, me } = signing;
  const role = seatOf(doc, me)?.role;
  if (doc.consult.ended_at !== null)
    return [stop("over", t("The consult has ended. Nothing of its note changes any more."))];
  if (role === "viewer" || !role) return [stop("not_allowed", t("Who only watches does not sign."))];
  if (!signing.live) return [stop("not_live", t("The connection is lost. Sign once it is back."))];
  return [...ofVersions(doc), ...ofTexts(signing), ...ofFindings(doc)];
}

/** @param {string} code @param {string} sentence @param {Place} [place] @returns {Stop} */
const stop = (code, sentence, place = null) => ({ code, sentence, place });

/** @param {Snapshot} doc @returns {Stop[]} */
const ofVersions = (doc) =>
  versionsOf(doc.signed, doc.current).length >= MAX_VERSIONS
    ? [stop("too_many_versions", t("This note has as many versions as it may have."))]
    : [];

/** @param {Signing} signing @returns {Stop[]} */
function ofTexts({ doc, me, writings, unstored }) {
  const note = noteOf(doc.notes, doc.current);
  const empty = !writtenIn(note, "impression")?.text && !unstored.includes("impression");
  return [
    ...(empty ? [stop("empty_impression", t("The impression is empty."), { field: "impression" })] : []),
    ...unstored.map((field) =>
      stop("not_stored", t("Your text is not stored yet: {field}.", { field: FIELD_NAMES[field] }), { field }),
    ),
    ...othersWriting(writings, doc.case, me).map(({ seat, field }) => {
      const name = seatOf(doc, seat)?.name ?? t("Somebody");
      return stop("being_written", t("{name} is writing just now: {field}.", { name, field: FIELD_NAMES[field] }), {
        field,
      });
    }),
  ];
}

/** @param {Snapshot} doc @returns {Stop[]} */
const ofFindings = (doc) =>
  findingsOf(doc.findings, doc.current, noteOf(doc.notes, doc.current)).flatMap((finding) => [
    ...ofSide(finding),
    ...ofNumbers(doc, finding),
  ]);

/** @param {Finding} finding @returns {Stop[]} */
const ofSide = ({ id, title, side }) =>
  side.side && side.confirmed_by
    ? []
    : [stop("side_missing", t("“{title}” has no side yet. Confirm or choose it.", { title }), { finding: id })];

/** @param {Snapshot} doc @param {Finding} finding @returns {Stop[]} */
function ofNumbers(doc, finding) {
  const { title } = finding;
  const known = marksOf(doc, finding).map((mark) => numbersOf(doc, mark));
  const place = { finding: finding.id };
  const open = known.some((of) => of?.numbers.some((number) => !counts(number)));
  return [
    ...(known.includes(null)
      ? [stop("not_measured", t("A mark of “{title}” is still being measured.", { title }), place)]
      : []),
    ...(open ? [stop("number_not_confirmed", t("A number of “{title}” is not confirmed.", { title }), place)] : []),
  ];
}

/** Where a refusal of the server is mended.
 * @param {Snapshot} doc @param {{code: string, message: string}} refusal
 * @returns {Place} */
export function placeOfRefusal(doc, { code, message }) {
  const of = doc.findings.filter((finding) => finding.case === doc.current);
  const named = of.find((finding) => message.includes(`"${finding.title}"`) || message.includes(`„${finding.title}“`));
  if (named) return { finding: named.id };
  if (code === "empty_impression" || code === "side_contradicts") return { field: "impression" };
  return null;
}
