/** The fields of a note, as they are read. Pure; consult/sessions/features/note/events.py has them. */
/** @import {Note, Written} from "../../../wire.js" */
import { t } from "../../language.js";

/** @typedef {keyof Note["fields"]} Field */

/** Characters of one. */
export const MAX_FIELD = 3000;

/** @type {readonly Field[]} */
export const FIELDS = [
  "question",
  "unavailable",
  "impression",
  "recommendation",
  "limits",
  "agreement",
  "local_report",
  "category",
  "response",
];

/** Those that are chosen. @type {readonly Field[]} */
const CHOSEN_FIELDS = ["agreement", "response"];
/** Those that are written. @type {readonly Field[]} */
export const WRITTEN_FIELDS = FIELDS.filter((field) => !CHOSEN_FIELDS.includes(field));

/** @type {Record<Field, string>} */
export const FIELD_NAMES = {
  question: t("Question"),
  unavailable: t("Known, but not available"),
  impression: t("Impression"),
  recommendation: t("Recommendation"),
  limits: t("Limits"),
  agreement: t("Local report"),
  local_report: t("In what"),
  category: t("Category"),
  response: t("Response, chosen by the reader"),
};

/** What a note may say of the local report: by the word on the wire. */
export const AGREEMENTS = /** @type {const} */ ({
  "": t("Not compared"),
  agrees: t("Agrees"),
  differs: t("Differs"),
});

/** "Agrees with the local report: nodule unchanged."; "" where nothing is said. @param {Partial<Record<Field, string>>}
 * texts */
export function agreementWords({ agreement = "", local_report = "" }) {
  const sentences = { agrees: t("Agrees with the local report"), differs: t("Differs from the local report") };
  const first = agreement === "agrees" || agreement === "differs" ? sentences[agreement] : "";
  return [first, local_report].filter(Boolean).join(": ");
}

/** The note of a case as it is written now; null where nobody has written. @param {readonly Note[]} notes
 * @param {string} kase id */
export const noteOf = (notes, kase) => notes.find((note) => note.case === kase) ?? null;

/** What stands in a field, with its revision; null: nothing yet. @param {Note | null} note @param {Field} field
 * @returns {Written | null} */
export const writtenIn = (note, field) => note?.fields[field] ?? null;

/** The texts of a note, of fields that have one. @param {Note | null} note
 * @returns {Partial<Record<Field, string>>} */
export const textsOf = (note) =>
  Object.fromEntries(
    FIELDS.flatMap((field) => (writtenIn(note, field)?.text ? [[field, writtenIn(note, field)?.text]] : [])),
  );

/**
 * Who else wrote what of it: each with the fields whose text is theirs.
 * @param {Note | null} note @param {string} me seat
 * @returns {{seat: string, name: string, fields: Field[]}[]}
 */
export function otherWriters(note, me) {
  /** @type {Map<string, {seat: string, name: string, fields: Field[]}>} */
  const found = new Map();
  for (const field of FIELDS) {
    const written = writtenIn(note, field);
    if (!written?.text || written.author === me) continue;
    const of = found.get(written.author) ?? { seat: written.author, name: written.author_name, fields: [] };
    found.set(written.author, { ...of, fields: [...of.fields, field] });
  }
  return [...found.values()];
}
