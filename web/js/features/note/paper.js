/** A note as it is read: one that is written and a signed version alike, on the screen and on paper. */
/** @import {Content} from "../../core/record/note/content.js" */
/** @import {Field} from "../../core/record/note/fields.js" */
/** @import {Writer} from "../../core/record/note/writers.js" */
/** @import {FindingActs} from "./finding-lines.js" */
import { t } from "../../core/language.js";
import { identityLine } from "../../core/patient.js";
import { agreementWords, FIELD_NAMES } from "../../core/record/note/fields.js";
import { responseWords } from "../../core/record/lesion-words.js";
import { studyLines } from "../../core/record/note/studies.js";
import { signatureWords, versionName } from "../../core/record/note/versions.js";
import { html, nothing, parted } from "../../kit/html.js";
import { lesionTable } from "../../kit/record/lesion-table.js";
import { findingLines } from "./finding-lines.js";
import { liveText } from "./note-field.js";
import { recommended } from "./step-list.js";

/** @typedef {FindingActs & {writers: ReadonlyMap<Field, readonly Writer[]>}} PaperActs writers: of what is written */

/** @param {Content} content @param {PaperActs} acts */
export function paper(content, acts) {
  const { version, texts } = content;
  const part = (/** @type {Field} */ field) => section(FIELD_NAMES[field], texts[field] ?? "", acts.writers.get(field));
  return html`<div class="note-paper" data-version=${version?.id ?? nothing}>${
    version?.changed ? section(t("Changed against the version before"), version.changed) : nothing
  }${part("question")}${studies(content)}${part("unavailable")}<section><h3>${t("Findings")}</h3>${findingLines(
    content.findings,
    content.comparisons,
    acts,
  )}</section>${part("impression")}${section(
    FIELD_NAMES.recommendation,
    texts.recommendation ?? "",
    acts.writers.get("recommendation"),
    recommended,
  )}${section(
    FIELD_NAMES.limits,
    [...content.limits, texts.limits ?? ""].filter(Boolean).join("\n"),
    acts.writers.get("limits"),
  )}${section(FIELD_NAMES.agreement, agreementWords(texts), acts.writers.get("local_report"))}${part(
    "category",
  )}${lesions(content)}${section(FIELD_NAMES.response, responseWords(texts.response ?? ""))}</div>`;
}

/** @param {string} text */
const paragraph = (text) => html`<p class="said">${text}</p>`;

/** The table of lesions, where there are some. @param {Content} content */
const lesions = ({ lesions: table }) =>
  table.rows.length > 0
    ? html`<section><h3>${t("Lesions after RECIST 1.1")}</h3>${lesionTable(table)}</section>`
    : nothing;

/** @param {string} name @param {string} text @param {readonly Writer[]} [writers]
 * @param {(text: string) => unknown} [how] it is written */
const section = (name, text, writers = [], how = paragraph) =>
  text || writers.length > 0
    ? html`<section><h3>${name}</h3>${text ? how(text) : nothing}${writers.map(liveText)}</section>`
    : nothing;

/** @param {Content} content */
const studies = ({ studies: all, seen }) =>
  html`<section><h3>${seen ? t("Studies seen") : t("Studies")}</h3><ul class="note-studies">${studyLines(all).map(
    ({ key, date, role, name, deleted }) => {
      const more = [role, name, seen && !seen.has(key) ? t("not seen") : "", deleted ? t("deleted since") : ""];
      return html`<li>${[date, ...more].filter(Boolean).join(" · ")}</li>`;
    },
  )}</ul></section>`;

/** The whole sheet: what it is and whose, the note, who signed it.
 * @param {Content} content @param {string} title of the consult @param {PaperActs} acts */
export const sheet = (content, title, acts) =>
  html`<header><h1>${t("Note")}</h1><p>${title}</p><p class="note-state">${
    content.version ? versionName(content.version) : t("Draft, not signed")
  }</p></header><p class="note-patient">${parted(identityLine(content.patient))}</p>${paper(content, acts)}<footer>${
    content.version ? html`<p>${signatureWords(content.version)}</p>` : nothing
  }<p>${t("Not for primary diagnosis")}</p></footer>`;
