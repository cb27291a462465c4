/** The fields that are written of a finding: each says beside it when its words name the other side. */
/** @import {Finding, Snapshot} from "../../wire.js" */
/** @import {Field} from "../../core/record/finding/draft.js" */
/** @import {FindingForm} from "./finding-form.js" */
import { t } from "../../core/language.js";
import { textContradiction } from "../../core/record/finding/contradiction.js";
import { MOST } from "../../core/record/finding/draft.js";
import { inUse } from "../../core/record/finding/offers.js";
import { LESION_KINDS, LESION_STATES } from "../../core/record/lesion-words.js";
import { lengthProblem } from "../../kit/dom.js";
import { html, nothing } from "../../kit/html.js";

/**
 * @typedef {{name: Field, word: string, hint?: string, lines?: number, offers?: "label" | "category",
 *   choices?: Record<string, string>}} WrittenField
 */

/** @type {readonly WrittenField[]} */
export const WRITTEN = [
  { name: "title", word: t("Title") },
  { name: "text", word: t("Text"), lines: 3 },
  {
    name: "label",
    word: t("Label"),
    hint: t("The same label on studies of other dates is compared."),
    offers: "label",
  },
  {
    name: "lesion",
    word: t("Lesion (RECIST 1.1)"),
    hint: t("Of target lesions the longest diameter counts, of lymph nodes the short axis (Bidirectional)."),
    choices: LESION_KINDS,
  },
  { name: "lesion_state", word: t("On this date"), choices: LESION_STATES },
  { name: "category", word: t("Category"), offers: "category" },
];

/** What a field is called. @param {Field} name */
export const wordOf = (name) => WRITTEN.find((field) => field.name === name)?.word ?? "";

/** @param {FindingForm} form @param {Snapshot} doc @param {Finding} finding @param {WrittenField} field */
export function fieldOf(form, doc, finding, field) {
  const { name, word, hint } = field;
  const value = form.draft.content[name];
  if (name === "lesion_state" && !form.draft.content.lesion) return nothing;
  const problem = field.choices || name === "category" ? "" : textContradiction(value, form.side.of(doc, finding));
  const described = [hint && `finding-${name}-hint`, problem && `finding-${name}-problem`].filter(Boolean).join(" ");
  return html`<label class="field"><span>${word}</span>${
    field.choices
      ? choice(form, field, value, described)
      : field.lines
        ? box(form, field, value, described)
        : line(form, field, value, described)
  }</label>${hint ? html`<p class="quiet" id=${`finding-${name}-hint`}>${hint}</p>` : nothing}${
    problem ? html`<p class="problem" id=${`finding-${name}-problem`} role="alert">${problem}</p>` : nothing
  }`;
}

/** @param {FindingForm} form @param {WrittenField} field @param {string} value @param {string} described */
function line(form, field, value, described) {
  const { name, offers } = field;
  const id = `finding-${name}-offers`;
  return html`<input
      type="text"
      class="text-input"
      name=${name}
      autocomplete="off"
      list=${offers ? id : nothing}
      aria-describedby=${described || nothing}
      .value=${value}
      @input=${typing(form, name)}
    />${
      offers
        ? html`<datalist id=${id}>${inUse(form.findings.all, offers).map(
            (one) => html`<option value=${one}></option>`,
          )}</datalist>`
        : nothing
    }`;
}

/** @param {FindingForm} form @param {WrittenField} field @param {string} value @param {string} described */
const box = (form, { name, lines }, value, described) => html`<textarea
  class="text-input"
  name=${name}
  rows=${lines}
  autocomplete="off"
  aria-describedby=${described || nothing}
  .value=${value}
  @input=${typing(form, name)}
></textarea>`;

/** @param {FindingForm} form @param {WrittenField} field @param {string} value @param {string} described */
const choice = (form, { name, choices = {} }, value, described) => html`<select
  class="text-input"
  name=${name}
  aria-describedby=${described || nothing}
  @change=${(/** @type {{currentTarget: HTMLSelectElement}} */ event) => form.type(name, event.currentTarget.value)}
>${Object.entries(choices).map(
  ([code, word]) => html`<option value=${code} ?selected=${code === value}>${word}</option>`,
)}</select>`;

/** @param {FindingForm} form @param {Field} name */
const typing = (form, name) => (/** @type {{currentTarget: HTMLInputElement | HTMLTextAreaElement}} */ event) => {
  const field = event.currentTarget;
  field.setCustomValidity(problemOf(name, field.value));
  form.type(name, field.value);
};

/** @param {Field} name @param {string} value */
const problemOf = (name, value) =>
  name === "title" && !value.trim() ? t("A finding needs a title.") : lengthProblem(value, MOST[name]);
