/** The signed versions of a note, and what comes after them. A signed version never changes. Pure. */
/** @import {Note, SignedNote, SignNote} from "../../../wire.js" */
/** @import {Field} from "./fields.js" */
import { t } from "../../language.js";
import { momentWords } from "../moment.js";
import { FIELDS, textsOf } from "./fields.js";

/** @typedef {SignNote["status"]} Status */

/** Of one note. */
export const MAX_VERSIONS = 20;

/** @type {Record<Status, string>} */
export const STATUS_WORDS = { preliminary: t("Preliminary"), final: t("Final"), addendum: t("Addendum") };

/** Of a case, the first one first. @param {readonly SignedNote[]} signed @param {string} kase id */
export const versionsOf = (signed, kase) =>
  signed.filter((version) => version.case === kase).sort((a, b) => a.number - b.number);

/** What the next version may be. @param {readonly SignedNote[]} versions @returns {readonly Status[]} */
export const nextStatuses = (versions) =>
  versions.some((version) => version.status !== "preliminary") ? ["addendum"] : ["preliminary", "final"];

/** "Final, version 2". @param {SignedNote} version */
export const versionName = ({ status, number }) =>
  t("{status}, version {number}", { status: STATUS_WORDS[status], number });

/** "Signed by Dr. Host, radiologist, 24 Nov 2026 14:05 (UTC+1)". @param {SignedNote} version */
export const signatureWords = ({ signature: { name, role, at, utc_offset_min } }) =>
  t("Signed by {name}, {role}, {moment}", { name, role, moment: momentWords(at, utc_offset_min) });

/**
 * Where a note stands: "Draft", "Preliminary, version 1", "Final, version 2"; whether something is written behind it.
 * @param {Note | null} note @param {readonly SignedNote[]} versions
 * @param {string} findings as they are now (`traceOf`)
 * @returns {{word: string, draft: boolean, version: SignedNote | null}} draft: there is something that is not signed;
 *   version: the newest
 */
export function standingOfNote(note, versions, findings) {
  const version = versions.at(-1) ?? null;
  if (version) return { word: versionName(version), draft: changedSince(version, note, findings), version };
  return { word: t("Draft"), draft: Object.keys(textsOf(note)).length > 0, version };
}

/** Something is written that the version does not have. @param {SignedNote} version @param {Note | null} note
 * @param {string} findings */
export function changedSince(version, note, findings) {
  const now = textsOf(note);
  const differs = FIELDS.some((/** @type {Field} */ field) => (now[field] ?? "") !== (version.texts[field] ?? ""));
  return differs || traceOf(version.findings.map(({ finding }) => finding)) !== findings;
}

/** Tells whether findings are the same, in the same order. @param {readonly {id: string, rev: number}[]} findings */
export const traceOf = (findings) => findings.map(({ id, rev }) => `${id} ${rev}`).join("\n");
