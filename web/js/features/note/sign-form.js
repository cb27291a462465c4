/** What stands in the dialog in which a note is signed. */
/** @import {Case, Note, SignedNote} from "../../wire.js" */
/** @import {Place, Stop} from "../../core/record/note/stops.js" */
/** @import {Status} from "../../core/record/note/versions.js" */
import { t } from "../../core/language.js";
import { FIELD_NAMES, otherWriters } from "../../core/record/note/fields.js";
import { studyLines } from "../../core/record/note/studies.js";
import { nextStatuses, STATUS_WORDS } from "../../core/record/note/versions.js";
import { control, html, nothing } from "../../kit/html.js";

/**
 * @typedef {object} Form
 * @property {Status} status
 * @property {string} name
 * @property {string} role
 * @property {string} changed
 * @property {Set<string>} seen keys of studies
 * @property {Set<string>} takes seats whose text the signer answers for
 * @property {string} nameAgain
 * @property {string} roleAgain
 */
/** @typedef {{sentence: string, to: string | Place, code?: string}} Problem to: a field of the form, or of the note */
/** @typedef {{form: Form, kase: Case | null, note: Note | null, me: string,
 *   versions: readonly SignedNote[]}} Signing */
/** @typedef {{submit: () => void, go: (to: string | Place) => void, close: () => void, back: () => void}} Acts */

/** Sentences, each with the way to where it is mended. @param {readonly Problem[]} problems @param {Acts} acts */
export const problemList = (problems, { go }) =>
  problems.length === 0
    ? nothing
    : html`<ul class="sign-stops" role="alert">${problems.map(
        ({ sentence, to, code }) =>
          html`<li data-stop=${code ?? nothing}><span>${sentence}</span>${
            to
              ? control({
                  class: "button small",
                  label: t("Go there: {what}", { what: sentence }),
                  more: t("Go there"),
                  do: () => go(to),
                })
              : nothing
          }</li>`,
      )}</ul>`;

/** What stops it. @param {readonly Stop[]} stops @param {Acts} acts */
export const stopped = (stops, acts) =>
  html`<p>${t("It cannot be signed yet:")}</p>${problemList(
    stops.map(({ code, sentence, place }) => ({ code, sentence, to: place })),
    acts,
  )}<div class="row">${cancel(acts)}</div>`;

/** What it is, who signs, what they have seen. @param {Signing} signing @param {Acts} acts */
export const firstTime = ({ form, kase, note, me, versions }, acts) =>
  html`${statuses(form, versions)}${line(form, t("Your name"), "name", "name")}${line(
    form,
    t("Your role"),
    "role",
    "organization-title",
  )}${
    versions.length > 0
      ? line(form, t("What is changed against version {n}", { n: versions.length }), "changed")
      : nothing
  }<fieldset><legend>${t("Studies that you have seen")}</legend>${studyLines(kase?.studies ?? []).map(
    ({ key, date, role, name }) => tick([date, role, name].filter(Boolean).join(" · "), "seen", form.seen, key),
  )}</fieldset>${others(form, note, me)}<div class="row">${cancel(acts)}${submit(t("Go on"), false)}</div>`;

/** The second time. @param {Signing} signing @param {string} patient @param {boolean} busy @param {Acts} acts */
export const secondTime = ({ form, versions }, patient, busy, acts) =>
  html`<p><strong>${t("{status}, version {number}", {
    status: STATUS_WORDS[form.status],
    number: versions.length + 1,
  })}, ${patient}</strong></p><p>${t(
    "{name}, {role}. Once signed it never changes; what comes later is a new version. Say name and role once more.",
    { name: form.name, role: form.role },
  )}</p>${line(form, t("Your name, once more"), "nameAgain")}${line(form, t("Your role, once more"), "roleAgain")}<div
    class="row"
  >${control({ word: t("Back"), disabled: busy, do: acts.back })}${submit(t("Sign"), busy)}</div>`;

/** What is missing in the form. @param {Signing} signing @returns {Problem[]} */
export function missing({ form, note, me, versions }) {
  const taken = otherWriters(note, me).filter(({ seat }) => !form.takes.has(seat));
  const lacks = (/** @type {boolean} */ is, /** @type {string} */ sentence, /** @type {string} */ to) =>
    is ? [{ sentence, to }] : [];
  return [
    ...lacks(!form.name.trim(), t("Your name is missing."), "name"),
    ...lacks(!form.role.trim(), t("Your role is missing."), "role"),
    ...lacks(versions.length > 0 && !form.changed.trim(), t("Say what is changed."), "changed"),
    ...lacks(form.seen.size === 0, t("Tick the studies that you have seen."), "seen"),
    ...taken.map(({ name }) => ({
      sentence: t("{name} wrote some of it. Tick that you answer for it.", { name }),
      to: "takes",
    })),
  ];
}

/** @param {Form} form @param {readonly SignedNote[]} versions */
const statuses = (form, versions) =>
  html`<div class="segments" role="radiogroup" aria-label=${t("What it is")}>${nextStatuses(versions).map(
    (status) =>
      html`<label><input
        type="radio"
        name="status"
        value=${status}
        .checked=${form.status === status}
        @change=${() => {
          form.status = status;
        }}
      /><span>${STATUS_WORDS[status]}</span></label>`,
  )}</div>`;

/** @param {Form} form @param {string} title @param {"name" | "role" | "changed" | "nameAgain" | "roleAgain"} key
 * @param {string} [auto] */
const line = (form, title, key, auto = "off") =>
  html`<label class="sign-line"><span>${title}</span><input
    type="text"
    name=${key}
    autocomplete=${auto}
    .value=${form[key]}
    @input=${(/** @type {{currentTarget: HTMLInputElement}} */ { currentTarget }) => {
      form[key] = currentTarget.value;
    }}
  /></label>`;

/** @param {string} title @param {string} name @param {Set<string>} set @param {string} value */
const tick = (title, name, set, value) =>
  html`<label class="sign-tick"><input
    type="checkbox"
    name=${name}
    value=${value}
    .checked=${set.has(value)}
    @change=${() => (set.has(value) ? set.delete(value) : set.add(value))}
  /><span>${title}</span></label>`;

/** What others wrote. @param {Form} form @param {Note | null} note @param {string} me */
function others(form, note, me) {
  const writers = otherWriters(note, me);
  if (writers.length === 0) return nothing;
  return html`<fieldset><legend>${t("Written by others: tick what you answer for")}</legend>${writers.map(
    ({ seat, name, fields }) =>
      tick(`${name}: ${fields.map((field) => FIELD_NAMES[field]).join(", ")}`, "takes", form.takes, seat),
  )}</fieldset>`;
}

/** @param {Acts} acts */
export const cancel = ({ close }) => control({ word: t("Cancel"), do: close });

/** @param {string} word @param {boolean} busy */
const submit = (word, busy) => html`<button type="submit" class="button primary" ?disabled=${busy}>${word}</button>`;
