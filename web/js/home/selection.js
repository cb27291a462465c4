/** What a selection of studies is: one patient's, which is current, which are priors; or where they differ. Pure. */
/** @import {Study} from "./search.js" */
import { counted, formatDate } from "../core/format.js";
import { plural, t } from "../core/language.js";
import { identityParts, personName } from "../core/patient.js";
import { studyRole } from "../core/study-label.js";

/** @typedef {{tag: string, values: string[]}} Difference */

/** @type {[string, (study: Study) => string][]} */
const FIELDS = [
  ["PatientID", (s) => s.patient.id],
  ["PatientName", (s) => s.patient.name],
  ["PatientBirthDate", (s) => s.patient.birth_date ?? ""],
  ["PatientSex", (s) => s.patient.sex ?? ""],
  ["IssuerOfPatientID", (s) => s.patient.issuer ?? ""],
];

/** How people call them. @type {Record<string, string>} */
export const FIELD_NAMES = {
  PatientID: t("Patient ID"),
  PatientName: t("Name"),
  PatientBirthDate: t("Birth date"),
  PatientSex: t("Sex"),
  IssuerOfPatientID: t("Issuer of the ID"),
};

/** As the server compares them: an empty attribute is unknown, not different. @param {string} value */
const plain = (value) =>
  value
    .replace(/[\^ ]+$/, "")
    .replace(/\s+/g, " ")
    .toLowerCase();

/**
 * The fields in which they are not one patient's.
 * @param {Study[]} studies
 * @returns {Difference[]}
 */
export function differences(studies) {
  return FIELDS.map(([tag, of]) => {
    /** @type {Map<string, string>} */
    const found = new Map();
    for (const value of studies.map(of).filter(plain)) found.set(plain(value), value.replace(/[\^ ]+$/, ""));
    return { tag, values: [...found.values()] };
  }).filter(({ values }) => values.length > 1);
}

/** A heading, who it is, and a sentence. @param {Study[]} studies */
export function summary(studies) {
  const n = studies.length;
  const patient = studies[0]?.patient;
  if (!patient)
    return { heading: t("Open a consult"), who: "", text: t("Select the studies of one patient in the list.") };
  const who = identityParts(patient).join(" · ");
  const name = personName(patient.name);
  if (n === 1)
    return {
      heading: t("{studies} of {name}", { studies: counted(1, "study", "studies"), name }),
      who,
      text: t("Add older studies of the same patient to compare with."),
    };
  const priors = studies.filter((s) => studyRole(s, studies) === "PRIOR").length;
  const text =
    priors === 0
      ? t("All of one day: no priors.")
      : plural(
          priors,
          "{current} current, {n} prior. The prior is put on the right.",
          "{current} current, {n} priors. Priors are put on the right.",
          { current: n - priors },
        );
  return { heading: t("{studies} of {name}", { studies: counted(n, "study", "studies"), name }), who, text };
}

/** What a consult is called unless somebody calls it otherwise. @param {Study[]} studies */
export function defaultTitle(studies) {
  const newest = [...studies].sort((a, b) => (`${a.date}T${a.time}` < `${b.date}T${b.time}` ? 1 : -1))[0];
  return newest?.description || t("Consult");
}

/** A value that differs, as people read it. @param {string} tag @param {string} value */
export function shownValue(tag, value) {
  if (tag === "PatientName" && value) return personName(value);
  return (tag === "PatientBirthDate" && formatDate(value)) || value || t("(empty)");
}

/** @typedef {{study: string, series: string, name: string, files: string[], instances: string[], count: number,
 *   values: Record<string, string>}} Part files of one series that say the same of their patient */
/** @typedef {{leave_out?: string[], same_patient?: boolean}} Admission */

/**
 * What is left out for a part that is ticked: its series; where another part is of that series too, its files, or all
 * but them cannot be told apart and the series goes. @param {Part} part @param {Part[]} parts
 */
export function leftOut(part, parts) {
  const whole = parts.filter((p) => p.series === part.series).length === 1;
  return whole || part.count > part.instances.length ? [part.series] : part.instances;
}

/** "AI result, 1 file (004.dcm): Sex (empty)". @param {Part} part */
export function partWords({ name, files, count, values }) {
  const more = count > files.length ? ", \u2026" : "";
  const fields = Object.entries(values).map(([tag, value]) => `${FIELD_NAMES[tag] ?? tag} ${shownValue(tag, value)}`);
  return `${name}, ${counted(count, "file")} (${files.join(", ")}${more}): ${fields.join(", ")}`;
}
