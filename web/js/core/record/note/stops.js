/**
 * What stops a note from being signed, each as a sentence with the place where it is mended. The server decides; this
 * says it before somebody has typed their name. Pure.
 */
/** @import {Finding, Snapshot, Writings} from "../../../wire.js" */
/** @import {Field} from "./fields.js" */
import { t } from "../../language.js";
import { seatOf } from "../../session/document.js";
import { namedSides, otherSideWord } from "../finding/side-words.js";
import { offeredSide, sideWord } from "../finding/sides.js";
import { marksOf, numbersOf } from "../marks-of.js";
import { counts } from "../numbers.js";
import { FIELD_NAMES, noteOf, writtenIn } from "./fields.js";
import { findingsOf } from "./order.js";
import { MAX_VERSIONS, versionsOf } from "./versions.js";
import { othersWriting } from "./writers.js";

/** What a side is looked for in, besides the findings. @type {readonly Field[]} */
const CONCLUSIONS = ["impression", "recommendation"];

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
  return [...ofVersions(doc), ...ofTexts(signing), ...ofFindings(doc), ...ofConclusions(doc)];
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
    ...ofSide(doc, finding),
    ...ofNumbers(doc, finding),
  ]);

/** @param {Snapshot} doc @param {Finding} finding @returns {Stop[]} */
function ofSide(doc, finding) {
  const { id, title, text, label } = finding;
  const { side, confirmed_by, offered } = finding.side;
  const place = { finding: id };
  if (!side || !confirmed_by)
    return [stop("side_missing", t("“{title}” has no side yet. Confirm or choose it.", { title }), place)];
  const values = { title, side: sideWord(side) };
  const now = offeredSide(doc, finding).side;
  if (now && now !== side && now !== offered) {
    const moved = t("The marks of “{title}” lie {now}, and it says {side}.", { ...values, now: sideWord(now) });
    return [stop("side_contradicts", moved, place)];
  }
  const word = [title, text, label].map((words) => otherSideWord(words, side)).find(Boolean);
  if (!word) return [];
  return [
    stop("side_contradicts", t("“{title}” is on the {side}, and its text says “{word}”.", { ...values, word }), place),
  ];
}

/** Where all findings lie on one side, what is concluded does not name the other alone. @param {Snapshot} doc
 * @returns {Stop[]} */
function ofConclusions(doc) {
  const sides = new Set(doc.findings.filter((f) => f.case === doc.current).map((f) => f.side.side));
  const [side] = sides;
  if (sides.size !== 1 || (side !== "RIGHT" && side !== "LEFT")) return [];
  return CONCLUSIONS.flatMap((field) => {
    const named = namedSides(writtenIn(noteOf(doc.notes, doc.current), field)?.text ?? "");
    const [word] = named.values();
    if (!word || named.has(side)) return [];
    const values = { field: FIELD_NAMES[field], word, side: sideWord(side) };
    return [
      stop("side_contradicts", t("{field} says “{word}”, and all findings are on the {side}.", values), { field }),
    ];
  });
}

/** @param {Snapshot} doc @param {Finding} finding @returns {Stop[]} */
function ofNumbers(doc, finding) {
  const { title } = finding;
  const known = marksOf(doc, finding).map((mark) => numbersOf(doc, mark));
  const place = { finding: finding.id };
  const open = known.some((of) => of?.numbers.some((number) => !counts(number)));
  const waits = t("A mark of “{title}” is still being measured. If its image does not load, take it out.", { title });
  return [
    ...(known.includes(null) ? [stop("not_measured", waits, place)] : []),
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
