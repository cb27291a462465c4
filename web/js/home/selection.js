/** What a selection of studies is: one patient's, which is current, which are priors; or where they differ. Pure. */
/** @import {Study} from "./search.js" */
import { formatDate } from "../core/format.js";
import { identityParts, personName } from "../core/patient.js";
import { studyRole } from "../core/study-label.js";

/** @typedef {{tag: string, values: string[]}} Difference */

/** @type {[string, (study: Study) => string][]} */
const FIELDS = [
  ["PatientID", (s) => s.patient.id],
  ["PatientName", (s) => s.patient.name],
  ["PatientBirthDate", (s) => s.patient.birth_date ?? ""],
  ["PatientSex", (s) => s.patient.sex ?? ""],
];
const ISSUER = "IssuerOfPatientID";

/** How people call them. @type {Record<string, string>} */
export const FIELD_NAMES = {
  PatientID: "Patient ID",
  PatientName: "Name",
  PatientBirthDate: "Birth date",
  PatientSex: "Sex",
  [ISSUER]: "Issuer of the ID",
};

/**
 * The fields in which they are not one patient's. Ends of names count as the server counts them.
 * @param {Study[]} studies
 * @returns {Difference[]}
 */
export function differences(studies) {
  const issuers = studies.map((s) => s.patient.issuer ?? "").filter(Boolean); // who says none may mean the same
  return [
    ...FIELDS.map(([tag, of]) => ({
      tag,
      values: [...new Set(studies.map((s) => of(s).replace(/[\^ ]+$/, "")))],
    })),
    { tag: ISSUER, values: [...new Set(issuers)] },
  ].filter(({ values }) => values.length > 1);
}

/** A heading, who it is, and a sentence. @param {Study[]} studies */
export function summary(studies) {
  const n = studies.length;
  const patient = studies[0]?.patient;
  if (!patient) return { heading: "Open a consult", who: "", text: "Select the studies of one patient in the list." };
  const who = identityParts(patient).join(" · ");
  const name = personName(patient.name);
  if (n === 1)
    return { heading: `1 study of ${name}`, who, text: "Add older studies of the same patient to compare with." };
  const priors = studies.filter((s) => studyRole(s, studies) === "PRIOR").length;
  const right = `${priors === 1 ? "prior. The prior is" : "priors. Priors are"} put on the right.`;
  const text = priors === 0 ? "All of one day: no priors." : `${n - priors} current, ${priors} ${right}`;
  return { heading: `${n} studies of ${name}`, who, text };
}

/** What a consult is called unless somebody calls it otherwise. @param {Study[]} studies */
export function defaultTitle(studies) {
  const newest = [...studies].sort((a, b) => (`${a.date}T${a.time}` < `${b.date}T${b.time}` ? 1 : -1))[0];
  return newest?.description || "Consult";
}

/** A value that differs, as people read it. @param {string} tag @param {string} value */
export function shownValue(tag, value) {
  if (tag === "PatientName" && value) return personName(value);
  return (tag === "PatientBirthDate" && formatDate(value)) || value || "(empty)";
}
