/** A note where it is written, in the order in which it is read. */
/** @import {Case, Loading, Snapshot} from "../../wire.js" */
/** @import {Content} from "../../core/record/note/content.js" */
/** @import {Field} from "../../core/record/note/fields.js" */
/** @import {Writer} from "../../core/record/note/writers.js" */
/** @import {FindingActs} from "./finding-lines.js" */
/** @import {NoteEditor} from "./note-editor.js" */
import { t } from "../../core/language.js";
import { AGREEMENTS, FIELD_NAMES } from "../../core/record/note/fields.js";
import { offeredLimits } from "../../core/record/note/limits.js";
import { withStep } from "../../core/record/note/steps.js";
import { studyLines } from "../../core/record/note/studies.js";
import { present } from "../../core/session/document.js";
import { control, html, nothing } from "../../kit/html.js";
import { findingLines } from "./finding-lines.js";
import { askStep } from "./step-dialog.js";

/**
 * @typedef {object} FormState
 * @property {Content} content
 * @property {Case} kase
 * @property {Snapshot} doc
 * @property {ReadonlyMap<string, Loading>} loadings
 * @property {ReadonlyMap<Field, readonly Writer[]>} writers
 * @property {ReadonlySet<string>} shown keys of studies that this page has shown
 */

/** @typedef {FindingActs & {agree: (value: string) => void, findings: () => void}} FormActs findings: open their tab */

/** @param {NoteEditor} editor @param {FormState} state @param {FormActs} acts */
export function noteForm(editor, state, acts) {
  const { content, writers } = state;
  const compared = content.texts.agreement || content.texts.local_report;
  const field = (/** @type {Field} */ name) =>
    editor.fields.get(name)?.render({ draft: editor.drafts.of(name), writers: writers.get(name) ?? [] });
  return html`<div class="note-form">${field("question")}${studiesSeen(state)}${field("unavailable")}<section
    ><h3>${t("Findings")}</h3>${findingLines(content.findings, content.comparisons, acts)}${
      content.findings.length === 0
        ? control({ class: "button small", word: t("To the findings"), do: acts.findings })
        : nothing
    }</section>${field("impression")}${field("recommendation")}${stepAdder(
      editor,
      state,
    )}${limits(editor, state)}${field("limits")}${agreement(
      state,
      acts,
    )}${compared ? field("local_report") : nothing}${field("category")}</div>`;
}

/** Something to do, with who does it until when: a line more of the recommendation.
 * @param {NoteEditor} editor @param {FormState} state */
const stepAdder = (editor, { doc }) =>
  control({
    id: "add step",
    class: "button small",
    word: t("Add with who and until when …"),
    do: async () => {
      const step = await askStep(present(doc).map((seat) => seat.name));
      if (!step || editor.context.session.doc?.case !== doc.case) return;
      editor.typed("recommendation", withStep(editor.drafts.of("recommendation").text, step));
      void editor.store("recommendation");
    },
  });

/** @param {FormState} state */
const studiesSeen = ({ kase, shown }) =>
  html`<section><h3>${t("Studies")}</h3><ul class="note-studies">${studyLines(kase.studies).map(
    ({ key, date, role, name, deleted }) => {
      const more = [
        role,
        name,
        shown.has(key) ? t("shown here") : t("not shown here yet"),
        deleted ? t("deleted since") : "",
      ];
      return html`<li>${[date, ...more].filter(Boolean).join(" · ")}</li>`;
    },
  )}</ul></section>`;

/** What the server says by itself, and what else is offered. @param {NoteEditor} editor @param {FormState} state */
function limits(editor, { content, kase, loadings }) {
  const text = editor.drafts.of("limits").text;
  const offered = offeredLimits(kase, loadings, text);
  if (content.limits.length + offered.length === 0) return nothing;
  return html`<section><h3>${t("Limits that the note says by itself")}</h3><ul class="note-limits">${content.limits.map(
    (words) => html`<li>${words}</li>`,
  )}${offered.map(
    (words) =>
      html`<li>${control({
        class: "button small",
        more: t("Add: {limit}", { limit: words }),
        do: () => {
          editor.typed("limits", [text.trim(), words].filter(Boolean).join("\n"));
          void editor.store("limits");
        },
      })}</li>`,
  )}</ul></section>`;
}

/** @param {FormState} state @param {FormActs} acts */
const agreement = ({ content }, acts) =>
  html`<div class="note-field" data-field="agreement"><span class="label">${FIELD_NAMES.agreement}</span><div
    class="segments"
    role="radiogroup"
    aria-label=${FIELD_NAMES.agreement}
  >${Object.entries(AGREEMENTS).map(
    ([value, word]) =>
      html`<label><input
        type="radio"
        name="note-agreement"
        value=${value}
        .checked=${(content.texts.agreement ?? "") === value}
        @change=${() => acts.agree(value)}
      /><span>${word}</span></label>`,
  )}</div></div>`;
