/**
 * Who a patient is, in words. Pure; its twin is consult/model/patient.py, and tests/patients.json holds both.
 *
 * A name is a PN (PS3.5 6.2.1): up to three groups (alphabetic, ideographic, phonetic) parted by "=", each of up to
 * five components (family, given, middle, prefix, suffix) parted by "^".
 */
import { formatDate } from "./format.js";
import { t } from "./language.js";

/**
 * @typedef {{name: string, id: string, birth_date?: string, sex?: string, issuer?: string, hidden?: boolean}} Patient
 *   hidden: `name` is the label of a case, and nobody's name
 * @typedef {{n: number, of: number}} Numbered case n of N
 */

export const NO_NAME = t("No name");
/** Around what is written from right to left, so that a date or number beside it stays where it is. */
const [ISOLATE, POP] = ["\u2068", "\u2069"];
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;
/** Its capitals are in few fonts, and no name is written in them. */
const GEORGIAN = /[\u10d0-\u10ff]/;

/**
 * "山田 太郎 (YAMADA, Tarou)", "ADAMS, John Robert, Rev., B.A."; "No name" where there is none. Never a caret.
 * @param {string | undefined} value a PN
 */
export function personName(value) {
  const [alphabetic = "", ideographic = "", phonetic = ""] = groups(value);
  const latin = alphabeticName(alphabetic);
  const script = spaced(ideographic.replaceAll("^", " "));
  if (!script || script === latin) return latin || spaced(phonetic.replaceAll("^", " ")) || NO_NAME;
  return latin ? `${script} (${latin})` : script;
}

/** The name of a patient; where their data are hidden, "Case 2". @param {Patient | undefined} patient */
export const patientName = (patient) =>
  patient?.hidden ? t("Case {n}", { n: /\d+$/.exec(patient.name)?.[0] ?? "" }) : personName(patient?.name);

/** What is known beside the name: "born 24 Nov 1962", "ID 4711"; what is missing is said. @param {Patient} patient */
export function identityParts({ birth_date, id, hidden }) {
  if (hidden) return [t("patient data hidden")];
  const born = formatDate(birth_date);
  return [born ? t("born {date}", { date: born }) : t("no birth date"), idText({ id })];
}

/** "ID 4711"; "no ID". @param {Pick<Patient, "id" | "hidden">} patient */
export const idText = ({ id, hidden }) => (hidden ? t("patient data hidden") : id ? t("ID {id}", { id }) : t("no ID"));

/** "case 2 of 5"; "" for an only case. @param {Numbered | undefined} number */
export const caseNumber = (number) =>
  number && number.of > 1 ? t("case {n} of {of}", { n: number.n, of: number.of }) : "";

/** "Case 2 of 5", of a case whose patient one is not told. @param {Numbered} number */
export const caseTitle = ({ n, of }) => t("Case {n} of {of}", { n, of });

/**
 * "DEMO, Anna · born 24 Nov 1962 · ID 4711 · case 2 of 5".
 * @param {Patient} patient @param {Numbered} [number]
 */
export function identityLine(patient, number) {
  const name = patientName(patient);
  const isolated = RIGHT_TO_LEFT.test(name) ? ISOLATE + name + POP : name;
  return [isolated, ...identityParts(patient), caseNumber(number)].filter(Boolean).join(" · ");
}

/** The patients of these cases that one is told of.
 * @template {{name: string, id: string}} P
 * @param {readonly {patient: P, withheld?: boolean}[]} cases */
export const knownPatients = (cases) => cases.filter((c) => !c.withheld).map((c) => c.patient);

/** Equal for studies of one patient: ID and its issuer; without an ID, name and birth date. @param {Patient} patient */
export function patientKey({ name, id, birth_date, issuer }) {
  const key = id.trim() ? ["id", issuer?.trim() ?? "", id.trim()] : ["name", plainName(name), birth_date ?? ""];
  return key.join("\n");
}

/** How many patients these are. @param {Patient[]} patients */
export const countPatients = (patients) => new Set(patients.map(patientKey)).size;

/**
 * Of two patients that one could take for each other: "2 patients of this name: birth dates differ"; else "".
 * Birth date and ID stand beside it, so where only who issued the ID tells them apart, it says that.
 * @param {Patient} patient @param {Patient[]} patients all that can be chosen, this one too
 */
export function namesakes(patient, patients) {
  const name = plainName(patient.name);
  const same = new Map(patients.filter((p) => plainName(p.name) === name).map((p) => [patientKey(p), p]));
  same.set(patientKey(patient), patient);
  if (same.size < 2) return "";
  const differs = difference([...same.values()], patient);
  return name
    ? t("{n} patients of this name: {differs}", { n: same.size, differs })
    : t("{n} patients without a name: {differs}", { n: same.size, differs });
}

/** Two patients who are called the same: one could be taken for the other. @param {Patient} one
 * @param {Patient | null} other */
export const sameName = (one, other) =>
  !!other &&
  !!plainName(one.name) &&
  plainName(one.name) === plainName(other.name) &&
  patientKey(one) !== patientKey(other);

/** What tells them apart, each from each. @param {Patient[]} patients @param {Patient} patient which of them it is */
function difference(patients, { issuer }) {
  const apart = (/** @type {(p: Patient) => string | undefined} */ of) =>
    new Set(patients.map((p) => of(p) || "")).size === patients.length;
  if (apart((p) => p.birth_date)) return t("birth dates differ");
  if (apart((p) => p.id)) return t("IDs differ");
  if (apart((p) => [p.birth_date ?? "", p.id].join("\n"))) return t("birth dates or IDs differ");
  const here = issuer?.trim();
  return here
    ? t("issuers of the ID differ, here {issuer}", { issuer: here })
    : t("issuers of the ID differ, here none");
}

/** @param {string | undefined} value */
const groups = (value) =>
  (value ?? "")
    .normalize("NFC")
    .replace(/\p{Cc}/gu, " ")
    .split("=");

/** @param {string} group */
function alphabeticName(group) {
  if (!group.includes("^")) return spaced(group);
  const [family = "", given = "", middle = "", prefix = "", ...suffix] = group.split("^").map(spaced);
  const first = spaced([given, middle].map(withSmallLetters).join(" "));
  return [withCapitals(family), first, prefix, spaced(suffix.join(" "))].filter(Boolean).join(", ");
}

/** @param {string} text */
const spaced = (text) => text.trim().replace(/\s+/g, " ");

/** A family name stands out. @param {string} text */
const withCapitals = (text) => (GEORGIAN.test(text) ? text : text.toUpperCase());

/** "ANNA-MARIA" is "Anna-Maria"; what is written in both cases stays. @param {string} text */
function withSmallLetters(text) {
  if (text !== text.toUpperCase() || GEORGIAN.test(text)) return text;
  return text.replace(/\p{L}+/gu, ([first = "", ...rest]) => first + rest.join("").toLowerCase());
}

/** Of the alphabetic group (else of any): letters and digits alone, small, without accents. @param {string} name */
function plainName(name) {
  const written = groups(name);
  const group = written.find((g) => spaced(g.replaceAll("^", " "))) ?? "";
  const components = group.split("^").slice(0, 3).join("");
  return components
    .normalize("NFD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}
